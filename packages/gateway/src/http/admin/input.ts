/** Reads what a request brings beside its values; those are read by `services/administration/input.ts`. */
import type { Context } from "hono";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../directory/cursor.ts";
import type { InstallationRef } from "../../directory/installations.ts";
import { INSTALLATION_STATES, type InstallationState, type PageRequest } from "../../domain/administration-model.ts";
import { type Fields, invalid, readChoice, readResource } from "../../services/administration/input.ts";
import { readRange } from "../../services/administration/wanted.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";

export type AdminContext = Context<GatewayHono>;

/** Refuses a misspelt parameter: what was meant to hold an operation to less, or to make it do more, must not be left out in silence. */
export function checkQuery(c: AdminContext, known: readonly string[]): void {
  const unknown = Object.keys(c.req.query()).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const shown = /^[\w-]{1,32}$/.test(unknown) ? ` "${unknown}"` : "";
  const taken = known.length === 0 ? "none" : known.join(", ");
  throw invalid(`unknown query parameter${shown}; this operation takes ${taken}`);
}

/** Off, unless it says true. */
export function readFlag(c: AdminContext, name: string): boolean {
  return readChoice(name, c.req.query(name), ["true", "false"]) === "true";
}

export function readPage(c: AdminContext): PageRequest {
  const text = c.req.query("limit");
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw invalid(`limit is 1 to ${MAX_LIMIT}`);
  return { limit, cursor: c.req.query("cursor") };
}

export function readState(c: AdminContext): InstallationState | undefined {
  return readChoice("state", c.req.query("state"), INSTALLATION_STATES);
}

export function readRef(c: AdminContext): InstallationRef {
  const { app = "", kind, id } = c.req.param() as Record<string, string>;
  return { app, resource: readResource({ kind, id }) };
}

const readNumber = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.trim() === "" ? Number.NaN : Number(text);

/** What lists of events and of deliveries are searched by alike. */
export function readSearch(c: AdminContext) {
  const { kind, resourceId, type, fromMs, toMs } = c.req.query();
  const isAsked = kind !== undefined || resourceId !== undefined;
  const resource = isAsked ? readResource({ kind, id: resourceId }, "resourceId") : undefined;
  return { ...readPage(c), resource, type, ...readRange(readNumber(fromMs), readNumber(toMs)) };
}

/**
 * A JSON object of at most 64 KiB. Only as `application/json`, which no form of another site can send: Access lets a
 * browser in by a cookie. An operation that reads its input itself is given it as what it takes.
 */
export async function readBody<Body = Fields>(c: AdminContext): Promise<Body> {
  if (!/^application\/json *(;|$)/i.test(c.req.header("content-type") ?? ""))
    throw invalid("the body has the type application/json");
  return (await readJson(c)).value as Body;
}
