import { matchRoute, type RouteMatch } from "@ghl-edge/client/routes";
import type { EmulatorContext } from "../core/context.ts";
import {
  kindRefused,
  locationRefused,
  type Refusal,
  routeUnknown,
  scopeRefused,
  tooManyRequests,
} from "../core/errors.ts";
import { createRandom } from "../core/random.ts";
import type { RequestNote } from "../core/request-log.ts";
import type { AccessToken } from "../core/state.ts";
import { countRequest } from "../limits/count-request.ts";
import { loadAnswer } from "./answers.ts";
import { readBearer } from "./bearer.ts";
import { sample } from "./sample.ts";
import { type Generation, readVersion } from "./version.ts";

/** Of a binary answer: a recording, an export. */
const SAMPLE_BYTES = 64;

/** Some v3 documents declare a dated Version and some v2 paths live on only there: the other generation is tried too. */
function findRoute(method: string, pathname: string, generation: Generation): RouteMatch | undefined {
  const own = matchRoute(method, pathname, generation);
  if (own !== undefined) return own;
  const other = matchRoute(method, pathname, generation === "v3" ? "v2" : "v3");
  const fits = other?.version === "" || (other?.version === "v3") === (generation === "v3");
  return fits ? other : undefined;
}

/** The letters of the route table: location or company, small for OAuth, capital for private integration tokens. */
function kindAllowed(route: RouteMatch, token: AccessToken): boolean {
  if (route.tokens === "?") return true;
  const letter = token.resource.kind === "location" ? "l" : "c";
  return route.tokens.includes(token.kind === "private" ? letter.toUpperCase() : letter);
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
  return context.options.company.locations.some((location) => location.id === locationId);
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
 * Answers any operation of the route table: Version, token, budget, token kind, scope and tenant are checked in this
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

  let headers: Readonly<Record<string, string>> = {};
  const named = namedIds(route, url.searchParams);
  if (route.tokens !== "") {
    const bearer = readBearer(context, request.headers);
    if ("refused" in bearer) return refuse(bearer.refused, note);
    const { token } = bearer;
    note.resource = token.resource;
    if (token.clientId !== undefined) note.clientId = token.clientId;
    const verdict = countRequest(context, token);
    headers = verdict.headers;
    if (!verdict.allowed) return refuse(tooManyRequests, note, headers);
    if (!kindAllowed(route, token)) return refuse(kindRefused, note, headers);
    if (route.scopes.length > 0 && !route.scopes.some((scope) => token.scopes.includes(scope)))
      return refuse(scopeRefused, note, headers);
    if (!accessAllowed(context, token, named)) return refuse(locationRefused, note, headers);
    named[`${token.resource.kind}Id`] ??= token.resource.id;
  }

  const { status, kind, schema, schemas } = await loadAnswer(route.api, route.module, route.operationId);
  const random = createRandom(`${context.options.seed} ${request.method} ${url.pathname}`);
  if (kind === "empty") return { status, headers, body: undefined };
  if (kind === "binary") return { status, headers, body: new Blob([random.bytes(SAMPLE_BYTES)]) };
  // A document that describes no answer is answered with an object: most of HighLevel's answers are one.
  const body = schema === undefined ? {} : sample(schema, { schemas, random, hints: named });
  return { status, headers, body };
}
