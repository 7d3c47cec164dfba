import { matchRoute, type RouteMatch } from "@ghl-edge/client/routes";
import { isObject } from "@ghl-edge/core";
import { type EmulatorContext, knowsLocation } from "../core/context.ts";
import {
  bodyMalformed,
  locationRefused,
  type Refusal,
  routeUnknown,
  scopeRefused,
  tokenTypeRefused,
  tooManyRequests,
  unprocessable,
} from "../core/errors.ts";
import type { RequestNote } from "../core/log/request-log.ts";
import { createRandom } from "../core/random.ts";
import type { AccessToken } from "../core/state.ts";
import { countRequest } from "../limits/count-request.ts";
import { type Answer, loadAnswer } from "./answers.ts";
import { readBearer } from "./bearer.ts";
import { observe } from "./observed.ts";
import type { RecordCall } from "./records/call.ts";
import { conform } from "./records/conform.ts";
import { behaviours } from "./records/index.ts";
import { checkRequest, readBody } from "./request-check.ts";
import { type SampleOptions, sample } from "./sample.ts";
import { flat } from "./schema.ts";
import { UNINSTALL, uninstallByApp } from "./uninstall-operation.ts";
import { hasMongoIds } from "./values/ids.ts";
import { type Generation, readVersion } from "./version.ts";

/** Length of a binary answer, such as a recording or an export. */
const SAMPLE_BYTES = 64;

/** Some v3 documents declare a dated Version and some v2 paths live on only there: the other generation is tried too. */
function findRoute(method: string, pathname: string, generation: Generation): RouteMatch | undefined {
  return matchRoute(method, pathname, generation) ?? findTwin(method, pathname, generation);
}

/** The same path in the other generation, where that is called with a Version of this one. */
function findTwin(method: string, pathname: string, generation: Generation): RouteMatch | undefined {
  const other = matchRoute(method, pathname, generation === "v3" ? "v2" : "v3");
  const fits = other?.version === "" || (other?.version === "v3") === (generation === "v3");
  return fits ? other : undefined;
}

/** Codes of the route table: `l`ocation or `c`ompany, in lower case for OAuth, in capitals for private integration tokens. */
function tokenTypeAllowed(route: RouteMatch, token: AccessToken): boolean {
  if (route.tokens === "?") return true;
  const code = token.resource.kind === "location" ? "l" : "c";
  return route.tokens.includes(token.kind === "private" ? code.toUpperCase() : code);
}

/** The ids a request names, for the check of access and for the sample that echoes them. */
function namedIds(route: RouteMatch, query: URLSearchParams): Record<string, string> {
  const named: Record<string, string> = { ...route.params };
  for (const name of ["locationId", "location_id", "altId", "companyId"]) {
    const value = query.get(name);
    if (value !== null && value !== "") named[name] = value;
  }
  return named;
}

function accessAllowed(context: EmulatorContext, token: AccessToken, named: Record<string, string>): boolean {
  const locationId = named.locationId ?? named.location_id ?? named.altId;
  if (locationId === undefined) return true;
  if (token.resource.kind === "location") return token.resource.id === locationId;
  return knowsLocation(context, locationId);
}

interface ReadRequest {
  readonly route: RouteMatch;
  readonly url: URL;
  readonly body: unknown;
  /** Ids that the request names. */
  readonly named: Record<string, string>;
}

function recordCall(
  context: EmulatorContext,
  { route, url, body, named }: ReadRequest,
  { schema, schemas }: Answer,
): RecordCall {
  return {
    store: context.state.records,
    params: route.params,
    query: url.searchParams,
    body: isObject(body) ? body : {},
    list: Array.isArray(body) ? (body as unknown[]) : undefined,
    locationId: named.locationId ?? named.location_id ?? named.altId,
    nowMs: context.options.now(),
    random: context.random,
    documented: new Set(Object.keys(schema === undefined ? {} : (flat(schema, schemas).properties ?? {}))),
    strict: context.options.checks === "strict",
  };
}

/** The id that the path ends in: that of the record the request is about. */
function subjectOf({ params }: RouteMatch, { pathname }: URL): string | undefined {
  const last = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
  return Object.values(params).includes(last) ? last : undefined;
}

