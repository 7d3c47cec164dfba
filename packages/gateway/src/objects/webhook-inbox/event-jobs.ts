import type { InboxTenant, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import { type Endpoint, matchesEvent } from "../../domain/delivery/endpoint.ts";
import { payloadOf } from "../../domain/delivery/outgoing.ts";
import type { EventTask } from "./event-task-store.ts";

/** Task: passes an INSTALL or UNINSTALL to the grant. */
export const LIFECYCLE = "lifecycle";
/** Task: updates the directory's row of an installation to the state of its grant. */
export const REPORT = "report";
/** Task: finds the endpoints of the event. It stays pending while the directory is away. */
export const ROUTE = "route";
/** These tasks are never given up: the end of an installation that an UNINSTALL reports must take effect. */
export const NEVER_GIVEN_UP: readonly string[] = [LIFECYCLE, REPORT];

/** A task together with its event. */
export interface Job extends EventTask {
  readonly event: WholeEvent;
}

/** A job that failed because of its event, so that trying it again does not help. */
export interface FaultyJob {
  readonly job: Job;
  readonly errorName: string;
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

const newJob = (event: WholeEvent, task: string): Job => ({
  seq: event.seq,
  event,
  task,
  resend: false,
  tries: 0,
  failures: 0,
});

/** Returns the first jobs of an event. A quarantined event has no effects, so it has none. */
export function jobsOf(event: WholeEvent): Job[] {
  if (event.quarantined) return [];
  const own = event.lifecycle !== undefined ? [LIFECYCLE] : event.name.startsWith("grant.") ? [REPORT] : [];
  return [...own, ROUTE].map((task) => newJob(event, task));
}

export interface Routing {
  readonly job: Job;
  readonly endpoints: readonly Endpoint[];
  /** Receives the job when it cannot be decided for an endpoint whether it wants the event. */
  readonly faulty: FaultyJob[];
}

/**
 * Returns one job for each endpoint that wants the event. When this cannot be decided for one endpoint, the others receive the event all the
 * same. They receive it again with the next try, and their dispatchers recognise it.
 */
export function routesOf({ resource }: InboxTenant, { job, endpoints, faulty }: Routing): Job[] {
  let payload: { readonly value: unknown } | undefined;
  const subject = {
    name: job.event.name,
    resource,
    payload: () => {
      payload ??= { value: payloadOf(job.event.body) };
      return payload.value;
    },
  };
  let failure: FaultyJob | undefined;
  const matching = endpoints.filter((endpoint) => {
    try {
      return endpoint.state !== "disabled" && matchesEvent(endpoint, subject);
    } catch (error) {
      failure = { job, errorName: nameOf(error) };
      return false;
    }
  });
  if (failure !== undefined) faulty.push(failure);
  return matching.map(({ id }) => ({ ...job, task: id, failures: 0 }));
}
