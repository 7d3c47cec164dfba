import { isObject, tryParseUntrustedJson } from "@ghl-edge/core";
import type { InstallationRef } from "../../directory/tables/installations.ts";
import { answerBytes } from "../../domain/api/answer-bytes.ts";
import { DEFAULT_MAX_WAIT_MS } from "../../domain/api/call-options.ts";
import { acceptedTokenTypesFor, findOperation, operationName } from "../../domain/api/operation.ts";
import { upstreamHeaders } from "../../domain/api/proxy-headers.ts";
import { isResourceId } from "../../domain/resource.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { ActionContext } from "../administration/shared.ts";
import { type ProxyCall, proxyCall } from "../proxy-call.ts";
import { type Fields, PAGE_SIZE, type Position, type ReconcileModule, type Window } from "./modules.ts";

/** A page of a module's list, within a window of time. */
interface PageRequest {
  readonly module: ReconcileModule;
  readonly window: Window;
}

/** A record that changed in the window. */
export interface ChangedRecord {
  readonly id: string;
  readonly changedAtMs: number;
  readonly record: Fields;
}

export type ChangesPage =
  | { readonly changes: readonly ChangedRecord[]; readonly next: Position | undefined }
  /** The reason, as a stable code. */
  | { readonly refused: string };

/** A hundred of the largest records are far smaller. The answer shares 128 MB with the objects of the isolate. */
const ANSWER_BOUNDS = { maxBytes: 8 * 1_048_576, timeoutMs: 30_000 };
const UNREADABLE = { refused: "ERR_GHL_GATEWAY_UPSTREAM_UNREADABLE" };

function callFor(options: ActionContext, ref: InstallationRef, { module, window }: PageRequest): ProxyCall {
  const { method, path } = module;
  const route = findOperation(method, path, undefined)!;
  const acceptedTokenTypes = acceptedTokenTypesFor(route, ref.resource);
  const operation = operationName(route);
  if (typeof acceptedTokenTypes !== "string")
    throw new GatewayError({ kind: "token_type", operation, needs: acceptedTokenTypes });
  const query = module.query(window).toString();
  const body = module.body(window);
  const inbound = new Headers({
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  });
  return {
    // No caller waits for this call, so it takes permits after those that wait.
    credentials: { ...ref, key: options.change.actor, priority: "bulk", acceptedTokenTypes, scopes: route.scopes },
    operation,
    maxWaitMs: DEFAULT_MAX_WAIT_MS,
    isRepeatable: true,
    request: (accessToken) => ({
      url: `${options.config.apiUrl}${path}${query === "" ? "" : `?${query}`}`,
      method,
      headers: upstreamHeaders(inbound, { accessToken, version: route.version || undefined }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  };
}

/** Reads a position that goes back to HighLevel unchanged; undefined for anything else. */
export function readPosition(value: unknown): Position | undefined {
  const isPart = (part: unknown): part is string | number => typeof part === "string" || typeof part === "number";
  return Array.isArray(value) && value.length > 0 && value.length <= 4 && value.every(isPart) ? value : undefined;
}

function readItems(text: string, items: string): readonly Fields[] | undefined {
  const answer = tryParseUntrustedJson(text);
  const list = isObject(answer) ? answer[items] : undefined;
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}

/** Filters again, because a server may ignore a filter, and an answer may contain a record of another location. */
function changeIn(record: Fields, { changedAtMs }: ReconcileModule, window: Window): readonly ChangedRecord[] {
  const { id, locationId } = record;
  const atMs = changedAtMs(record);
  if (typeof id !== "string" || !isResourceId(id) || atMs === undefined) return [];
  if (locationId !== undefined && locationId !== window.locationId) return [];
  return atMs >= window.sinceMs && atMs <= window.untilMs ? [{ id, changedAtMs: atMs, record }] : [];
}

function isBehind(records: readonly Fields[], { changedAtMs }: ReconcileModule, { sinceMs }: Window): boolean {
  const times = records.map(changedAtMs).filter((ms) => ms !== undefined);
  return times.every((ms, i) => i === 0 || ms <= times[i - 1]!) && (times.at(-1) ?? sinceMs) < sinceMs;
}

/** Reads one page of changes. Any failure ends this module only. */
export async function changesPage(
  options: ActionContext,
  ref: InstallationRef,
  { module, window }: PageRequest,
): Promise<ChangesPage> {
  let response: Response;
  try {
    ({ response } = await proxyCall(options, callFor(options, ref, { module, window })));
  } catch (error) {
    if (error instanceof GatewayError) return { refused: error.code };
    throw error;
  }
  const bytes = await answerBytes(response, ANSWER_BOUNDS);
  if (!response.ok) return { refused: `ERR_GHL_GATEWAY_UPSTREAM_${response.status}` };
  const records = bytes === undefined ? undefined : readItems(new TextDecoder().decode(bytes), module.items);
  if (records === undefined) return UNREADABLE;
  const changes = records.flatMap((record) => changeIn(record, module, window));
  const isLast = records.length < PAGE_SIZE || (module.endsByOrder && isBehind(records, module, window));
  if (isLast) return { changes, next: undefined };
  const next = readPosition(records.at(-1)?.[module.position]);
  // The list would end too soon without a next position, and would never end with the same one.
  if (next === undefined || JSON.stringify(next) === JSON.stringify(window.position)) return UNREADABLE;
  return { changes, next };
}
