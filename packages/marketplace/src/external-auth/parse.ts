import { ConfigurationError, ExternalAuthRequestError } from "../errors.ts";
import { parseForeignJson } from "../http/foreign-json.ts";
import { fieldsProblem } from "../http/form.ts";
import { isNothing, type Parameters, parametersOfObject, parametersOfQuery } from "../http/parameters.ts";
import type { ExternalAuthRequest } from "./request.ts";
import { CONTEXT_KEYS, CONTEXT_LISTS, companyIdOf, selectionOf } from "./selection.ts";

/** What a request carries, without its transport. */
export interface ExternalAuthParts {
  /** The URL's query. */
  readonly query?: URLSearchParams;
  /** The body as it came; none for GET. */
  readonly body?: string;
  /** Only looked at where the body does not tell by itself. */
  readonly contentType?: string | null;
}

export interface ExternalAuthParseOptions<Field extends string> {
  /** Keys of the fields that must be there and not empty: those you configured as required in the portal. */
  readonly fields?: readonly Field[];
}

function parametersOf(pairs: URLSearchParams, what: "form" | "query"): Parameters {
  const problem = fieldsProblem(pairs, what);
  if (problem !== undefined) throw new ExternalAuthRequestError(problem);
  return parametersOfQuery(pairs, CONTEXT_LISTS);
}

/** The request template is written by hand in the portal, so that the content type may be missing or wrong: the body decides. */
function parametersOfBody(body: string, contentType: string): Parameters {
  const trimmed = body.trim();
  const form = /^application\/x-www-form-urlencoded\b/i.test(contentType.trim());
  if (trimmed.startsWith("{")) {
    try {
      return parametersOfObject(parseForeignJson(trimmed) as object, CONTEXT_LISTS);
    } catch {
      if (!form) throw new ExternalAuthRequestError("the body is no JSON");
    }
  } else if (/^[["]/.test(trimmed)) {
    throw new ExternalAuthRequestError("the body is no object");
  }
  return parametersOf(new URLSearchParams(trimmed), "form");
}

/** The body counts; what it does not have may stand in the URL, whose parameters the template can set as well. */
function merged(query: Parameters, body: Parameters): Parameters {
  return new Map([...query, ...body]);
}

/** What the user entered, as text, verbatim. */
function fieldsOf(parameters: Parameters): Record<string, string> {
  const fields: [string, string][] = [];
  for (const [name, values] of parameters) {
    if (CONTEXT_KEYS.includes(name)) continue;
    const texts = new Set(
      values.filter((value) => ["string", "number", "boolean"].includes(typeof value)).map((value) => String(value)),
    );
    if (texts.size > 1) throw new ExternalAuthRequestError("a field is there twice, with different values", name);
    for (const text of texts) fields.push([name, text]);
  }
  return Object.fromEntries(fields);
}

/**
 * Reads an external-auth request of any of the four methods. Lists may come as arrays, JSON text, comma lists, repeated keys, `[]`
 * keys or one id; booleans and null as text.
 *
 * @throws {ExternalAuthRequestError} naming the parameter, never its value.
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
    // The loop above saw each of `Field`.
    fields: fields as Record<Field, string> & Record<string, string>,
  };
}

/** @throws {ConfigurationError} for a name that HighLevel's own parameters have. */
export function requiredFields<Field extends string>(options: ExternalAuthParseOptions<Field>): readonly Field[] {
  for (const name of options.fields ?? []) {
    if (name === "" || CONTEXT_KEYS.includes(name)) throw new ConfigurationError(`fields: "${name}" cannot be a field`);
  }
  return options.fields ?? [];
}
