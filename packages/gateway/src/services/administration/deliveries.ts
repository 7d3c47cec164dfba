import type { Resource } from "@ghl-edge/core";
import { readCursor, writeCursor } from "../../directory/cursor.ts";
import type { Page, PageRequest } from "../../domain/administration-model.ts";
import type { DeliveryQuery, DeliveryReport, DeliveryState } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import { newestFirst } from "../../domain/events/newest-first.ts";
import { type ResourceSearch, searchedResource } from "./schema.ts";
import { type ActionContext, checkEnabled, eachShard, invalid, knownEndpoint } from "./shared.ts";

/** Position in a cursor of an object that has no more. */
const DONE = "-";

export interface Delivery extends Omit<DeliveryReport, "seq"> {
  readonly endpointId: string;
}

/** Milliseconds since 1970: from this time on, before that time. */
export interface TimeRange {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface DeliverySearch extends PageRequest, TimeRange, ResourceSearch {
  /** Id of the endpoint. */
  readonly id: string;
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly eventId?: string | undefined;
}

/** Selects dead letters of an endpoint that match every given field. Times are those at which a delivery was accepted. */
export interface DeadLetterReplay extends TimeRange {
  /** Id of the endpoint. */
  readonly id: string;
  readonly ids?: readonly string[] | undefined;
  readonly type?: string | undefined;
  readonly resource?: Resource | undefined;
  readonly dryRun: boolean;
}

/** Reads where to go on in each of the endpoint's objects: before a position, or with the newest. */
function readPositions(cursor: string | undefined, shards: number): readonly string[] {
  const positions = readCursor(cursor, shards);
  if (positions.every((position) => position === DONE || /^\d{0,15}$/.test(position))) return positions;
  throw invalid("cursor must be the nextCursor of this list");
}

export function toDelivery({ id: endpointId }: Endpoint, { seq: _seq, ...report }: DeliveryReport): Delivery {
  return { endpointId, ...report };
}

/** Lists deliveries newest first. A page may be short, even empty, and not the last. */
export async function listDeliveries(context: ActionContext, search: DeliverySearch): Promise<Page<Delivery>> {
  const { id, limit, cursor, eventId, state, type, fromMs, toMs } = search;
  const endpoint = await knownEndpoint(context.directory, id);
  const positions = readPositions(cursor, endpoint.shards);
  const ids = eventId === undefined ? undefined : [eventId];
  const query: DeliveryQuery = { state, type, fromMs, toMs, ids, resource: searchedResource(search) };
  const pages = eachShard(context.objects, endpoint, async (dispatcher, shard) => {
    const position = positions[shard]!;
    if (position === DONE) return { items: [], nextSeq: undefined };
    const before = position === "" ? {} : { beforeSeq: Number(position) };
    return dispatcher.deliveries({ ...query, ...before }, limit);
  });
  const { items, nextSeqs } = newestFirst(await Promise.all(pages), limit);
  const next = nextSeqs.map((seq) => (seq === undefined ? DONE : String(seq)));
  return {
    items: items.map((report) => toDelivery(endpoint, report)),
    nextCursor: next.every((position) => position === DONE) ? null : writeCursor(next),
  };
}

/** Makes dead letters due again, or counts them. */
export async function replayDeadLetters(
  { directory, objects, change }: ActionContext,
  { id, dryRun, ...query }: DeadLetterReplay,
): Promise<{ readonly matched: number; readonly replayed: number }> {
  const endpoint = await knownEndpoint(directory, id);
  checkEnabled(endpoint);
  if (!dryRun) await directory.audit.note({ action: "dead_letters.replayed", app: endpoint.app, target: id }, change);
  const retried = await Promise.all(eachShard(objects, endpoint, (dispatcher) => dispatcher.retryDead(query, dryRun)));
  const matched = retried.reduce((sum, count) => sum + count, 0);
  return { matched, replayed: dryRun ? 0 : matched };
}
