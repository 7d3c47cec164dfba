import type { DispatcherAddress, NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { InboxTenant, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import { contactOfEvent, orderKeyOf, outgoing, shardOf } from "../../domain/delivery/outgoing.ts";
import { eventId } from "../../domain/events/inbox-event.ts";
import type { SizedWork } from "../../domain/limits/byte-budget.ts";
import type { Objects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { type FaultyJob, type Job, nameOf } from "./event-jobs.ts";

/** After this many failed tries in one call, deliveries are handed over one by one: one of them may be what the dispatcher refuses. */
const GROUPED_TRIES = 2;

/** One call to a dispatcher. */
export interface HandOver extends SizedWork<void> {
  /** The jobs that fail when the call fails. */
  readonly jobs: readonly Job[];
}

/** Deliveries that go to the same dispatcher in one call. */
interface Group {
  readonly jobs: Job[];
  readonly shard: number;
  readonly resend: boolean;
  bytes: number;
}

/** Hands the deliveries of one batch of events over to the dispatchers of their endpoints. */
export class DeliveryHandOver {
  readonly #objects: Objects;
  readonly #tenant: InboxTenant;
  /** Receives the jobs whose event cannot be delivered. */
  readonly #faulty: FaultyJob[];
  /** Contacts of the events whose bodies were parsed for it. */
  readonly #contacts = new Map<WholeEvent, string | undefined>();

  constructor(objects: Objects, tenant: InboxTenant, faulty: FaultyJob[]) {
    this.#objects = objects;
    this.#tenant = tenant;
    this.#faulty = faulty;
  }

  /** Returns the calls for one endpoint. Each makes its deliveries when it runs, because these are copies of the bodies. */
  callsFor(endpoint: Endpoint, jobs: readonly Job[]): readonly HandOver[] {
    const own = jobs.filter(({ task }) => task === endpoint.id);
    return this.#groups(endpoint, endpoint.state === "disabled" ? [] : own).map((group) => ({
      jobs: group.jobs,
      bytes: group.bytes,
      run: () => this.#send(endpoint, group),
    }));
  }

  #groups(endpoint: Endpoint, jobs: readonly Job[]): readonly Group[] {
    const groups = new Map<string, Group>();
    for (const job of jobs) {
      const { event, resend } = job;
      let orderKey: string | null;
      try {
        orderKey = endpoint.ordered ? orderKeyOf(this.#tenant, this.#contactOf(event)) : null;
      } catch (error) {
        this.#faulty.push({ job, errorName: nameOf(error) });
        continue;
      }
      const shard = shardOf({ id: eventId(event.dedupeKey), orderKey }, endpoint.shards);
      const key = `${shard}:${resend}:${job.tries < GROUPED_TRIES ? "" : job.seq}`;
      const group = groups.get(key) ?? { jobs: [], shard, resend, bytes: 0 };
      group.jobs.push(job);
      group.bytes += event.bodyBytes;
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  async #send(endpoint: Endpoint, { jobs, shard, resend }: Group): Promise<void> {
    const deliveries: NewDelivery[] = [];
    for (const job of [...jobs])
      try {
        deliveries.push(outgoing(this.#tenant, job.event, { ...endpoint, contact: () => this.#contactOf(job.event) }));
      } catch (error) {
        this.#faulty.push({ job, errorName: nameOf(error) });
        // A faulty job does not fail with the call.
        jobs.splice(jobs.indexOf(job), 1);
      }
    if (deliveries.length > 0)
      await this.#enqueue({ app: this.#tenant.app, endpointId: endpoint.id, shard }, deliveries, resend);
  }

  async #enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<void> {
    const isAccepted = await retryOnce(
      () => this.#objects.dispatcher(address.endpointId, address.shard),
      (dispatcher) => dispatcher.enqueue(address, deliveries, resend),
    );
    // The jobs are tried again later. By then the endpoint is disabled, or enabled again.
    if (!isAccepted) throw new Error("the endpoint cannot accept more deliveries");
  }

  #contactOf(event: WholeEvent): string | undefined {
    if (!this.#contacts.has(event)) this.#contacts.set(event, contactOfEvent(event));
    return this.#contacts.get(event);
  }
}
