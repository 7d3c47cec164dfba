import type { InboxTenant, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import { type Endpoint, wantsEvent } from "../../domain/endpoint.ts";
import { payloadOf } from "../../domain/outgoing.ts";
import type { Todo } from "./inbox-store.ts";

/** Acts on the grant: INSTALL, UNINSTALL. */
export const LIFECYCLE = "lifecycle";
/** Brings the directory's row of an installation to what its grant says. */
export const REPORT = "report";
/** Endpoints are still to be found: the directory was away. */
export const ROUTE = "route";
/** Neither is ever put aside: what an UNINSTALL ends must end. */
export const OURS: readonly string[] = [LIFECYCLE, REPORT];

export interface Job extends Todo {
  readonly event: WholeEvent;
}

/** A job that failed by what its event is, so that trying it again alone is no cure. */
export interface Spoilt {
  readonly job: Job;
  readonly errorName: string;
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

const jobOf = (event: WholeEvent, task: string): Job => ({
  seq: event.seq,
  event,
  task,
  again: false,
  tries: 0,
  failures: 0,
});

/** A quarantined event has no effects. */
export function tasksOf(event: WholeEvent): Job[] {
  if (event.quarantined) return [];
  const own = event.lifecycle !== undefined ? [LIFECYCLE] : event.name.startsWith("grant.") ? [REPORT] : [];
  return [...own, ROUTE].map((task) => jobOf(event, task));
}

export interface Routing {
  readonly job: Job;
  readonly endpoints: readonly Endpoint[];
  readonly spoilt: Spoilt[];
}

/**
 * One job for each endpoint that wants the event. Where that cannot be said of one endpoint, the others get it all the same, and once more
 * with the next try, which their dispatchers take for what they have.
 */
export function routes({ resource }: InboxTenant, { job, endpoints, spoilt }: Routing): Job[] {
  let payload: { readonly value: unknown } | undefined;
  const subject = {
    name: job.event.name,
    resource,
    payload: () => {
      payload ??= { value: payloadOf(job.event.body) };
      return payload.value;
    },
  };
  let failure: Spoilt | undefined;
  const wanting = endpoints.filter((endpoint) => {
    try {
      return endpoint.state !== "disabled" && wantsEvent(endpoint, subject);
    } catch (error) {
      failure = { job, errorName: nameOf(error) };
      return false;
    }
  });
  if (failure !== undefined) spoilt.push(failure);
  return wanting.map(({ id }) => ({ ...job, task: id, failures: 0 }));
}
