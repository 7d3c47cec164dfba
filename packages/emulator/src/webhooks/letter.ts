import { appIdOf } from "@ghl-edge/core";
import type { CoreContext } from "../core/core-context.ts";
import { versionIdOf } from "../core/version-id.ts";
import { JSON_FORMS, type JsonForm } from "./json-forms.ts";
import type { RsaSigner } from "./rsa-key.ts";
import type { SigningKey } from "./signing-key.ts";

export interface WebhookKeys {
  ed25519(): Promise<SigningKey>;
  rsa(): Promise<RsaSigner>;
}

export type SignatureKind = "ed25519" | "rsa";

/** What is posted, and posted again. */
export interface Letter {
  readonly webhookId: string;
  readonly body: string;
  /** Of Ed25519; `""` where it is not signed so. */
  readonly signature: string;
  readonly rsaSignature?: string;
}

/** What every event carries, unless the payload says otherwise. */
export function envelope(context: CoreContext, clientId = context.options.apps[0]?.clientId) {
  return {
    timestamp: new Date(context.options.now()).toISOString(),
    webhookId: context.random.uuid(),
    ...(clientId === undefined ? {} : { appId: appIdOf(clientId), versionId: versionIdOf(clientId) }),
  };
}

export async function writeLetter(
  keys: WebhookKeys,
  payload: Readonly<Record<string, unknown>>,
  form: JsonForm = "compact",
  signatures: readonly SignatureKind[] = ["ed25519"],
): Promise<Letter> {
  const body = JSON_FORMS[form](payload);
  const bytes = new TextEncoder().encode(body);
  return {
    webhookId: typeof payload.webhookId === "string" ? payload.webhookId : "",
    body,
    signature: signatures.includes("ed25519") ? await (await keys.ed25519()).sign(bytes) : "",
    ...(signatures.includes("rsa") ? { rsaSignature: await (await keys.rsa()).sign(bytes) } : {}),
  };
}
