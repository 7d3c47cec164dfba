import type { Resource } from "@ghl-edge/core";
import { daysOfArrival } from "../../domain/events/event-days.ts";
import { namesOf } from "../../domain/events/event-names.ts";
import type { TimeRange } from "./deliveries.ts";
import { walkInboxes } from "./inbox-walk.ts";
import { type ActionContext, checkApp, checkEnabled, invalid, knownEndpoint } from "./shared.ts";

/** Events of one call to an inbox, which writes all of them in one transaction. */
const EVENTS_PER_CALL = 500;

/** Selects events that match every given field. Times are those of arrival. */
export interface ReplayFilter extends TimeRange {
  readonly resource?: Resource | undefined;
  /** Names, as in an endpoint's `types`. */
  readonly types?: readonly string[] | undefined;
  readonly ids?: readonly string[] | undefined;
  /** True: only quarantined events. False: only others. */
  readonly quarantined: boolean;
}

export interface Replay {
  readonly app: string;
  /** Id of the endpoint. Its own settings do not leave out any of the events. */
  readonly endpoint: string;
  readonly filter: ReplayFilter;
  /** Count, and do nothing. */
  readonly dryRun: boolean;
  /** `nextCursor` of the previous step. Null is refused, so that a loop which does not end there does not start again. */
  readonly cursor?: string | undefined;
}

export interface ReplayStep {
  readonly matched: number;
  /** Number of inboxes that the step has visited. */
  readonly inboxes: number;
  readonly nextCursor: string | null;
}

/** One step of sending stored events to an endpoint again, whether they were sent or not. */
export async function replayEvents(
  context: ActionContext,
  { app, endpoint: endpointId, filter, dryRun, cursor }: Replay,
): Promise<ReplayStep> {
  const { config, directory, change } = context;
  checkApp(config, app);
  const { types, resource, ...query } = filter;
  const endpoint = await knownEndpoint(directory, endpointId);
  if (endpoint.app !== app) throw invalid(`endpoint must be one of the app ${app}, got one of another app`);
  checkEnabled(endpoint);
  if (!dryRun) await directory.audit.note({ action: "events.replayed", app, target: endpointId }, change);
  const names = types?.flatMap(namesOf);
  let matched = 0;
  const inboxes = { app, resource, cursor, ...daysOfArrival(query) };
  const { nextCursor, visited } = await walkInboxes(context, inboxes, {
    async visit({ beforeSeq, call, mayCall }) {
      let nextSeq = beforeSeq;
      do {
        const part = { ...query, names, beforeSeq: nextSeq, dryRun, limit: EVENTS_PER_CALL };
        const found = await call((inbox) => inbox.replay(endpointId, part));
        matched += found.matched;
        nextSeq = found.nextSeq;
      } while (nextSeq !== undefined && mayCall());
      return { nextSeq, isEnough: false };
    },
    take: (visitedInbox) => visitedInbox,
  });
  return { matched, inboxes: visited, nextCursor };
}
