import type { Tenant } from "../../domain/token-record.ts";
import type { Objects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import type { LocationOutbox, Owed } from "./location-outbox.ts";

/** Locations told at a time: each is a call of an object. */
const TOLD_AT_ONCE = 25;

/** Tells a company's locations what they are owed, as far as they can be reached; what is left stays in the outbox. */
export class LocationTeller {
  readonly #outbox: LocationOutbox;
  readonly #objects: Objects;
  #telling: Promise<boolean> | undefined;

  constructor(outbox: LocationOutbox, objects: Objects) {
    this.#outbox = outbox;
    this.#objects = objects;
  }

  /** One round for all that ask. False: something is left. */
  tell(company: Tenant): Promise<boolean> {
    this.#telling ??= this.#tellAll(company).finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  async #tellAll(company: Tenant): Promise<boolean> {
    for (;;) {
      const batch = this.#outbox.owed(TOLD_AT_ONCE);
      if (batch.length === 0) return true;
      const results = await Promise.allSettled(batch.map((owed) => this.#tellOne(company, owed)));
      if (results.some(({ status }) => status === "rejected")) return false;
    }
  }

  async #tellOne({ app, resource: { id: companyId } }: Tenant, owed: Owed): Promise<void> {
    const resource = { kind: "location", id: owed.locationId } as const;
    const event = { app, resource, atMs: owed.atMs, companyId };
    await retryOnce(
      () => this.#objects.grant(app, resource),
      (grant) => (owed.event === "installed" ? grant.installed(event) : grant.uninstalled(event)),
    );
    this.#outbox.told(owed);
  }
}
