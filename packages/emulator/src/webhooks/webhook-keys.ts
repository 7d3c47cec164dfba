import type { ResolvedOptions } from "../core/options/emulator-options.ts";
import { createRandom } from "../core/random.ts";
import { createRsaSigner, type RsaSigner } from "./rsa-key.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";
import type { WebhookKeys } from "./webhook-request.ts";

/** Made when they are first needed: the Ed25519 pair from the seed, the RSA pair given or by chance. */
export function createWebhookKeys(options: ResolvedOptions): WebhookKeys {
  const random = createRandom(`${options.seed} webhook key`);
  let ed25519: Promise<SigningKey> | undefined;
  let rsa: Promise<RsaSigner> | undefined;
  return {
    ed25519: () => {
      ed25519 ??= createSigningKey(random);
      return ed25519;
    },
    rsa: () => {
      rsa ??= createRsaSigner(options.rsaKeys);
      return rsa;
    },
  };
}
