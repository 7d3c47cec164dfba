import { describe, expect, it, vi } from "vitest";
import { createWebhookHandler, type WebhookHandlerOptions } from "../../src/index.ts";
import { createTestSigner } from "../../src/testing.ts";
import { now } from "../support.ts";
import { contact, post, signer } from "./delivery.ts";

describe("the log", () => {
  const SECRET = "jane@example.com";
  /** Collects the log lines of one run. The default log is `console.error`. */
  async function linesOf(options: WebhookHandlerOptions, request: Request): Promise<string[]> {
    const written = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const handler = createWebhookHandler({
      keys: [signer.publicKey],
      now,
      on: { ContactCreate: () => Promise.reject(new Error(`duplicate key ${SECRET}`)) },
      ...options,
    });
    await handler(request);
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    return lines;
  }

  it("the log names a function that threw and where, but no payload", async () => {
    const [line, ...more] = await linesOf({}, await contact({ email: SECRET }));
    expect(more).toEqual([]);
    expect(line).toContain("ERR_GHL_WEBHOOK_HANDLER_FAILED: the webhook handler threw an error: Error\n");
    expect(line).toContain("log.test");
    expect(line).not.toContain(SECRET);
  });

  it("the log names a wrong key, without body and signature", async () => {
    const stranger = await createTestSigner();
    const request = await stranger.request("ContactCreate", { now, fields: { email: SECRET } });
    const [line, ...more] = await linesOf({}, request.clone());
    expect(more).toEqual([]);
    expect(line).toContain("ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH");
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain(request.headers.get("x-ghl-signature"));
  });

  it("the log has no line when nothing is wrong, when it is off, and when there is an onError", async () => {
    expect(await linesOf({}, new Request("https://receiver.example/"))).toEqual([]);
    expect(await linesOf({ log: false }, await contact())).toEqual([]);
    expect(await linesOf({ onError: () => undefined }, await contact())).toEqual([]);
  });

  it("the log goes to the function of the option, also with onError", async () => {
    const lines: string[] = [];
    await linesOf({ log: (line) => void lines.push(line), onError: () => undefined }, await contact());
    expect(lines).toHaveLength(1);
    expect(() => createWebhookHandler({ log: true as never })).toThrow(/log must be a function or false, got true/);
  });

  it("a log function that throws does not change the response", async () => {
    const handler = createWebhookHandler({
      log: () => {
        throw new Error("full");
      },
    });
    expect((await handler(post("{}"))).status).toBe(401);
  });
});
