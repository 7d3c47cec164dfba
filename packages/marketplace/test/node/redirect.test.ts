import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createBillingReporter } from "../../src/billing.ts";
import { createPaymentEventSender, createPaymentProviderClient } from "../../src/payments.ts";
import { createTriggerSender } from "../../src/workflows.ts";

/** `home` redirects every request to `elsewhere`, another host and port, which answers 200 to every request. */
const seen: IncomingMessage[] = [];
const elsewhere = createServer((request, response) => {
  seen.push(request);
  response.setHeader("content-type", "application/json").end("{}");
});
const home = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(302, { location: urlOf(elsewhere, "localhost") }).end());
});
const urlOf = (server: typeof home, host = "127.0.0.1"): string =>
  `http://${host}:${(server.address() as AddressInfo).port}/`;

beforeAll(async () => {
  for (const server of [home, elsewhere]) await new Promise<void>((resolve) => server.listen(0, resolve));
});
afterAll(() => {
  for (const server of [home, elsewhere]) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  seen.length = 0;
});

const REDIRECT = { code: "ERR_GHL_MARKETPLACE_REDIRECT", status: 302, ambiguous: true };

describe("a redirect to another host gets no secret and is not a success", () => {
  test("a redirect to another host gets no secret and is not a success in Node", async () => {
    const baseUrl = urlOf(home);
    const payment = { amount: 1, status: "COMPLETED", paymentType: "one_time" } as const;
    const reporter = createBillingReporter({
      clientId: "a",
      clientSecret: "s",
      baseUrl,
      retry: { repeatUnknown: true },
    });
    await expect(reporter.report({ authType: "location", locationId: "l1" }, payment)).rejects.toMatchObject(REDIRECT);
    await expect(createPaymentProviderClient({ accessToken: "t", baseUrl }).get("l1")).rejects.toMatchObject(REDIRECT);
    const snapshot = { status: "succeeded", chargeId: "c", amount: 1, chargedAt: 1 } as const;
    const event = {
      event: "payment.captured",
      locationId: "l",
      apiKey: "k",
      chargeId: "c",
      ghlTransactionId: "t",
    } as const;
    await expect(
      createPaymentEventSender({ baseUrl }).send({ ...event, chargeSnapshot: snapshot }),
    ).rejects.toMatchObject(REDIRECT);
    const { host } = new URL(baseUrl);
    const sender = createTriggerSender({ accessToken: "t", hosts: [host] });
    const fired = await sender.fire(`${baseUrl}workflows-marketplace/triggers/execute/a/b`, {});
    expect(fired).toMatchObject({ outcome: "unknown", error: REDIRECT });
    expect(seen).toHaveLength(0);
  });

  // Before 2025-11-01 workerd sends the Authorization header on a redirect to another host.
  test.each(["2024-01-01", "2026-01-01"])(
    "a redirect to another host gets no secret and is not a success in workerd of %s",
    async (compatibilityDate) => {
      const { outputFiles } = await build({
        stdin: {
          contents: `import { createPaymentProviderClient } from "../../src/payments.ts";
          export default { async fetch(request) {
            const client = createPaymentProviderClient({ accessToken: "t", baseUrl: await request.text() });
            try { return Response.json(await client.get("l1")); }
            catch ({ code, status, ambiguous }) { return Response.json({ code, status, ambiguous }); }
          } };`,
          resolveDir: fileURLToPath(new URL(".", import.meta.url)),
        },
        bundle: true,
        write: false,
        format: "esm",
        target: "es2023",
        platform: "neutral",
      });
      const worker = { modules: true, script: outputFiles[0]!.text, compatibilityDate, cf: false } as const;
      const miniflare = new Miniflare(convertV4MiniflareOptions(worker));
      try {
        const answer = await miniflare.dispatchFetch("http://worker/", { method: "POST", body: urlOf(home) });
        expect(await answer.json()).toEqual(REDIRECT);
        expect(seen).toHaveLength(0);
      } finally {
        await miniflare.dispose();
      }
    },
    60_000,
  );
});
