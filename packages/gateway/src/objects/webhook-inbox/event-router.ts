import type { Directory } from "../../directory/directory.ts";
import { recordState } from "../../directory/record.ts";
import { createByteBudget, runWithin, type SizedWork } from "../../domain/byte-budget.ts";
import type { NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { InboxTenant, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { GatewayEvent } from "../../domain/gateway-event.ts";
import { eventId } from "../../domain/inbox-event.ts";
import { contactOfEvent, orderKeyOf, outgoing, shardOf } from "../../domain/outgoing.ts";
import type { Objects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { type Job, LIFECYCLE, nameOf, OURS, ROUTE, routes, type Spoilt, tasksOf } from "./event-jobs.ts";
import type { InboxStore } from "./inbox-store.ts";

/** Of one turn: a storm is taken in turns, so that what was done is written down in between. */
const TURN_EVENTS = 100;
/** Well below the 32 MiB that one call of an object may carry, whatever else is in it. */
const TURN_BYTES = 4 * 1_048_576;
/** Copies of these bodies that are on their way to endpoints at a time, one call at least. */
const HANDED_BYTES = TURN_BYTES;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** Tries that an event may make fail by itself before it is put aside: a deployment in between may help, but not for ever. */
export const MAX_FAILURES = 5;
/** Deliveries that failed together as often are handed over one by one: one of them may be what the dispatcher cannot take. */
const TOGETHER_TRIES = 2;

/** What is done together. */
interface Turn extends Pick<Doing, "jobs" | "spoilt"> {
  /** Of events whose bodies were parsed for it. */
  readonly contacts: Map<WholeEvent, string | undefined>;
}

/** One call of a dispatcher. */
interface HandOver extends SizedWork<void> {
  readonly jobs: readonly Job[];
}

export interface EventRouterOptions {
  readonly store: InboxStore;
  readonly directory: Directory;
  readonly objects: Objects;
  /** Everything in it or nothing. */
  readonly transaction: (burst: () => void) => void;
  /** Resolves when all that was written is on disk. */
  readonly sync: () => Promise<void>;
  /** Has endpoints notified, in the transaction in which it is called. */
  readonly report: (event: GatewayEvent) => void;
}

export interface RunOptions {
  /**
   * The object has died while it worked. Then events are taken one at a time, and each try is on disk before it begins, so that an event
   * that ends the object is found out and put aside.
   */
  readonly careful: boolean;
}

/** After so many tries. */
const retryDelayMs = (tries: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries);

interface Doing {
  readonly jobs: readonly Job[];
  /** Undefined: they cannot be read now. */
  readonly endpoints: readonly Endpoint[] | undefined;
  /** What fails by itself is added to it. */
  readonly spoilt: Spoilt[];
}

/**
 * Does what stored events ask for: acts on the grant, hands over to endpoints. What fails is written down with its next
 * time; what was done before a crash is done again, which changes nothing. An event that makes its own handling fail costs itself
 * alone: the others of its turn go on, and after `MAX_FAILURES` it is put aside and reported.
 */
export class EventRouter {
  readonly #options: EventRouterOptions;

  constructor(options: EventRouterOptions) {
    this.#options = options;
  }

  /** Until nothing is left that can be done now. */
  async run(tenant: InboxTenant, { careful }: RunOptions): Promise<void> {
    while (await (careful ? this.#carefulTurn(tenant) : this.#turn(tenant))) {
      // In turns.
    }
    if (!this.#options.store.isListed()) await this.#endpoints(tenant);
  }

  async #turn(tenant: InboxTenant): Promise<boolean> {
    const { store, transaction } = this.#options;
    const fresh = store.unrouted(TURN_EVENTS, TURN_BYTES);
    const jobs = fresh.length > 0 ? fresh.flatMap(tasksOf) : this.#owed(TURN_EVENTS);
    if (fresh.length === 0 && jobs.length === 0) return false;
    const { failed, spoilt } = await this.#work(tenant, jobs);
    transaction(() => {
      if (fresh.length === 0) for (const job of jobs) store.done(job);
      this.#settle(tenant, failed, spoilt);
      const last = fresh.at(-1);
      if (last !== undefined) store.setRouted(last.seq);
    });
    return true;
  }

  async #carefulTurn(tenant: InboxTenant): Promise<boolean> {
    const { store, transaction, sync } = this.#options;
    const fresh = store.unrouted(TURN_EVENTS, TURN_BYTES);
    transaction(() => {
      for (const job of fresh.flatMap(tasksOf)) store.owe(job, Date.now());
      const last = fresh.at(-1);
      if (last !== undefined) store.setRouted(last.seq);
    });
    const [found] = this.#owed(1);
    if (found === undefined) return fresh.length > 0;
    if (found.failures >= MAX_FAILURES && !OURS.includes(found.task)) {
      transaction(() => this.#putAside(tenant, { job: found, errorName: "crash" }));
      return true;
    }
    const job = { ...found, failures: found.failures + 1 };
    store.owe(job, Date.now() + retryDelayMs(job.failures));
    await sync();
    const { failed, spoilt } = await this.#work(tenant, [job]);
    transaction(() => {
      store.done(job);
      // The object lives: what was written against the job beforehand is taken back.
      const back = (one: Job): Job => (one.task === job.task ? { ...one, failures: found.failures } : one);
      const failures = spoilt.map((one) => ({ ...one, job: back(one.job) }));
      this.#settle(tenant, failed.map(back), failures);
    });
    return true;
  }

  /** Routes and does. What is not among the answer is done. */
  async #work(
    tenant: InboxTenant,
    jobs: readonly Job[],
  ): Promise<{ failed: readonly Job[]; spoilt: readonly Spoilt[] }> {
    const endpoints = await this.#endpoints(tenant);
    const spoilt: Spoilt[] = [];
    const found = jobs.flatMap((job) =>
      job.task === ROUTE && endpoints !== undefined ? routes(tenant, { job, endpoints, spoilt }) : [job],
    );
    const failed = await this.#do(tenant, { jobs: found, endpoints, spoilt });
    return { failed, spoilt };
  }

  /** Writes down what has failed, to be called in a transaction. */
  #settle(tenant: InboxTenant, failed: readonly Job[], spoilt: readonly Spoilt[]): void {
    const nowMs = Date.now();
    const again = (job: Job): void =>
      this.#options.store.owe({ ...job, tries: job.tries + 1 }, nowMs + retryDelayMs(job.tries));
    for (const job of failed) again(job);
    for (const { job, errorName } of spoilt) {
      const failures = job.failures + 1;
      if (failures < MAX_FAILURES) again({ ...job, failures });
      else this.#putAside(tenant, { job: { ...job, failures }, errorName });
    }
  }

  /** Gives up, and reports it. What is the gateway's own is only logged: its report could fail in the same way, without end. */
  #putAside({ app, resource }: InboxTenant, { job, errorName }: Spoilt): void {
    const { store, report } = this.#options;
    const { event, task, failures } = job;
    store.done(job);
    const id = eventId(event.dedupeKey);
    const endpointId = task === ROUTE ? null : task;
    logEvent("inbox", { app, outcome: "put_aside", event: event.name, eventId: id, errorName });
    if (event.source === "gateway") return;
    const data = { eventId: id, eventType: event.name, endpointId, attempts: failures, errorName };
    const uniqueId = `${id}:${task}:${job.tries}`;
    report({ app, resource, name: "event.unprocessable", data, atMs: Date.now(), uniqueId });
  }

  #owed(limit: number): Job[] {
    const { store } = this.#options;
    const jobs: Job[] = [];
    // An event that is owed to many endpoints is in memory once.
    const events = new Map<number, WholeEvent>();
    let bytes = 0;
    for (const todo of store.due(Date.now(), limit)) {
      const known = events.get(todo.seq);
      const event = known ?? store.whole(todo.seq);
      if (known === undefined) bytes += event?.bodyBytes ?? 0;
      if (bytes > TURN_BYTES && jobs.length > 0) break;
      if (event === undefined) store.done(todo);
      else {
        events.set(todo.seq, event);
        jobs.push({ ...todo, event });
      }
    }
    return jobs;
  }

  /** Undefined: they cannot be read now. The first time, the directory also learns of the inbox. */
  async #endpoints({ app, ...address }: InboxTenant): Promise<readonly Endpoint[] | undefined> {
    const { store, directory } = this.#options;
    const listed = store.isListed() ? undefined : { address, nowMs: Date.now() };
    try {
      const endpoints = await directory.endpoints.ofApp(app, listed);
      if (listed !== undefined) store.setListed(true);
      return endpoints;
    } catch {
      return undefined;
    }
  }

  /** What could not be done. */
  async #do(tenant: InboxTenant, { jobs, endpoints, spoilt }: Doing): Promise<Job[]> {
    const ours = jobs.filter(({ task }) => OURS.includes(task));
    const own = ours.map((job) => ({
      jobs: [job],
      bytes: 0,
      run: () => (job.task === LIFECYCLE ? this.#live(tenant, job) : this.#report(tenant, job)),
    }));
    const away = endpoints === undefined ? jobs.filter((job) => !ours.includes(job)) : [];
    const contacts = new Map<WholeEvent, string | undefined>();
    const turn = { jobs, spoilt, contacts };
    const handed = (endpoints ?? []).flatMap((endpoint) => this.#handOver(tenant, endpoint, turn));
    const works = [...own, ...handed];
    const results = await runWithin(createByteBudget(HANDED_BYTES), works);
    return [...away, ...works.filter((_work, i) => results[i]!.status === "rejected").flatMap((work) => work.jobs)];
  }

  async #live(tenant: InboxTenant, job: Job): Promise<void> {
    const { app } = tenant;
    const { objects } = this.#options;
    const { event } = job;
    if (event.lifecycle === undefined) return;
    const { what, resource, atMs, companyId } = event.lifecycle;
    const change = { app, resource, atMs, companyId, signed: true };
    await retryOnce(
      () => objects.grant(app, resource),
      (grant) => (what === "installed" ? grant.installed(change) : grant.uninstalled(change)),
    );
    await this.#report(tenant, job);
  }

  async #report({ app, resource }: InboxTenant, { event }: Job): Promise<void> {
    if (resource === undefined) return;
    const actor = event.source === "highlevel" ? "/webhooks" : event.name;
    const change = { actor, requestId: eventId(event.dedupeKey), nowMs: Date.now() };
    await recordState(this.#options, { app, resource }, change);
  }

  /** What an endpoint is to get of a turn, by its shards. Its deliveries are made when their turn comes: they are copies of the bodies. */
  #handOver(tenant: InboxTenant, endpoint: Endpoint, { jobs, spoilt, contacts }: Turn): readonly HandOver[] {
    const mine = jobs.filter(({ task }) => task === endpoint.id);
    const groups = new Map<string, { jobs: Job[]; shard: number; again: boolean; bytes: number }>();
    const contact = (event: WholeEvent): string | undefined => {
      if (!contacts.has(event)) contacts.set(event, contactOfEvent(event));
      return contacts.get(event);
    };
    for (const job of endpoint.state === "disabled" ? [] : mine) {
      const { event, again } = job;
      let orderKey: string | null;
      try {
        orderKey = endpoint.ordered ? orderKeyOf(tenant, contact(event)) : null;
      } catch (error) {
        spoilt.push({ job, errorName: nameOf(error) });
        continue;
      }
      const shard = shardOf({ id: eventId(event.dedupeKey), orderKey }, endpoint.shards);
      const key = `${shard}:${again}:${job.tries < TOGETHER_TRIES ? "" : job.seq}`;
      const group = groups.get(key) ?? { jobs: [], shard, again, bytes: 0 };
      group.jobs.push(job);
      group.bytes += event.bodyBytes;
      groups.set(key, group);
    }
    return [...groups.values()].map(({ jobs: mineOfShard, shard, again, bytes }) => ({
      jobs: mineOfShard,
      bytes,
      run: async () => {
        const deliveries: NewDelivery[] = [];
        for (const job of [...mineOfShard])
          try {
            deliveries.push(outgoing(tenant, job.event, { ...endpoint, contact: () => contact(job.event) }));
          } catch (error) {
            spoilt.push({ job, errorName: nameOf(error) });
            // It is not among those that fail with the call.
            mineOfShard.splice(mineOfShard.indexOf(job), 1);
          }
        if (deliveries.length > 0)
          await this.#enqueue({ app: tenant.app, endpointId: endpoint.id, shard }, deliveries, again);
      },
    }));
  }

  async #enqueue(
    address: { readonly app: string; readonly endpointId: string; readonly shard: number },
    deliveries: readonly NewDelivery[],
    again: boolean,
  ): Promise<void> {
    const isTaken = await retryOnce(
      () => this.#options.objects.dispatcher(address.endpointId, address.shard),
      (dispatcher) => dispatcher.enqueue(address, deliveries, again),
    );
    // Tried again later, by when the endpoint is disabled or enabled again.
    if (!isTaken) throw new Error("more waits for the endpoint than may");
  }
}
