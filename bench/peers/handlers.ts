import type { SignedDelivery, Verify } from "./verifiers.ts";

/** The app of `signedDelivery`. */
const APP_ID = "5f0000000000000000000001";

/** A whole delivery: from the bytes and headers that a server has to the function of the event. */
async function ours({ body, signature, publicKeyPem }: SignedDelivery): Promise<Verify> {
  const { createWebhookHandler } = await import("@ghl-edge/webhooks");
  let ran = 0;
  const handler = createWebhookHandler({
    keys: [publicKeyPem],
    appId: APP_ID,
    on: {
      ContactCreate: () => {
        ran++;
      },
    },
  });
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.length),
    "x-ghl-signature": signature,
  };
  const handle = async (): Promise<void> => {
    const before = ran;
    await handler(new Request("https://receiver.example/webhooks", { method: "POST", headers, body }));
    if (ran === before) throw new Error("the handler refuses a good delivery");
  };
  return handle;
}

/** The official SDK's middleware as an Express app has it: the host keeps the raw bytes and parses the body. */
async function official({ body, signature, publicKeyPem }: SignedDelivery): Promise<Verify> {
  const { HighLevel } = await import("@gohighlevel/api-client");
  process.env.CLIENT_ID = `${APP_ID}-bench`;
  process.env.WEBHOOK_SIGNATURE_PUBLIC_KEY = publicKeyPem;
  const { webhooks } = new HighLevel({ privateIntegrationToken: "pit-0" });
  const middleware = webhooks.subscribe() as (request: object, response: object, next: () => void) => Promise<void>;
  const rawBody = Buffer.from(body);
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.length),
    "x-ghl-signature": signature,
  };
  return async () => {
    const request = {
      method: "POST",
      url: "/webhooks",
      headers,
      rawBody,
      body: JSON.parse(rawBody.toString()),
      isSignatureValid: false,
    };
    let passed = false;
    await middleware(request, {}, () => {
      passed = true;
    });
    if (!passed || !request.isSignatureValid) throw new Error("the middleware refuses a good delivery");
  };
}

/** Handlers of a delivery, by their name in the table. */
export const handlers: Readonly<Record<string, (delivery: SignedDelivery) => Promise<Verify>>> = {
  createWebhookHandler: ours,
  "official SDK's middleware": official,
};
