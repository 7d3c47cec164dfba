import { expect } from "vitest";
import { createDeliverySigner, type DeliveryHeaders, type EnvelopeFields, writeEnvelope } from "../../src/gateway.ts";
import { NOW } from "../support.ts";

/** Test secrets of 24, 32 and 64 equal bytes. */
export const SECRET: string = `whsec_${btoa("\x01".repeat(24))}`;
export const OTHER_SECRET: string = `whsec_${btoa("\x02".repeat(32))}`;
export const THIRD_SECRET: string = `whsec_${btoa("\x03".repeat(64))}`;

export const ID = "evt_01";
export const FIELDS: EnvelopeFields = {
  id: ID,
  type: "ContactCreate",
  timestampMs: NOW - 2000,
  receivedAtMs: NOW - 1000,
  app: "main",
  resource: { kind: "location", id: "loc1" },
  source: "highlevel",
};
export const DATA = '{"type":"ContactCreate","locationId":"loc1","email":"ada@example.com"}';

export const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
export const text = (body: Uint8Array): string => new TextDecoder().decode(body);
export const code = (name: string): unknown => expect.objectContaining({ code: `ERR_GHL_WEBHOOK_${name}` });

export const envelope = (fields: Partial<EnvelopeFields> = {}, data: string = DATA): Uint8Array =>
  writeEnvelope({ ...FIELDS, ...fields }, bytes(data));

export interface SignedDelivery {
  readonly body: string | Uint8Array;
  readonly headers: DeliveryHeaders;
}

/** Creates a delivery as the gateway did `ageMs` ago. */
export async function delivery(
  body: string | Uint8Array = envelope(),
  { id = ID, secrets = [SECRET], ageMs = 0 }: { id?: string; secrets?: readonly string[]; ageMs?: number } = {},
): Promise<SignedDelivery> {
  const timestampSeconds = (NOW - ageMs) / 1000;
  return { body, headers: await createDeliverySigner({ secrets }).sign({ id, timestampSeconds, body }) };
}
