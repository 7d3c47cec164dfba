import type { WorkflowAuth } from "@ghl-edge/marketplace/workflows";
import type { CallbackAddress } from "./backend-callback.ts";
import { checkDigits, equalDigits } from "./check-digits.ts";
import { toHex } from "./encoding.ts";
import { type EndpointSecrets, signingSecrets } from "./endpoint.ts";

/** What of HighLevel's calls it: a workflow's Webhook and Custom Webhook actions, an action of the app, a trigger of the app. */
export const WORKFLOW_KINDS = ["webhook", "action", "trigger"] as const;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

/** Where a request carries the secret. */
export const WORKFLOW_AUTH_KINDS = ["bearer", "basic", "header", "query"] as const;
export type WorkflowAuthKind = (typeof WORKFLOW_AUTH_KINDS)[number];

/** `disabled`: as if it were not there. */
export const WORKFLOW_STATES = ["active", "disabled"] as const;
export type WorkflowState = (typeof WORKFLOW_STATES)[number];

/** What takes requests of workflows at an address of its own. */
export interface WorkflowReceiver {
  readonly id: string;
  readonly app: string;
  /** As events name it. */
  readonly name: string;
  readonly kind: WorkflowKind;
  /** All it takes must be of this location. Null: of any. */
  readonly location: string | null;
  readonly auth: {
    readonly kind: WorkflowAuthKind;
    /** The user of `basic`, the header, the parameter of the URL; null of `bearer`. */
    readonly name: string | null;
  };
  /** Who says what an action answers with, of a URL its origin and a marker. Null: it answers with nothing. */
  readonly callback: CallbackAddress | null;
  readonly state: WorkflowState;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly changedAtMs: number;
}

/** The newest first; one that has been replaced is good until its time. */
type Secrets = EndpointSecrets["signing"];

/** What is sealed of a receiver. */
export interface WorkflowSecrets {
  /** What requests have to carry. */
  readonly auth: Secrets;
  /** What signs questions; empty where nobody is asked. */
  readonly callback: Secrets;
  /** Where questions go, where that is a URL. */
  readonly callbackUrl?: string;
}

/** 64 random bits, then check digits of them and the app. */
const RECEIVER_ID = /^(wr_[0-9a-f]{16})([0-9a-f]{12})$/;

const receiverDigits = (checkKey: CryptoKey, app: string, text: string): Promise<string> =>
  checkDigits(checkKey, `workflow_receiver:${app}:${text}`, "hex");

export const isReceiverId = (text: string): boolean => RECEIVER_ID.test(text);

/** Whether an id was issued here for a receiver of the app, as far as its digits tell: an invented one was not. */
export async function isIssuedReceiverId(checkKey: CryptoKey, app: string, id: string): Promise<boolean> {
  const [, text, digits] = RECEIVER_ID.exec(id) ?? [];
  return text !== undefined && digits !== undefined && equalDigits(digits, await receiverDigits(checkKey, app, text));
}

export async function newReceiverId(checkKey: CryptoKey, app: string): Promise<string> {
  const text = `wr_${toHex(crypto.getRandomValues(new Uint8Array(8)))}`;
  return text + (await receiverDigits(checkKey, app, text));
}

/** With the secrets that are good at the time. */
export function workflowAuth({ kind, name }: WorkflowReceiver["auth"], secrets: Secrets, nowMs: number): WorkflowAuth {
  const values = signingSecrets({ signing: secrets }, nowMs);
  switch (kind) {
    case "bearer":
      return { kind, tokens: values };
    case "basic":
      return { kind, users: values.map((password) => ({ username: name ?? "", password })) };
    case "header":
    case "query":
      return { kind, name: name ?? "", values };
  }
}
