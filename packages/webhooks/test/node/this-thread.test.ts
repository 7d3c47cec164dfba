import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createWebhookHandler, createWebhookVerifier, verifyWebhook } from "../../src/index.ts";
import { createTestSigner } from "../../src/testing.ts";
import { signed } from "../support.ts";

const BODY = '{"type":"ContactCreate","appId":"a","webhookId":"w","locationId":"l","id":"c"}';
const LARGE_BODY = `{"text":"${"x".repeat(70_000)}"}`;
const mismatch = expect.objectContaining({ code: "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH" });

const signer = await createTestSigner();
const keys = [signer.publicKey];

describe("a signature in Node", () => {
  const spy = () => vi.spyOn(crypto.subtle, "verify");
  let pooled: ReturnType<typeof spy>;
  beforeEach(() => {
    pooled = spy();
  });
  afterEach(() => pooled.mockRestore());

  it("a signature in Node is checked on the calling thread when no other delivery is in flight", async () => {
    const delivery = await signed(signer, BODY);
    const verifier = createWebhookVerifier({ keys });
    for (let time = 0; time < 3; time++) {
      await expect(verifier.verifySignature(delivery)).resolves.toEqual({ scheme: "ed25519", keyIndex: 0 });
      await expect(verifyWebhook({ ...delivery, keys })).resolves.toMatchObject({ keyIndex: 0 });
    }
    expect(pooled).not.toHaveBeenCalled();
  });

  it("a signature in Node is checked in the pool when several are in flight, by one verifier or by one call each", async () => {
    const delivery = await signed(signer, BODY);
    const verifier = createWebhookVerifier({ keys });
    await Promise.all([verifier.verify(delivery), verifier.verify(delivery)]);
    expect(pooled).toHaveBeenCalledTimes(2);
    await Promise.all([verifyWebhook({ ...delivery, keys }), verifyWebhook({ ...delivery, keys })]);
    expect(pooled).toHaveBeenCalledTimes(4);
  });

  it("a signature in Node is checked in the pool when another delivery's body is still being read", async () => {
    const { headers } = await signed(signer, BODY);
    const handler = createWebhookHandler({
      keys,
      on: { ContactCreate: () => undefined },
      requireAppId: false,
      log: false,
    });
    const post = (body: BodyInit) =>
      handler(
        new Request("https://receiver.example/", { method: "POST", body, headers, duplex: "half" } as RequestInit),
      );
    expect((await post(BODY)).status).toBe(200);
    expect(pooled).not.toHaveBeenCalled();

    let end!: () => void;
    const slow = post(
      new ReadableStream<Uint8Array>({
        start(controller) {
          end = () => {
            controller.enqueue(new TextEncoder().encode(BODY));
            controller.close();
          };
        },
      }),
    );
    expect((await post(BODY)).status).toBe(200);
    expect(pooled).toHaveBeenCalledTimes(1);
    end();
    expect((await slow).status).toBe(200);
    expect((await post(BODY)).status).toBe(200);
    expect(pooled).toHaveBeenCalledTimes(1);
  });

  it("a signature in Node of a large body is checked in the pool", async () => {
    await verifyWebhook({ ...(await signed(signer, LARGE_BODY)), keys });
    expect(pooled).toHaveBeenCalledTimes(1);
  });

  it("a signature in Node is refused on the calling thread as in the pool, and a refusal leaves nothing in flight", async () => {
    const verifier = createWebhookVerifier({ keys });
    const flip = (text: string, index: number) =>
      text.slice(0, index) + (text[index] === "A" ? "B" : "A") + text.slice(index + 1);
    const forgery = fc.record({ body: fc.string({ minLength: 1 }), at: fc.nat(84), isForged: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(forgery, async ({ body, at, isForged }) => {
        const signature = await signer.sign(body);
        const delivery = { body, headers: { "x-ghl-signature": isForged ? flip(signature, at) : signature } };
        const verdict = () => verifier.verifySignature(delivery).then(String, ({ code }: { code: string }) => code);
        pooled.mockClear();
        const alone = await verdict();
        expect(pooled).not.toHaveBeenCalled();
        const together = await Promise.all([verdict(), verdict()]);
        expect(together).toEqual([alone, alone]);
        expect(alone === "[object Object]").toBe(!isForged);
      }),
    );
    await expect(verifier.verifySignature({ ...(await signed(signer, BODY)), body: `${BODY} ` })).rejects.toEqual(
      mismatch,
    );
  });

  it("a signature in Node is checked by WebCrypto when the runtime is not Node", async () => {
    vi.stubGlobal("navigator", { userAgent: "Bun/1.3" });
    const verifier = createWebhookVerifier({ keys: [`${signer.publicKey}`] });
    vi.unstubAllGlobals();
    await verifier.verifySignature(await signed(signer, BODY));
    expect(pooled).toHaveBeenCalledTimes(1);
  });
});
