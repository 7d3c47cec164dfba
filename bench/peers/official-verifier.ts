import type { SignedDelivery, Verify } from "./verifiers.ts";

/** The signature check of the official SDK, without the rest of its middleware. It needs Node. */
export async function officialVerifier({ body, signature, publicKeyPem }: SignedDelivery): Promise<Verify> {
  const { HighLevel } = await import("@gohighlevel/api-client");
  const { webhooks } = new HighLevel({ privateIntegrationToken: "pit-0" });
  const bytes = Buffer.from(body);
  return () => webhooks.verifyEd25519Signature(bytes, signature, publicKeyPem);
}