/** The answer of a record, or one of the schema: the same for the same seed and request. Both look as recorded ones do. */
function made(
  { status, kind, schema, schemas, observed }: Answer,
  options: Omit<SampleOptions, "schemas"> & { readonly seed: string },
  remembered: { readonly body: unknown } | undefined,
): { readonly status: number; readonly body: unknown } {
  const how = { ...options, schemas, remembered: remembered !== undefined };
  const seen = (body: unknown): unknown => (observed === undefined ? body : observe(body, { observed, schema }, how));
  if (remembered !== undefined) {
    const body = seen(remembered.body);
    return { status, body: schema === undefined ? body : conform(schema, body, how) };
  }
  if (kind === "empty") return { status, body: undefined };
  if (kind === "binary") return { status, body: new Blob([how.random.bytes(SAMPLE_BYTES)]) };
  // A document that describes no answer is answered with an object: most of HighLevel's answers are one.
  return { status, body: seen(schema === undefined ? {} : sample(schema, how)) };
}

export interface OperationAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON value; a Blob: binary; undefined: an empty body. */
  readonly body: unknown;
}

function refuse(refused: Refusal, note: RequestNote, headers: Readonly<Record<string, string>> = {}): OperationAnswer {
  note.refused = refused.reason;
  return { status: refused.status, headers, body: refused.body };
}

/**
 * Answers any operation of the route table: Version, token, budget, token type, scope and tenant are checked in this
 * order with HighLevel's texts, then the answer is made from the operation's schema.
 */
export async function answerOperation(
  context: EmulatorContext,
  request: Request,
  note: RequestNote,
): Promise<OperationAnswer> {
  const url = new URL(request.url);
  const version = readVersion(request.headers);
  const route = findRoute(request.method, url.pathname, "generation" in version ? version.generation : "v2");
  if (route === undefined) return refuse(routeUnknown(request.method, url.pathname), note);
  note.operation = `${route.api}.${route.module}.${route.name}`;
  if ("refused" in version && route.version !== "") return refuse(version.refused, note);

  let caller: AccessToken | undefined;
  let headers: Readonly<Record<string, string>> = {};
  const named = namedIds(route, url.searchParams);
  if (route.tokens !== "") {
    const bearer = readBearer(context, request.headers);
    if ("refused" in bearer) return refuse(bearer.refused, note);
    const { token } = bearer;
    caller = token;
    note.resource = token.resource;
    if (token.clientId !== undefined) note.clientId = token.clientId;
    const verdict = countRequest(context, token);
    headers = verdict.headers;
    if (!verdict.allowed) return refuse(tooManyRequests, note, headers);
    if (!tokenTypeAllowed(route, token)) return refuse(tokenTypeRefused, note, headers);
    if (route.scopes.length > 0 && !route.scopes.some((scope) => token.scopes.includes(scope)))
      return refuse(scopeRefused, note, headers);
    if (!accessAllowed(context, token, named)) return refuse(locationRefused, note, headers);
    named[`${token.resource.kind}Id`] ??= token.resource.id;
  }

  const answer = await loadAnswer(route.api, route.module, route.operationId);
  const strict = context.options.checks === "strict";
  const body = await readBody(request);
  if (body.malformed) {
    note.breaches = ["body is not JSON"];
    if (strict) return refuse(bodyMalformed, note, headers);
  }
  const elsewhere = isObject(body.value) ? (body.value.locationId ?? body.value.altId) : undefined;
  if (
    caller !== undefined &&
    typeof elsewhere === "string" &&
    !accessAllowed(context, caller, { locationId: elsewhere })
  )
    return refuse(locationRefused, note, headers);
  let breaches = checkRequest(answer, url.searchParams, body);
  const twin =
    breaches.length > 0 ? findTwin(request.method, url.pathname, route.api === "v3" ? "v3" : "v2") : undefined;
  if (twin !== undefined) {
    // Both documents describe the request: it breaches what it breaches in both.
    const other = checkRequest(await loadAnswer(twin.api, twin.module, twin.operationId), url.searchParams, body);
    if (other.length < breaches.length) breaches = other;
  }
  if (breaches.length > 0) {
    note.breaches = breaches;
    if (strict) return refuse(unprocessable(breaches), note, headers);
  }
  if (route.operationId === UNINSTALL && caller !== undefined) {
    const refused = uninstallByApp(context, caller, isObject(body.value) ? body.value : {});
    if (refused !== undefined) return refuse(refused, note, headers);
    return { status: answer.status, headers, body: { success: true } };
  }
  const remembered = behaviours[route.module]?.[route.operationId]?.(
    recordCall(context, { route, url, body: body.value, named }, answer),
  );
  context.outbox.publish(context.state.records.takeChanges());
  if (remembered !== undefined && "refused" in remembered) return refuse(remembered.refused, note, headers);
  const subjectId = subjectOf(route, url);
  const options = {
    random: createRandom(`${context.options.seed} ${request.method} ${url.pathname}`),
    hints: named,
    mongoIds: hasMongoIds(route.module),
    seed: context.options.seed,
    ...(subjectId === undefined ? {} : { subjectId }),
  };
  return { ...made(answer, options, remembered), headers };
}
