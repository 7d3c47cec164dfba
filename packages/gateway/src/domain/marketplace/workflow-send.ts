import { sha256, toHex } from "@ghl-edge/core";
import type { NewDelivery } from "../contracts/endpoint-dispatcher.ts";
import type { Endpoint } from "../delivery/endpoint.ts";
import { eventId } from "../events/inbox-event.ts";

/** Visible characters, so that what was sent is what was meant. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export const isIdempotencyKey = (text: string): boolean => IDEMPOTENCY_KEY.test(text);

/** Makes the id of what an app sends to a workflow: the same for the same endpoint and key, without a key a new one. */
export async function sendId(endpointId: string, key: string | undefined): Promise<string> {
  return eventId(toHex(await sha256(JSON.stringify(["workflow.send", endpointId, key ?? crypto.randomUUID()]))));
}

/** The bytes as the app wrote them: what a workflow maps are its fields, and no envelope. */
export function workflowDelivery(id: string, { resources }: Endpoint, body: Uint8Array): NewDelivery {
  const [resource, ...more] = resources ?? [];
  return {
    id,
    type: "workflow.send",
    source: "workflow",
    resource: more.length === 0 ? resource : undefined,
    inbox: null,
    orderKey: null,
    headers: {},
    body,
  };
}
