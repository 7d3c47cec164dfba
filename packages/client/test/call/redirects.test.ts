import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Contacts, type paths } from "../../src/generated/v3/contacts.gen.ts";
import { createClient, RedirectError } from "../../src/index.ts";
import { createRaw } from "../../src/raw.ts";
import { fakeServer, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

/** `home` answers every request with a redirect to `elsewhere`, which answers 200 to whatever it gets. */
const seen: { home: IncomingMessage[]; elsewhere: IncomingMessage[] } = { home: [], elsewhere: [] };
const elsewhere = createServer((request, response) => {
  seen.elsewhere.push(request);
  response.setHeader("content-type", "application/json").end('{"ok":true}');
});
const home = createServer((request, response) => {
  seen.home.push(request);
  request.resume().on("end", () => {
    response.writeHead(Number(request.headers["x-redirect"] ?? 302), {
      location: `${urlOf(elsewhere, "localhost")}/x`,
    });
    response.end("<html>moved</html>");
  });
});

function urlOf(server: typeof home, host = "127.0.0.1"): string {
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

const listen = (server: typeof home) => new Promise<void>((resolve) => server.listen(0, resolve));

beforeAll(async () => {
  await listen(home);
  await listen(elsewhere);
});
afterAll(() => {
  for (const server of [home, elsewhere]) {
    server.closeAllConnections();
    server.close();
  }
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("%i fails the call, and the other host gets nothing", async (status) => {
    seen.home.length = 0;
    const client = createClient({ auth: "pit-secret", baseUrl: urlOf(home), headers: { "x-redirect": `${status}` } });
    const error = await rejection(client.use(Pets).createPet({ body: { locationId: "L1" } }));
    expect(error).toBeInstanceOf(RedirectError);
    expect(error).toMatchObject({ code: "ERR_GHL_REDIRECT", status, operation: "pets.createPet" });
    expect(await rejection(client.use(Pets).photo({ petId: "1" }))).toBeInstanceOf(RedirectError);
    const raw = createRaw<paths>(client, Contacts);
    const call = raw.GET("/contacts/{contactId}", { params: { path: { contactId: "c1" } } });
    expect(await rejection(call)).toMatchObject({ code: "ERR_GHL_REDIRECT" });
    expect(seen.elsewhere).toHaveLength(0);
    expect(seen.home).toHaveLength(3);
  });

  it("a redirect differs from a 304: it is an error of its own in methods, and an answer in raw calls", async () => {
    const { client, sent } = fakeServer(() => new Response(null, { status: 304, headers: { etag: '"a"' } }));
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }));
    expect(error).not.toBeInstanceOf(RedirectError);
    expect(error).toMatchObject({ code: "ERR_GHL_API", status: 304, messages: [], body: undefined });
    const { data, response } = await createRaw<paths>(client, Contacts).GET("/contacts/{contactId}", {
      params: { path: { contactId: "c1" } },
    });
    expect([data, response.status, response.headers.get("etag")]).toEqual([undefined, 304, '"a"']);
    expect(sent).toHaveLength(2);
  });

  it("a redirect that a browser hides (status 0) is the same error, and is not retried", async () => {
    const hidden = { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), body: null } as Response;
    const { client, sent } = fakeServer(() => hidden);
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toMatchObject({
      code: "ERR_GHL_REDIRECT",
      status: 0,
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]!.redirect).toBe("manual");
  });

  // before this date workerd keeps the Authorization header on a redirect to another host
  it.each(["2024-01-01", "2026-01-01"])(
    "a redirect is not followed in workerd of %s either",
    async (compatibilityDate) => {
      seen.elsewhere.length = 0;
      const { outputFiles } = await build({
        stdin: {
          contents: `import { createClient } from "../../src/index.ts";
          import { Contacts } from "../../src/generated/v3/contacts.gen.ts";
          export default { async fetch(request) {
            const client = createClient({ auth: "pit-secret", baseUrl: await request.text() });
            try {
              return Response.json(await client.location("L1").use(Contacts).createContact({ body: {} }));
            } catch (error) {
              return Response.json(error);
            }
          } };`,
          resolveDir: fileURLToPath(new URL(".", import.meta.url)),
        },
        bundle: true,
        write: false,
        format: "esm",
        platform: "neutral",
      });
      const worker = { modules: true, script: outputFiles[0]!.text, compatibilityDate, cf: false } as const;
      const miniflare = new Miniflare(convertV4MiniflareOptions(worker));
      try {
        const answer = await miniflare.dispatchFetch("http://worker/", { method: "POST", body: urlOf(home) });
        expect(await answer.json()).toMatchObject({ code: "ERR_GHL_REDIRECT", status: 302 });
        expect(seen.elsewhere).toHaveLength(0);
      } finally {
        await miniflare.dispose();
      }
    },
    60_000,
  );
});
