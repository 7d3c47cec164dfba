import type { VerifierOptions } from "../src/index.ts";
import { createWebhookVerifier, type WebhookVerifier } from "../src/index.ts";
import { createTestSigner, type TestSigner } from "../src/testing.ts";

/** Clock of every test: 2026-11-21T10:00:00Z. */
export const NOW: number = Date.UTC(2026, 10, 21, 10);
export const now = (): number => NOW;
export const APP_ID = "5f0000000000000000000001";

export const at = (ageMs: number): string => new Date(NOW - ageMs).toISOString();

export async function signed(
  signer: TestSigner,
  body: string | Uint8Array,
): Promise<{ body: string | Uint8Array; headers: Record<string, string> }> {
  return { body, headers: { "x-ghl-signature": await signer.sign(body) } };
}

/** Creates a signer and a verifier that knows its key. */
export async function pair(options: VerifierOptions = {}): Promise<{ signer: TestSigner; verifier: WebhookVerifier }> {
  const signer = await createTestSigner();
  return { signer, verifier: createWebhookVerifier({ keys: [signer.publicKey], now, ...options }) };
}
