import { describeSecret, parseUntrustedJson } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { fieldsProblem } from "../http/form.ts";
import { isNothing, type Parameters, parametersOfObject, parametersOfQuery } from "../http/parameters.ts";
import { ExternalAuthRequestError } from "./errors.ts";
import type { ExternalAuthRequest } from "./request.ts";
import { CONTEXT_KEYS, CONTEXT_LISTS, companyIdOf, selectionOf } from "./selection.ts";

/** Parts of a request that are read. */
export interface ExternalAuthParts {
  /** The query of the URL. */
  readonly query?: URLSearchParams;
  /** The body as received; absent for GET. */
  readonly body?: string;
  /** The content type, which counts only when the body is ambiguous. */
  readonly contentType?: string | null;
}

/** Options of `parseExternalAuth`. */
export interface ExternalAuthParseOptions<Field extends string> {
  /** Keys of the fields that must be present and not empty: those that are required in the portal. */
  readonly fields?: readonly Field[];
}

function parametersOf(pairs: URLSearchParams, what: "form" | "query"): Parameters {
  const problem = fieldsProblem(pairs, what);
  if (problem !== undefined) throw new ExternalAuthRequestError(problem);
  return parametersOfQuery(pairs, CONTEXT_LISTS);
}

/** Reads the body. Users write the request template in the portal, so its content type may be missing or wrong: the body decides. */
function parametersOfBody(body: string, contentType: string): Parameters {
  const trimmed = body.trim();
  const form = /^application\/x-www-form-urlencoded\b/i.test(contentType.trim());
  if (trimmed.startsWith("{")) {
    try {
      return parametersOfObject(parseUntrustedJson(trimmed) as object, CONTEXT_LISTS);
    } catch {
      if (!form) throw new ExternalAuthRequestError(`body must be valid JSON, got ${describeSecret(trimmed)}`);
    }
  } else if (/^[["]/.test(trimmed)) {
    throw new ExternalAuthRequestError("body must be an object, got a list or a text");
  }
  return parametersOf(new URLSearchParams(trimmed), "form");
}

/** Merges both. The body takes precedence over the URL, whose parameters the template can set too. */
function merged(query: Parameters, body: Parameters): Parameters {
  return new Map([...query, ...body]);
}

/** Returns the text that the user entered, unchanged. */
function fieldsOf(parameters: Parameters): Record<string, string> {
  const fields: [string, string][] = [];
  for (const [name, values] of parameters) {
    if (CONTEXT_KEYS.includes(name)) continue;
    const texts = new Set(
      values.filter((value) => ["string", "number", "boolean"].includes(typeof value)).map((value) => String(value)),
    );
    if (texts.size > 1) throw new ExternalAuthRequestError("each field must have one value, got several", name);
    for (const text of texts) fields.push([name, text]);
  }
  return Object.fromEntries(fields);
}

/**
 * Reads an external-auth request of any of the four methods. Lists may be arrays, JSON text, comma-separated lists, repeated keys, `[]`
 * keys or one id. Booleans and null may be text.
 *
 * @param parts - Query, body and content type
 * @param options - The required fields
 * @returns The company, the selected locations and the entered fields
 * @throws {ExternalAuthRequestError} with the name of the parameter but not its value (`ERR_GHL_EXTERNAL_AUTH_REQUEST`)
 * @throws {ConfigurationError} when a required field has a name of HighLevel's own parameters
 * @example
 * ```ts
 * import { parseExternalAuth } from "@ghl-edge/marketplace/external-auth";
 *
 * const query = new URLSearchParams("companyId=c1&locationId=l1&api_key=k");
 * const { selection, fields } = parseExternalAuth({ query }, { fields: ["api_key"] });
 * console.log(selection.kind, fields.api_key.length); // "locations" 1
 * ```
 */
export function parseExternalAuth<Field extends string = never>(
  parts: ExternalAuthParts,
  options: ExternalAuthParseOptions<Field> = {},
): ExternalAuthRequest<Field> {
  const required = requiredFields(options);
  const query = parametersOf(parts.query ?? new URLSearchParams(), "query");
  const body = isNothing(parts.body)
    ? new Map<string, readonly unknown[]>()
    : parametersOfBody(parts.body ?? "", parts.contentType ?? "");
  const parameters = merged(query, body);
  const companyId = companyIdOf(parameters);
  const selection = selectionOf(parameters, companyId);
  const fields = fieldsOf(parameters);
  for (const name of required) {
    if (!Object.hasOwn(fields, name) || fields[name] === "") {
      throw new ExternalAuthRequestError("a required field is missing", name);
    }
  }
  return {
    ...(companyId === undefined ? {} : { companyId }),
    selection,
    // The loop checked that each `Field` is present.
    fields: fields as Record<Field, string> & Record<string, string>,
  };
}

/** @throws {ConfigurationError} for a name of HighLevel's own parameters */
export function requiredFields<Field extends string>(options: ExternalAuthParseOptions<Field>): readonly Field[] {
  for (const name of options.fields ?? []) {
    if (name === "" || CONTEXT_KEYS.includes(name))
      throw new ConfigurationError(`fields must be names other than HighLevel's parameters, got "${name}"`);
  }
  return options.fields ?? [];
}
