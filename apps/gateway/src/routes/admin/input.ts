/** Reads what a request brings; whatever is not as the OpenAPI document says is refused with its name. */
import type { Context } from "hono";
import type { GatewayHono } from "../../context.ts";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../directory/cursor.ts";
import type { InstallationRef } from "../../directory/installations.ts";
import { INSTALLATION_STATES, type InstallationState, type PageRequest } from "../../directory/model.ts";
import { readLimited } from "../../domain/read-limited.ts";
import { isResourceId, type Resource } from "../../domain/resource.ts";
import { GatewayError } from "../../errors.ts";

export type AdminContext = Context<GatewayHono>;

const MAX_BODY_BYTES = 65_536;

export function invalid(problem: string): GatewayError {
  return new GatewayError({ kind: "input_invalid", problem });
}

export function readChoice<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  if (!choices.includes(value as Choice)) throw invalid(`${name} is one of ${choices.join(", ")}`);
  return value as Choice;
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

export const KINDS = ["location", "company"] as const;

export function readResource(value: unknown): Resource {
  const { kind, id } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const known = readChoice("kind", kind, KINDS);
  if (known === undefined || typeof id !== "string" || !isResourceId(id))
    throw invalid("a resource has the kind location or company and an id of HighLevel's");
  return { kind: known, id };
}

export function readRef(c: AdminContext): InstallationRef {
  const { app = "", kind, id } = c.req.param() as Record<string, string>;
  return { app, resource: readResource({ kind, id }) };
}

/**
 * A JSON object of at most 64 KiB. Only as `application/json`, which no form of another site can send: Access lets a
 * browser in by a cookie.
 */
export async function readBody(c: AdminContext): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json *(;|$)/i.test(c.req.header("content-type") ?? ""))
    throw invalid("the body has the type application/json");
  const bytes = await readLimited(c.req.raw.body, MAX_BODY_BYTES);
  if (bytes === undefined) throw invalid(`the body has at most ${MAX_BODY_BYTES} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw invalid("the body is JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("the body is an object");
  return body as Record<string, unknown>;
}

/** Text that is shown to operators: 1 to `max` characters, no controls. */
export function readText(name: string, value: unknown, max: number): string {
  if (typeof value !== "string" || value === "" || value.length > max || /\p{Cc}/u.test(value))
    throw invalid(`${name} is a text of 1 to ${max} characters`);
  return value;
}
