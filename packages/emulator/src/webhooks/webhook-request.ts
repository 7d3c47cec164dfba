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

/** Kind of a webhook's signature: `X-GHL-Signature` (Ed25519) or the older `X-WH-Signature` (RSA). */
export type SignatureKind = "ed25519" | "rsa";

/** A signed webhook request; a retry posts the same bytes again. */
export interface WebhookRequest {
  readonly webhookId: string;
  readonly body: string;
  /** Ed25519 signature; `""` where there is none. */
  readonly signature: string;
  readonly rsaSignature?: string;
}

/** Members that every event carries, unless the payload sets them. */
export interface WebhookEnvelope {
  readonly timestamp: string;
  readonly webhookId: string;
  readonly appId?: string;
  readonly versionId?: string;
}

/** Makes the members that every event carries, for one app. Default: the first app. */
export function envelope(
  context: CoreContext,
  clientId: string | undefined = context.options.apps[0]?.clientId,
): WebhookEnvelope {
  return {
    timestamp: new Date(context.options.now()).toISOString(),
    webhookId: context.random.uuid(),
    ...(clientId === undefined ? {} : { appId: appIdOf(clientId), versionId: versionIdOf(clientId) }),
  };
}

export interface RequestForm {
  /** Form of the JSON body. Default `compact`. */
  readonly form?: JsonForm | undefined;
  /** Default `ed25519` alone. */
  readonly signatures?: readonly SignatureKind[] | undefined;
}

export async function createWebhookRequest(
  keys: WebhookKeys,
  payload: Readonly<Record<string, unknown>>,
  { form = "compact", signatures = ["ed25519"] }: RequestForm = {},
): Promise<WebhookRequest> {
  const body = JSON_FORMS[form](payload);
  const bytes = new TextEncoder().encode(body);
  return {
    webhookId: typeof payload.webhookId === "string" ? payload.webhookId : "",
    body,
    signature: signatures.includes("ed25519") ? await (await keys.ed25519()).sign(bytes) : "",
    ...(signatures.includes("rsa") ? { rsaSignature: await (await keys.rsa()).sign(bytes) } : {}),
  };
}
