import { toHex } from "@ghl-edge/core";
import type { WorkflowAuth } from "@ghl-edge/marketplace/workflows";
import { checkDigits, equalDigits } from "../access/check-digits.ts";
import { type EndpointSecrets, signingSecrets } from "../delivery/endpoint.ts";
import type { CallbackAddress } from "./backend-callback.ts";

/** The callers at HighLevel: a workflow's Webhook and Custom Webhook actions, an action of the app, a trigger of the app. */
export const WORKFLOW_KINDS = ["webhook", "action", "trigger"] as const;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

/** The places where a request may carry the secret. */
export const WORKFLOW_AUTH_KINDS = ["bearer", "basic", "header", "query"] as const;
export type WorkflowAuthKind = (typeof WORKFLOW_AUTH_KINDS)[number];

/** `disabled`: requests are refused as if the receiver did not exist. */
export const WORKFLOW_STATES = ["active", "disabled"] as const;
export type WorkflowState = (typeof WORKFLOW_STATES)[number];

/** Receives requests of workflows at an address of its own. */
export interface WorkflowReceiver {
  readonly id: string;
  readonly app: string;
  /** Name of the receiver in its events. */
  readonly name: string;
  readonly kind: WorkflowKind;
  /** Every request must be about this location. Null: any location. */
  readonly location: string | null;
  readonly auth: {
    readonly kind: WorkflowAuthKind;
    /** The user of `basic`, the header, the parameter of the URL; null of `bearer`. */
    readonly name: string | null;
  };
  /** The backend callback that answers an action; a URL is cut to its origin and a marker. Null: the answer is empty. */
  readonly callback: CallbackAddress | null;
  readonly state: WorkflowState;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly changedAtMs: number;
}

/** The newest first; one that has been replaced is good until its time. */
type Secrets = EndpointSecrets["signing"];

/** The sealed secrets of a receiver. */
export interface WorkflowSecrets {
  /** Secrets that requests have to carry. */
  readonly auth: Secrets;
  /** Secrets that sign backend callbacks; empty where there is no callback. */
  readonly callback: Secrets;
  /** Whole URL of the backend callback, where it has one. */
  readonly callbackUrl?: string;
}

/** A receiver with its secrets. */
export interface OpenedWorkflowReceiver {
  readonly receiver: WorkflowReceiver;
  readonly secrets: WorkflowSecrets;
  /** False when the key that sealed the secrets is gone: nobody can be let in. */
  readonly readable: boolean;
}

/** 64 random bits, then check digits of them and the app. */
const WORKFLOW_RECEIVER_ID = /^(wr_[0-9a-f]{16})([0-9a-f]{12})$/;

const checkDigitsOf = (checkKey: CryptoKey, app: string, text: string): Promise<string> =>
  checkDigits(checkKey, `workflow_receiver:${app}:${text}`, "hex");

export const isWorkflowReceiverId = (text: string): boolean => WORKFLOW_RECEIVER_ID.test(text);

/** Whether the check digits of an id fit. They do not fit an invented id, nor a receiver of another app. */
export async function isIssuedWorkflowReceiverId(checkKey: CryptoKey, app: string, id: string): Promise<boolean> {
  const [, text, digits] = WORKFLOW_RECEIVER_ID.exec(id) ?? [];
  return text !== undefined && digits !== undefined && equalDigits(digits, await checkDigitsOf(checkKey, app, text));
}

export async function newWorkflowReceiverId(checkKey: CryptoKey, app: string): Promise<string> {
  const text = `wr_${toHex(crypto.getRandomValues(new Uint8Array(8)))}`;
  return text + (await checkDigitsOf(checkKey, app, text));
}

/** Makes the check of a receiver's requests, with the secrets that are valid at the time. */
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
