import { byCodeUnit, type Json } from "../../json/json.ts";
import type { Observation, Traffic } from "../evidence/evidence.ts";
import { emptyShape, mergeShape, shapeOf } from "../evidence/shape/shape.ts";
import { isDataName } from "./data-name.ts";
import type { Exchange } from "./exchange.ts";
import { foldShape } from "./fold-shape.ts";
import { matchRoute, type Route } from "./match-route.ts";

/** HighLevel's own host. An exchange with another is taken only when the user names it. */
export const API_HOST = "services.leadconnectorhq.com";

/** An operation that an exchange may have called. */
export interface KnownOperation extends Route {
  /** `v2` or `v3`. */
  readonly api: string;
  readonly module: string;
}

export interface ObserveOptions {
  readonly operations: readonly KnownOperation[];
  /** Hosts whose exchanges count. An address that is a path alone always does. */
  readonly hosts: readonly string[];
  /** Name of the source, as the evidence gives it. */
  readonly source: string;
}

export interface Observed {
  /** Observations by module. The module is also the name of the evidence file. */
  readonly byModule: ReadonlyMap<string, readonly Observation[]>;
  /** Exchanges that became evidence. */
  readonly taken: number;
  /** Exchanges with another host, with a route that no document has, or without success. */
  readonly left: { readonly host: number; readonly route: number; readonly status: number };
}

/**
 * Turns exchanges into evidence: which operation, and the kinds of everything in its bodies. No value of a body, an address
 * or a header is kept, but `Version` where it is a version, and the day.
 */
export function observe(exchanges: readonly Exchange[], options: ObserveOptions): Observed {
  const byModule = new Map<string, Observation[]>();
  const left = { host: 0, route: 0, status: 0 };
  let taken = 0;
  for (const exchange of exchanges) {
    const { host, path, query } = addressOf(exchange.url);
    const isSuccess = exchange.status >= 200 && exchange.status < 300;
    const known = host === undefined || options.hosts.includes(host);
    const entry = known && isSuccess ? operationOf(exchange, path, options.operations) : undefined;
    if (!known) left.host += 1;
    else if (!isSuccess) left.status += 1;
    else if (entry === undefined) left.route += 1;
    if (entry === undefined) continue;
    taken += 1;
    const observations = byModule.get(entry.module) ?? [];
    addObservation(observations, observationOf(exchange, entry, { query, source: options.source }));
    byModule.set(entry.module, observations);
  }
  return { byModule, taken, left };
}

/** Adds an observation, to that of the same operation, source and version where there is one. */
export function addObservation(observations: Observation[], added: Observation): void {
  const keyOf = ({ operation, sources, sureness, version }: Observation): string =>
    JSON.stringify([operation, sources, sureness, version]);
  const index = observations.findIndex((known) => keyOf(known) === keyOf(added));
  const known = observations[index];
  if (known === undefined) observations.push(added);
  else observations[index] = merged(known, added);
}

function merged(a: Observation, b: Observation): Observation {
  return {
    ...a,
    date: daysOf(a.date, b.date),
    status: [...new Set([...a.status, ...b.status])].sort((x, y) => x - y),
    answers: mergedTraffic(a.answers, b.answers),
    requests: mergedTraffic(a.requests, b.requests),
    query: [...new Set([...a.query, ...b.query])].sort(byCodeUnit),
  };
}

/** `2026-07-17..2026-07-20`, as far as both are days; otherwise what the older one says. */
function daysOf(a: string | undefined, b: string | undefined): string | undefined {
  const days = [a, b].flatMap((text) => text?.split("..") ?? []).sort(byCodeUnit);
  if (a === undefined || !days.every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day))) return a ?? b;
  return days[0] === days.at(-1) ? a : `${days[0]}..${days.at(-1)}`;
}

function mergedTraffic(a: Traffic | undefined, b: Traffic | undefined): Traffic | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const shape = emptyShape();
  for (const part of [a.shape, b.shape]) mergeShape(shape, part);
  return { count: a.count + b.count, shape };
}

function observationOf(
  { status, version, date, request, response }: Exchange,
  { method, path }: KnownOperation,
  { query, source }: { readonly query: readonly string[]; readonly source: string },
): Observation {
  return {
    operation: `${method} ${path}`,
    sources: [source],
    sureness: "recorded",
    date,
    version: isVersion(version) ? version : undefined,
    status: [status],
    answers: trafficOf(response),
    requests: trafficOf(request),
    query: [...new Set(query)].filter((name) => !isDataName(name)).sort(byCodeUnit),
  };
}

function trafficOf(body: Json | undefined): Traffic | undefined {
  return body === undefined ? undefined : { count: 1, shape: foldShape(shapeOf([body])) };
}

/** The only header whose value is stored, and only in the forms that HighLevel's documents have. */
function isVersion(version: string | undefined): boolean {
  return version !== undefined && /^(?:v\d|\d{4}-\d{2}-\d{2})$/.test(version);
}

function operationOf(
  { method, version }: Exchange,
  path: string,
  operations: readonly KnownOperation[],
): KnownOperation | undefined {
  const matches = matchRoute(operations, method, path);
  const api = version === "v3" ? "v3" : "v2";
  return matches.find((entry) => entry.api === api) ?? matches[0];
}

/** The gateway serves HighLevel's paths below the tenant's own. */
const GATEWAY_PREFIX = /^\/api\/(?:location|company)\/[^/]+(?=\/)/;

function addressOf(url: string): { host: string | undefined; path: string; query: string[] } {
  const base = "http://path.invalid";
  const parsed = URL.canParse(url, base) ? new URL(url, base) : new URL(base);
  return {
    host: parsed.origin === base ? undefined : parsed.host,
    path: parsed.pathname.replace(GATEWAY_PREFIX, ""),
    query: [...parsed.searchParams.keys()],
  };
}
