import { daysOfArrival } from "../../domain/event-days.ts";
import { namesOf } from "../../domain/event-names.ts";
import type { Resource } from "../../domain/resource.ts";
import { MAX_TYPES, readType } from "./endpoint-input.ts";
import { walkInboxes } from "./inbox-walk.ts";
import { invalid, optional, readBoolean, readList, readMembers, readResource, readText } from "./input.ts";
import { checkApp, checkEnabled, knownEndpoint, type OperationOptions } from "./shared.ts";
import { MAX_IDS, readEventId, readRange, type TimeRange } from "./wanted.ts";

/** Of one call to an inbox: what it writes for them is one transaction. */
const EVENTS_PER_CALL = 500;
/** Those that are given out have a third of it. */
const MAX_CURSOR_LENGTH = 500;

/** All that are all of this. */
export interface ReplayFilter extends TimeRange {
  readonly resource?: Resource;
  /** As an endpoint's. */
  readonly types?: readonly string[];
  readonly ids?: readonly string[];
  /** True: those that are quarantined, and no others. */
  readonly quarantined?: boolean;
}

export interface Replay {
  readonly app: string;
  /** Its id. What it wants otherwise does not matter. */
  readonly endpoint: string;
  readonly filter: ReplayFilter;
  /** Count, and do nothing. */
  readonly dryRun: boolean;
  /** `nextCursor` of the step before; null is refused, so that a loop which does not end there does not begin anew. */
  readonly cursor?: string;
}

export interface ReplayOperations {
  /** One step: sends stored events to an endpoint again, whether they were sent or not. */
  replayEvents(wanted: Replay): Promise<{ readonly matched: number; readonly nextCursor: string | null }>;
}

function readFilter(value: unknown) {
  const members = ["resource", "types", "fromMs", "toMs", "ids", "quarantined"];
  const { resource, types, fromMs, toMs, ids, quarantined } = readMembers("filter", value, members);
  return {
    resource: optional(resource, readResource),
    names: readList("types", types, { min: 1, max: MAX_TYPES, read: readType })?.flatMap(namesOf),
    ids: readList("ids", ids, { min: 1, max: MAX_IDS, read: readEventId }),
    quarantined: optional(quarantined, (flag) => readBoolean("quarantined", flag)) ?? false,
    ...readRange(fromMs, toMs),
  };
}

function readReplay(value: unknown) {
  const members = ["app", "endpoint", "filter", "dryRun", "cursor"];
  const { app, endpoint, filter, dryRun, cursor } = readMembers("a replay", value, members);
  return {
    app: readText("app", app, 32),
    endpointId: readText("endpoint", endpoint, 100),
    filter: readFilter(filter),
    dryRun: readBoolean("dryRun", dryRun),
    cursor: optional(cursor, (text) => readText("cursor", text, MAX_CURSOR_LENGTH)),
  };
}

export function createReplayOperations(options: OperationOptions): ReplayOperations {
  const { config, directory, change } = options;
  return {
    async replayEvents(wanted) {
      const { app, endpointId, filter, dryRun, cursor } = readReplay(wanted);
      checkApp(config, app);
      const endpoint = await knownEndpoint(directory, endpointId);
      if (endpoint.app !== app) throw invalid("endpoint is one of another app");
      checkEnabled(endpoint);
      if (!dryRun) await directory.audit.note({ action: "events.replayed", app, target: endpointId }, change);
      const { resource, ...query } = filter;
      let matched = 0;
      const inboxes = { app, resource, cursor, ...daysOfArrival(filter) };
      const nextCursor = await walkInboxes(options, inboxes, async ({ beforeSeq, ask }) => {
        const found = await ask((inbox) =>
          inbox.replay(endpointId, { ...query, beforeSeq, dryRun, limit: EVENTS_PER_CALL }),
        );
        matched += found.matched;
        return { nextSeq: found.nextSeq, isEnough: false };
      });
      return { matched, nextCursor };
    },
  };
}
