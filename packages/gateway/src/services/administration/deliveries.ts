import { readCursor, writeCursor } from "../../directory/cursor.ts";
import type { Page, PageRequest } from "../../domain/administration-model.ts";
import type { DeliveryQuery, DeliveryReport, DeliveryState } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import { newestFirst } from "../../domain/newest-first.ts";
import type { Resource } from "../../domain/resource.ts";
import { MAX_NAME_LENGTH } from "./endpoint-input.ts";
import { invalid, optional, readBoolean, readList, readMembers, readResource, readText } from "./input.ts";
import { checkEnabled, eachShard, knownEndpoint, type OperationOptions } from "./shared.ts";
import { MAX_IDS, readEventId, readRange, type TimeRange } from "./wanted.ts";

/** In place of a place, in a cursor: this object has no more. */
const DONE = "-";

export interface Delivery extends Omit<DeliveryReport, "seq"> {
  readonly endpointId: string;
}

export interface DeliveryFilter extends PageRequest, TimeRange {
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly resource?: Resource | undefined;
  readonly eventId?: string | undefined;
}

/** Of an endpoint's dead letters: all, or those that are all of this. */
export interface DeadLetters extends TimeRange {
  readonly ids?: readonly string[];
  readonly type?: string;
  readonly resource?: Resource;
  readonly dryRun: boolean;
}

/** What operators can do with what is on its way to receivers. */
export interface DeliveryOperations {
  /** Newest first. A page may be short, even empty, and not the last. */
  deliveries(endpointId: string, filter: DeliveryFilter): Promise<Page<Delivery>>;
  /** Makes dead letters due again, or counts them. */
  replayDeadLetters(
    endpointId: string,
    wanted: DeadLetters,
  ): Promise<{ readonly matched: number; readonly replayed: number }>;
}

function readDeadLetters(value: unknown): { readonly query: DeliveryQuery; readonly dryRun: boolean } {
  const members = ["ids", "type", "resource", "fromMs", "toMs", "dryRun"];
  const { ids, type, resource, fromMs, toMs, dryRun } = readMembers("a replay of dead letters", value, members);
  const query = {
    ids: readList("ids", ids, { min: 1, max: MAX_IDS, read: readEventId }),
    type: optional(type, (name) => readText("type", name, MAX_NAME_LENGTH)),
    resource: optional(resource, readResource),
    ...readRange(fromMs, toMs),
  };
  return { query, dryRun: readBoolean("dryRun", dryRun) };
}

/** Where to go on in each of the endpoint's objects: before a place, or with the newest. */
function readPlaces(cursor: string | undefined, shards: number): readonly string[] {
  const places = readCursor(cursor, shards);
  if (places.every((place) => place === DONE || /^\d{0,15}$/.test(place))) return places;
  throw invalid("cursor is not one that this list gave out");
}

export function toDelivery({ id: endpointId }: Endpoint, { seq: _seq, ...report }: DeliveryReport): Delivery {
  return { endpointId, ...report };
}

export function createDeliveryOperations(options: OperationOptions): DeliveryOperations {
  const { directory, objects, change } = options;

  return {
    async deliveries(endpointId, { limit, cursor, eventId, ...query }) {
      const endpoint = await knownEndpoint(directory, endpointId);
      const places = readPlaces(cursor, endpoint.shards);
      const ids = eventId === undefined ? {} : { ids: [eventId] };
      const asked = eachShard(objects, endpoint, async (dispatcher, shard) => {
        const place = places[shard]!;
        if (place === DONE) return { items: [], nextSeq: undefined };
        const before = place === "" ? {} : { beforeSeq: Number(place) };
        return dispatcher.deliveries({ ...query, ...ids, ...before }, limit);
      });
      const { items, nextSeqs } = newestFirst(await Promise.all(asked), limit);
      const next = nextSeqs.map((seq) => (seq === undefined ? DONE : String(seq)));
      return {
        items: items.map((report) => toDelivery(endpoint, report)),
        nextCursor: next.every((place) => place === DONE) ? null : writeCursor(next),
      };
    },
    async replayDeadLetters(endpointId, wanted) {
      const { query, dryRun } = readDeadLetters(wanted);
      const endpoint = await knownEndpoint(directory, endpointId);
      checkEnabled(endpoint);
      if (!dryRun) {
        const { app } = endpoint;
        await directory.audit.note({ action: "dead_letters.replayed", app, target: endpointId }, change);
      }
      const retried = await Promise.all(
        eachShard(objects, endpoint, (dispatcher) => dispatcher.retryDead(query, dryRun)),
      );
      const matched = retried.reduce((sum, count) => sum + count, 0);
      return { matched, replayed: dryRun ? 0 : matched };
    },
  };
}
