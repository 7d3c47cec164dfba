import type { Tenant } from "../../domain/grants/token-record.ts";
import type { Objects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import type { LocationOutbox, PendingLocation } from "./location-outbox.ts";

/** Locations notified at a time: each is a call of an object. */
const NOTIFIED_AT_ONCE = 25;

/** Sends a company's pending lifecycle events to its locations. What cannot be reached stays in the outbox. */
export class LocationNotifier {
  readonly #outbox: LocationOutbox;
  readonly #objects: Objects;
  #running: Promise<boolean> | undefined;

  constructor(outbox: LocationOutbox, objects: Objects) {
    this.#outbox = outbox;
    this.#objects = objects;
  }

  /** Notifies all; concurrent callers share one run. Resolves with false when some are still pending. */
  notify(company: Tenant): Promise<boolean> {
    this.#running ??= this.#notifyAll(company).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #notifyAll(company: Tenant): Promise<boolean> {
    for (;;) {
      const batch = this.#outbox.pending(NOTIFIED_AT_ONCE);
      if (batch.length === 0) return true;
      const results = await Promise.allSettled(batch.map((pending) => this.#notifyOne(company, pending)));
      if (results.some(({ status }) => status === "rejected")) return false;
    }
  }

  async #notifyOne({ app, resource: { id: companyId } }: Tenant, pending: PendingLocation): Promise<void> {
    const resource = { kind: "location", id: pending.locationId } as const;
    const change = { app, resource, atMs: pending.atMs, companyId };
    await retryOnce(
      () => this.#objects.grant(app, resource),
      (grant) => (pending.event === "installed" ? grant.applyInstallEvent(change) : grant.applyUninstallEvent(change)),
    );
    this.#outbox.done(pending);
  }
}
