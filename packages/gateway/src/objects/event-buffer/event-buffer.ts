import type { Resource } from "@ghl-edge/core";
import type { EventBufferApi, HeldEvent, HoldOutcome, StateSpending } from "../../domain/contracts/event-buffer.ts";
import type { InboxTenant } from "../../domain/contracts/webhook-inbox.ts";
import type { InboxEvent } from "../../domain/events/inbox-event.ts";
import { appOfObject } from "../../domain/resource.ts";
import { readObjects } from "../../platform/env.ts";
import { GatewayObject } from "../gateway-object.ts";
import { ReliableAlarm } from "../reliable-alarm.ts";
import { BufferedEvents } from "./buffered-events.ts";
import { HeldEvents } from "./held-events.ts";
import { InboxListing } from "./inbox-listing.ts";
import { spendState } from "./spent-states.ts";

/** Delay before buffered events are forwarded. Most storms are over by then: creating inboxes slows acknowledgements down. */
const FORWARD_AFTER_MS = 2_000;
/** Pause after an inbox could not be reached. It doubles with each failure. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/**
 * Makes the install events of a storm durable in one object until their inboxes have them. Creating an inbox for each of
 * hundreds of locations would delay the last acknowledgement. An event that is forwarded twice, after a crash or because
 * HighLevel sent it twice, is one event to its inbox.
 */
export class EventBuffer extends GatewayObject implements EventBufferApi {
  readonly #sql = this.ctx.storage.sql;
  readonly #objects = readObjects(this.env);
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "event_buffer",
    app: () => appOfObject(this.ctx.id.name),
    firstPauseMs: FIRST_RETRY_MS,
    longestPauseMs: LONGEST_RETRY_MS,
  });
  readonly #buffered = new BufferedEvents({
    sql: this.#sql,
    objects: this.#objects,
    successPercent: () => this.isolate.successPercent(this.env),
  });
  readonly #heldEvents = new HeldEvents({
    sql: this.#sql,
    // The directory is read at each use: an object that is made while the configuration is missing keeps its alarm.
    directory: () => this.isolate.readDirectory(this.env),
    objects: this.#objects,
    undeliveredReports: this.isolate.undeliveredReports,
    successPercent: () => this.isolate.successPercent(this.env),
  });
  readonly #inboxListing = new InboxListing(() => this.isolate.readDirectory(this.env).inboxes);
  #heldEventsAlarmAtMs: number | undefined;
  /** Whether this activation of the object has set the alarm that forwards buffered events. */
  #isForwardScheduled = false;

  async buffer(tenant: InboxTenant, event: InboxEvent): Promise<void> {
    if (!this.#isForwardScheduled) {
      this.#isForwardScheduled = true;
      this.#buffered.createTable();
      void this.ctx.storage.setAlarm(Date.now() + FORWARD_AFTER_MS);
    }
    this.#buffered.insert(tenant, event);
    // The reply may only report what is on disk.
    await this.ctx.storage.sync();
  }

  async hold(held: HeldEvent): Promise<HoldOutcome> {
    const outcome = this.#heldEvents.hold(held, Date.now());
    const nextAtMs = this.#heldEvents.nextAtMs();
    if (nextAtMs !== undefined && (this.#heldEventsAlarmAtMs === undefined || nextAtMs < this.#heldEventsAlarmAtMs)) {
      this.#heldEventsAlarmAtMs = nextAtMs;
      void this.ctx.storage.setAlarm(nextAtMs);
    }
    await this.ctx.storage.sync();
    return outcome;
  }

  async spendState(spending: StateSpending): Promise<boolean> {
    const isOurs = spendState(this.#sql, spending, Date.now());
    await this.ctx.storage.sync();
    return isOurs;
  }

  async listInbox(inbox: InboxTenant, firstEventAtMs: number): Promise<void> {
    await this.#inboxListing.change("list", { ...inbox, firstEventAtMs });
  }

  async forgetInbox(inbox: InboxTenant): Promise<number> {
    return this.#inboxListing.change("forget", { ...inbox, firstEventAtMs: 0 });
  }

  async erase(resource: Resource): Promise<number> {
    const buffered = this.#buffered.erase(resource);
    const heldEvents = this.#heldEvents.erase(resource);
    await this.ctx.storage.sync();
    return buffered + heldEvents;
  }

  override async alarm(): Promise<void> {
    // This run may fail, so an event that arrives from now on sets an alarm of its own.
    this.#isForwardScheduled = false;
    this.#heldEventsAlarmAtMs = undefined;
    const jobs = [
      { name: "forward", run: () => this.#buffered.forwardAll() },
      { name: "held", run: () => this.#heldEvents.checkDue(Date.now()) },
    ];
    await this.#alarm.run(jobs, async (retryAtMs) => {
      const never = Number.POSITIVE_INFINITY;
      const forwardAtMs = retryAtMs("forward") ?? never;
      const heldEventsAtMs = Math.max(this.#heldEvents.nextAtMs() ?? never, retryAtMs("held") ?? 0);
      const atMs = Math.min(forwardAtMs, heldEventsAtMs);
      if (atMs === never || this.#isForwardScheduled) return;
      if (forwardAtMs !== never) this.#isForwardScheduled = true;
      if (heldEventsAtMs !== never) this.#heldEventsAlarmAtMs = heldEventsAtMs;
      await this.ctx.storage.setAlarm(atMs);
    });
  }
}
