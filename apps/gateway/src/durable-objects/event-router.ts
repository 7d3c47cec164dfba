import type { Directory } from "../directory/directory.ts";
import { recordState } from "../directory/record.ts";
import { type Endpoint, wantsEvent } from "../domain/endpoint.ts";
import { eventId } from "../domain/inbox-event.ts";
import { outgoing, payloadOf, shardOf } from "../domain/outgoing.ts";
import type { Objects } from "../env.ts";
import type { InboxOwner, InboxStore, Todo, WholeEvent } from "./inbox-store.ts";
import type { NewDelivery } from "./interfaces.ts";
import { retryOnce } from "./retry-once.ts";

/** Of one turn: a storm is taken in turns, so that what was done is written down in between. */
const TURN_EVENTS = 100;
/** Well below the 32 MiB that one call of an object may carry, whatever else is in it. */
const TURN_BYTES = 4 * 1_048_576;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;

/** Acts on the grant: INSTALL, UNINSTALL. */
const LIFE = "life";
/** Brings the directory's row of an installation to what its grant says. */
const REPORT = "report";
/** Endpoints are still to be found: the directory was away. */
const ROUTE = "route";

interface Job extends Todo {
  readonly event: WholeEvent;
}

export interface EventRouterOptions {
  readonly store: InboxStore;
  readonly directory: Directory;
  readonly objects: Objects;
  /** Everything in it or nothing. */
  readonly transaction: (burst: () => void) => void;
}

/** After so many tries. */
const retryDelayMs = (tries: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries);

const jobOf = (event: WholeEvent, task: string): Job => ({ seq: event.seq, event, task, again: false, tries: 0 });

/**
 * Does what stored events ask for: acts on the grant, hands over to endpoints. What fails is written down with its next
 * time; what was done before a crash is done again, which changes nothing.
 */
export class EventRouter {
  readonly #options: EventRouterOptions;

  constructor(options: EventRouterOptions) {
    this.#options = options;
  }

  /** Until nothing is left that can be done now. */
  async run(owner: InboxOwner): Promise<void> {
    while (await this.#turn(owner)) {
      // In turns.
    }
    if (!this.#options.store.isListed()) await this.#endpoints(owner);
  }

  async #turn(owner: InboxOwner): Promise<boolean> {
    const { store, transaction } = this.#options;
    const fresh = store.unrouted(TURN_EVENTS, TURN_BYTES);
    const jobs = fresh.length > 0 ? fresh.flatMap(tasksOf) : this.#owed();
    if (fresh.length === 0 && jobs.length === 0) return false;
    const endpoints = await this.#endpoints(owner);
    const found = jobs.flatMap((job) => (job.task === ROUTE && endpoints ? routes(owner, job, endpoints) : [job]));
    const failed = await this.#do(owner, found, endpoints);
    transaction(() => {
      const nowMs = Date.now();
      if (fresh.length === 0) for (const job of jobs) store.done(job);
      for (const job of failed) store.owe({ ...job, tries: job.tries + 1 }, nowMs + retryDelayMs(job.tries));
      const last = fresh.at(-1);
      if (last !== undefined) store.setRouted(last.seq);
    });
    return true;
  }

  #owed(): Job[] {
    const { store } = this.#options;
    const jobs: Job[] = [];
    let bytes = 0;
    for (const todo of store.due(Date.now(), TURN_EVENTS)) {
      const event = store.whole(todo.seq);
      if (event === undefined) store.done(todo);
      else jobs.push({ ...todo, event });
      bytes += event?.bodyBytes ?? 0;
      if (bytes > TURN_BYTES) break;
    }
    return jobs;
  }

  /** Undefined: they cannot be read now. The first time, the directory also learns of the inbox. */
  async #endpoints({ app, ...address }: InboxOwner): Promise<readonly Endpoint[] | undefined> {
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
  async #do(owner: InboxOwner, jobs: readonly Job[], endpoints: readonly Endpoint[] | undefined): Promise<Job[]> {
    const ours = jobs.filter(({ task }) => task === LIFE || task === REPORT);
    const own = ours.map((job) => ({
      jobs: [job],
      work: job.task === LIFE ? this.#live(owner, job) : this.#report(owner, job),
    }));
    const away = endpoints === undefined ? jobs.filter((job) => !ours.includes(job)) : [];
    const handed = (endpoints ?? []).flatMap((endpoint) => this.#handOver(owner, endpoint, jobs));
    const works = [...own, ...handed];
    const results = await Promise.allSettled(works.map(({ work }) => work));
    return [...away, ...works.filter((_work, i) => results[i]!.status === "rejected").flatMap((work) => work.jobs)];
  }

  async #live(owner: InboxOwner, job: Job): Promise<void> {
    const { app } = owner;
    const { objects } = this.#options;
    const { event } = job;
    if (event.life === undefined) return;
    const { what, resource, atMs, companyId } = event.life;
    const life = { app, resource, atMs, companyId };
    await retryOnce(
      () => objects.grant(app, resource),
      (grant) => (what === "installed" ? grant.installed(life) : grant.uninstalled(life)),
    );
    await this.#report(owner, job);
  }

  async #report({ app, resource }: InboxOwner, { event }: Job): Promise<void> {
    if (resource === undefined) return;
    const actor = event.source === "highlevel" ? "/webhooks" : event.name;
    const change = { actor, requestId: eventId(event.dedupeKey), nowMs: Date.now() };
    await recordState(this.#options, { app, resource }, change);
  }

  #handOver(owner: InboxOwner, endpoint: Endpoint, jobs: readonly Job[]) {
    const mine = jobs.filter(({ task }) => task === endpoint.id);
    const shards = new Map<string, { jobs: Job[]; shard: number; again: boolean; deliveries: NewDelivery[] }>();
    for (const job of endpoint.state === "disabled" ? [] : mine) {
      const delivery = outgoing(owner, job.event, endpoint);
      const shard = shardOf(delivery, endpoint.shards);
      const key = `${shard}:${job.again}`;
      const group = shards.get(key) ?? { jobs: [], shard, again: job.again, deliveries: [] };
      group.jobs.push(job);
      group.deliveries.push(delivery);
      shards.set(key, group);
    }
    return [...shards.values()].map(({ jobs: done, shard, again, deliveries }) => ({
      jobs: done,
      work: this.#enqueue({ app: owner.app, endpointId: endpoint.id, shard }, deliveries, again),
    }));
  }

  #enqueue(
    address: { readonly app: string; readonly endpointId: string; readonly shard: number },
    deliveries: readonly NewDelivery[],
    again: boolean,
  ): Promise<void> {
    return retryOnce(
      () => this.#options.objects.dispatcher(address.endpointId, address.shard),
      (dispatcher) => dispatcher.enqueue(address, deliveries, again),
    );
  }
}

/** A quarantined event has no effects. */
function tasksOf(event: WholeEvent): Job[] {
  if (event.quarantined) return [];
  const own = event.life !== undefined ? [LIFE] : event.name.startsWith("grant.") ? [REPORT] : [];
  return [...own, ROUTE].map((task) => jobOf(event, task));
}

/** One job for each endpoint that wants the event. */
function routes({ resource }: InboxOwner, job: Job, endpoints: readonly Endpoint[]): Job[] {
  let payload: { readonly value: unknown } | undefined;
  const subject = {
    name: job.event.name,
    resource,
    payload: () => {
      payload ??= { value: payloadOf(job.event.body) };
      return payload.value;
    },
  };
  return endpoints
    .filter((endpoint) => endpoint.state !== "disabled" && wantsEvent(endpoint, subject))
    .map(({ id }) => ({ ...job, task: id }));
}
