import type { Directory } from "../../directory/directory.ts";
import { recordState } from "../../directory/record.ts";
import type { InboxTenant, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import type { GatewayEvent } from "../../domain/events/gateway-event.ts";
import { eventId } from "../../domain/events/inbox-event.ts";
import { createByteBudget, runWithin } from "../../domain/limits/byte-budget.ts";
import type { Objects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { DeliveryHandOver } from "./delivery-hand-over.ts";
import { type FaultyJob, type Job, jobsOf, LIFECYCLE, NEVER_GIVEN_UP, ROUTE, routesOf } from "./event-jobs.ts";
import type { InboxStore } from "./inbox-store.ts";

/** Events of one batch. A storm is handled in batches, so that results are stored in between. */
const BATCH_EVENTS = 100;
/** This is well below the 32 MiB that one call to an object may carry. */
const BATCH_BYTES = 4 * 1_048_576;
/** Limits the copies of these bodies that are handed over at the same time. One call may always run. */
const HAND_OVER_BYTES = BATCH_BYTES;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** Failures after which an event is given up that makes its own handling fail. A deployment in between may repair it. */
export const MAX_FAILURES = 5;

export interface EventRouterOptions {
  readonly store: InboxStore;
  readonly directory: Directory;
  readonly objects: Objects;
  /** Runs a block of synchronous writes as one transaction. */
  readonly transaction: (write: () => void) => void;
  /** Resolves when everything that was written is on disk. */
  readonly sync: () => Promise<void>;
  /** Adds an event for endpoints to the outbox, in the transaction in which it is called. */
  readonly report: (event: GatewayEvent) => void;
}

export interface RunOptions {
  /**
   * Handles one job at a time and stores each try before it begins. This is for an object that died while it worked: it finds the event that
   * ends the object, so that the event can be given up.
   */
  readonly oneByOne: boolean;
}

/** The jobs of a batch that did not succeed. All others are done. */
interface Unfinished {
  readonly failed: readonly Job[];
  readonly faulty: readonly FaultyJob[];
}

const retryDelayMs = (tries: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries);

/**
 * Carries out the effects of stored events: informs the grant and hands deliveries over to endpoints. A failed job is stored with the time of
 * its next try. A job that was done before a crash is done again, which changes nothing. An event that makes its own handling fail affects no
 * other event: after `MAX_FAILURES` it is given up and reported.
 */
export class EventRouter {
  readonly #options: EventRouterOptions;
  /** The dispatchers of a stopped router cannot be reached, so that it hands over no event that was erased. */
  readonly #objects: Objects;
  #isStopped = false;

  constructor(options: EventRouterOptions) {
    this.#options = options;
    const { objects } = options;
    this.#objects = {
      ...objects,
      dispatcher: (endpointId, shard) => {
        if (this.#isStopped) throw new Error("the events were erased");
        return objects.dispatcher(endpointId, shard);
      },
    };
  }

  /**
   * Ends the current run without another write, after the storage was emptied. Later events have the `seq` of erased ones, so the run
   * would take them for its own. Another router continues with them.
   */
  stop(): void {
    this.#isStopped = true;
  }

  /** Works until nothing is left that can be done now. */
  async run(tenant: InboxTenant, { oneByOne }: RunOptions): Promise<void> {
    while (await (oneByOne ? this.#runOne(tenant) : this.#runBatch(tenant))) {
      // Each pass handles one batch.
    }
  }

  /** Handles new events, or due tasks when there are none. Returns false when there is nothing to do. */
  async #runBatch(tenant: InboxTenant): Promise<boolean> {
    const { store, transaction } = this.#options;
    const events = store.unrouted(BATCH_EVENTS, BATCH_BYTES);
    const jobs = events.length > 0 ? events.flatMap(jobsOf) : this.#dueJobs(BATCH_EVENTS);
    if (events.length === 0 && jobs.length === 0) return false;
    const unfinished = await this.#work(tenant, jobs);
    if (this.#isStopped) return false;
    const last = events.at(-1);
    // Deliveries may be handed over again. Other effects are not repeated in each activation, and a task must not be scheduled twice.
    const isRepeatable =
      unfinished.failed.length === 0 && unfinished.faulty.length === 0 && jobs.every(({ task }) => task === ROUTE);
    if (last !== undefined && isRepeatable) {
      store.setRouted(last.seq);
      return true;
    }
    transaction(() => {
      if (last === undefined) for (const job of jobs) store.tasks.remove(job);
      this.#settle(tenant, unfinished);
      if (last !== undefined) store.writeRouted(last.seq);
    });
    if (last !== undefined) store.setRouted(last.seq);
    return true;
  }

  /** Handles the first due job alone. Returns false when there is nothing to do. */
  async #runOne(tenant: InboxTenant): Promise<boolean> {
    const { store, transaction, sync } = this.#options;
    const events = store.unrouted(BATCH_EVENTS, BATCH_BYTES);
    const last = events.at(-1);
    if (last !== undefined) {
      transaction(() => {
        for (const job of events.flatMap(jobsOf)) store.tasks.schedule(job, Date.now());
        store.writeRouted(last.seq);
      });
      store.setRouted(last.seq);
    }
    const [found] = this.#dueJobs(1);
    if (found === undefined) return events.length > 0;
    if (found.failures >= MAX_FAILURES && !NEVER_GIVEN_UP.includes(found.task)) {
      transaction(() => this.#markUnprocessable(tenant, { job: found, errorName: "crash" }));
      return true;
    }
    const job = { ...found, failures: found.failures + 1 };
    store.tasks.schedule(job, Date.now() + retryDelayMs(job.failures));
    await sync();
    const { failed, faulty } = await this.#work(tenant, [job]);
    if (this.#isStopped) return false;
    transaction(() => {
      store.tasks.remove(job);
      // The object is still alive, so the failure that was counted in advance is taken back.
      const uncounted = (one: Job): Job => (one.task === job.task ? { ...one, failures: found.failures } : one);
      this.#settle(tenant, {
        failed: failed.map(uncounted),
        faulty: faulty.map((one) => ({ ...one, job: uncounted(one.job) })),
      });
    });
    return true;
  }

  /** Routes and runs jobs. */
  async #work(tenant: InboxTenant, jobs: readonly Job[]): Promise<Unfinished> {
    const endpoints = await this.#endpoints(tenant);
    const faulty: FaultyJob[] = [];
    if (this.#isStopped) return { failed: [], faulty };
    const routed = jobs.flatMap((job) =>
      job.task === ROUTE && endpoints !== undefined
        ? routesOf(tenant, { job, endpoints: this.#endpointsOf(job, endpoints), faulty })
        : [job],
    );
    const own = routed.filter(({ task }) => NEVER_GIVEN_UP.includes(task));
    const ownWorks = own.map((job) => ({
      jobs: [job],
      bytes: 0,
      run: () => (job.task === LIFECYCLE ? this.#informGrant(tenant, job) : this.#updateDirectory(tenant, job)),
    }));
    const handOver = new DeliveryHandOver(this.#objects, tenant, faulty);
    const calls = (endpoints ?? []).flatMap((endpoint) => handOver.callsFor(endpoint, routed));
    const works = [...ownWorks, ...calls];
    const results = await runWithin(createByteBudget(HAND_OVER_BYTES), works);
    const rejected = works.filter((_work, i) => results[i]!.status === "rejected").flatMap((work) => work.jobs);
    // Nothing can be routed or handed over without the endpoints.
    const unroutable = endpoints === undefined ? routed.filter((job) => !own.includes(job)) : [];
    return { failed: [...unroutable, ...rejected], faulty };
  }

  /** An event that an earlier activation may have routed is not for endpoints that were added since. */
  #endpointsOf({ event }: Job, endpoints: readonly Endpoint[]): readonly Endpoint[] {
    if (!this.#options.store.wasRoutedBefore(event.seq)) return endpoints;
    return endpoints.filter(({ createdAtMs }) => createdAtMs <= event.receivedAtMs);
  }

  /** Stores the next try of what did not succeed. The caller runs it in a transaction. */
  #settle(tenant: InboxTenant, { failed, faulty }: Unfinished): void {
    const nowMs = Date.now();
    const { tasks } = this.#options.store;
    const retry = (job: Job): void => tasks.schedule({ ...job, tries: job.tries + 1 }, nowMs + retryDelayMs(job.tries));
    for (const job of failed) retry(job);
    for (const { job, errorName } of faulty) {
      const failures = job.failures + 1;
      if (failures < MAX_FAILURES) retry({ ...job, failures });
      else this.#markUnprocessable(tenant, { job: { ...job, failures }, errorName });
    }
  }

  /** Gives a job up and reports it. The gateway's own events are only logged: their report could fail in the same way, without end. */
  #markUnprocessable({ app, resource }: InboxTenant, { job, errorName }: FaultyJob): void {
    const { store, report } = this.#options;
    const { event, task, failures } = job;
    store.tasks.remove(job);
    const id = eventId(event.dedupeKey);
    const endpointId = task === ROUTE ? null : task;
    logEvent("inbox", { app, outcome: "unprocessable", event: event.name, eventId: id, errorName });
    if (event.source === "gateway") return;
    const data = { eventId: id, eventType: event.name, endpointId, attempts: failures, errorName };
    const uniqueId = `${id}:${task}:${job.tries}`;
    report({ app, resource, name: "event.unprocessable", data, atMs: Date.now(), uniqueId });
  }

  #dueJobs(limit: number): Job[] {
    const { store } = this.#options;
    const jobs: Job[] = [];
    // An event with tasks for many endpoints is in memory once.
    const events = new Map<number, WholeEvent>();
    let bytes = 0;
    for (const task of store.tasks.due(Date.now(), limit)) {
      const known = events.get(task.seq);
      const event = known ?? store.whole(task.seq);
      if (known === undefined) bytes += event?.bodyBytes ?? 0;
      if (bytes > BATCH_BYTES && jobs.length > 0) break;
      if (event === undefined) store.tasks.remove(task);
      else {
        events.set(task.seq, event);
        jobs.push({ ...task, event });
      }
    }
    return jobs;
  }

  /** Reads the app's endpoints; undefined while they cannot be read. */
  async #endpoints({ app }: InboxTenant): Promise<readonly Endpoint[] | undefined> {
    try {
      return await this.#options.directory.endpoints.ofApp(app);
    } catch {
      return undefined;
    }
  }

  async #informGrant(tenant: InboxTenant, job: Job): Promise<void> {
    const { app } = tenant;
    const { objects } = this.#options;
    const { lifecycle } = job.event;
    if (lifecycle === undefined) return;
    const { what, resource, atMs, companyId } = lifecycle;
    const change = { app, resource, atMs, companyId, signed: true };
    await retryOnce(
      () => objects.grant(app, resource),
      (grant) => (what === "installed" ? grant.applyInstallEvent(change) : grant.applyUninstallEvent(change)),
    );
    await this.#updateDirectory(tenant, job);
  }

  async #updateDirectory({ app, resource }: InboxTenant, { event }: Job): Promise<void> {
    if (resource === undefined) return;
    const actor = event.source === "highlevel" ? "/webhooks" : event.name;
    const change = { actor, requestId: eventId(event.dedupeKey), nowMs: Date.now() };
    await recordState(this.#options, { app, resource }, change);
  }
}
