import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { createEmulator, DEFAULT_APP } from "../src/index.ts";
import { serve } from "../src/node.ts";
import { authorizePath, bearer, installApp, LOCATION } from "./support.ts";

test("the server passes query, body and redirect over HTTP, and can be closed", async () => {
  const emulator = createEmulator();
  const server = await serve(emulator);
  const redirect = await fetch(server.url + authorizePath({ locationId: LOCATION }), { redirect: "manual" });
  const code = new URL(redirect.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const body = new URLSearchParams({ grant_type: "authorization_code", client_id: "x", code });
  const answer = await fetch(`${server.url}/oauth/token`, { method: "POST", body });
  expect([redirect.status, answer.status]).toEqual([302, 401]);
  expect(emulator.log.map(({ path }) => path)).toEqual(["/oauth/chooselocation", "/oauth/token"]);
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow();
});

test("the end of a server cancels the webhooks that wait for a retry and would keep the process alive", async () => {
  const emulator = createEmulator({
    apps: [{ ...DEFAULT_APP, webhookUrl: "https://app.example/", installedIn: [LOCATION] }],
    privateTokens: [{ token: "pit", resource: { kind: "location", id: LOCATION }, scopes: ["contacts.write"] }],
    fetch: async () => new Response(null, { status: 500 }),
  });
  const server = await serve(emulator);
  const headers = { ...bearer("pit").headers, "content-type": "application/json" };
  await fetch(`${server.url}/contacts/`, { method: "POST", headers, body: JSON.stringify({ locationId: LOCATION }) });
  await expect.poll(() => emulator.webhooks.sent.length).toBe(1);
  expect(emulator.webhooks.pending()).toBe(1);
  await server.close();
  await emulator.webhooks.settled();
  expect(emulator.webhooks.sent).toHaveLength(1);
});

test("the server reports when the port is taken", async () => {
  const first = await serve(createEmulator());
  const port = Number(new URL(first.url).port);
  await expect(serve(createEmulator(), { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
});

test("a handler that fails is answered with 500, and the server goes on", async () => {
  let calls = 0;
  const server = await serve({
    fetch: async () => {
      if (calls++ === 0) throw new Error("first");
      return new Response("fine");
    },
  });
  expect((await fetch(server.url)).status).toBe(500);
  expect(await (await fetch(server.url)).text()).toBe("fine");
  await server.close();
});

test("the server keeps cookies apart", async () => {
  const headers = new Headers([
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
  const server = await serve({ fetch: async () => new Response(null, { headers }) });
  expect((await fetch(server.url)).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  await server.close();
});

test("a broken connection is broken on the wire too, before an answer and within one", async () => {
  const emulator = createEmulator({ privateTokens: [] });
  const server = await serve(emulator);
  emulator.faults.add({ fault: { kind: "reset" }, times: 1 });
  emulator.faults.add({ fault: { kind: "cut", bytes: 5 }, skip: 1, times: 1 });
  await expect(fetch(`${server.url}/contacts/x`)).rejects.toThrow(TypeError);
  const response = await fetch(`${server.url}/contacts/x`);
  expect(response.status).toBe(401);
  await expect(response.text()).rejects.toThrow();
  expect((await fetch(`${server.url}/contacts/x`)).status).toBe(401);
  await server.close();
});

describe("an upload of 8 MB", () => {
  const MEGABYTES = 8;
  const form = () => {
    const body = new FormData();
    body.append("file", new Blob([new Uint8Array(MEGABYTES * 1024 * 1024)]), "big.bin");
    return body;
  };

  test("an upload of 8 MB is read before it is answered, whatever the answer is", async () => {
    const emulator = createEmulator({ checks: "strict" });
    const server = await serve(emulator);
    const { access_token: token } = await installApp(emulator);
    const { headers } = bearer(token);
    const refused = await fetch(`${server.url}/medias/upload-file`, { method: "POST", body: form() });
    const unknown = await fetch(`${server.url}/no/such/route`, { method: "POST", headers, body: form() });
    const oauth = await fetch(`${server.url}/oauth/token`, { method: "POST", body: form() });
    const scope = await fetch(`${server.url}/medias/upload-file`, { method: "POST", headers, body: form() });
    emulator.faults.add({ fault: { kind: "status", status: 503 }, times: 1 });
    const fault = await fetch(`${server.url}/medias/upload-file`, { method: "POST", headers, body: form() });
    expect([refused, unknown, oauth, scope, fault].map(({ status }) => status)).toEqual([401, 404, 400, 401, 503]);
    for (const response of [refused, unknown, oauth, scope, fault]) expect(await response.text()).not.toBe("");
    await server.close();
  });

  test("an upload of 8 MB is answered after its last byte, not before, and the connection stays open", async () => {
    const server = await serve(createEmulator());
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let answers = "";
    socket.on("data", (data) => {
      answers += data.toString();
    });
    const body = Buffer.alloc(MEGABYTES * 1024 * 1024, "x");
    const head = `POST /medias/upload-file HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n`;
    for (const request of [1, 2]) {
      socket.write(head);
      socket.write(body.subarray(1));
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(answers.match(/HTTP\/1.1 401/g)?.length ?? 0).toBe(request - 1);
      socket.write("x");
      while ((answers.match(/HTTP\/1.1 401/g)?.length ?? 0) < request) await once(socket, "data");
    }
    socket.destroy();
    await server.close();
  });

  test("an upload of 8 MB is read also where the handler cancels the body, or takes a part of it", async () => {
    const server = await serve({
      fetch: async (request) => {
        if (request.url.endsWith("/cancel")) await request.body!.cancel();
        else if (request.url.endsWith("/part")) await request.body!.getReader().read();
        else return new Response(String((await request.arrayBuffer()).byteLength));
        return new Response("early");
      },
    });
    const body = new Uint8Array(MEGABYTES * 1024 * 1024);
    const post = async (path: string) => (await fetch(server.url + path, { method: "POST", body })).text();
    expect([await post("/cancel"), await post("/part"), await post("/whole")]).toEqual([
      "early",
      "early",
      String(body.byteLength),
    ]);
    await server.close();
  });

  test("an upload of 8 MB that breaks off ends its own request alone", async () => {
    const server = await serve({ fetch: async () => new Response("early") });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc");
    socket.destroy();
    expect(await (await fetch(server.url, { method: "POST", body: "whole" })).text()).toBe("early");
    await server.close();
  });
});

test.each([{ port: -1 }, { port: 65_536 }, { port: Number.NaN }, { port: "80" }, { hostname: "" }, { hostname: 5 }])(
  "%j is refused",
  async (options) => {
    await expect(serve(createEmulator(), options as never)).rejects.toMatchObject({
      code: "ERR_GHL_EMULATOR_CONFIGURATION",
    });
  },
);
