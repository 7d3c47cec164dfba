import type { Resource, Runtime } from "@ghl-edge/core";
import { StoreError } from "../errors.ts";
import type { TokenStore } from "../store/token-store.ts";
import { BoundedMap } from "./bounded-map.ts";
import { MAX_KNOWN_GRANTS } from "./grants.ts";
import {
  type PrivateIntegration,
  privateToken,
  type RotationStatus,
  rotatePrivateToken,
  rotationStatus,
} from "./private-integration.ts";

export interface PrivateTokensOptions {
  readonly store: TokenStore;
  readonly runtime: Runtime;
  readonly keyOf: (resource: Resource) => string;
  readonly onRotationDue: (resource: Resource) => void;
}

/** Time for which a record is used without a read of the store, milliseconds. */
const FRESH_MS = 60_000;

/** Private integration tokens of this app's developer, one per resource. */
export class PrivateTokens {
  readonly #options: PrivateTokensOptions;
  readonly #known = new BoundedMap<{ record: PrivateIntegration | undefined; loadedAtMs: number }>(MAX_KNOWN_GRANTS);

  constructor(options: PrivateTokensOptions) {
    this.#options = options;
  }

  async store(resource: Resource, token: string, createdAtMs: number): Promise<RotationStatus> {
    const record = await this.#change(resource, (before) => rotatePrivateToken(before, token, createdAtMs));
    return rotationStatus(record!, this.#options.runtime.now());
  }

  async status(resource: Resource): Promise<RotationStatus | undefined> {
    const record = await this.#load(resource);
    return record && rotationStatus(record, this.#options.runtime.now());
  }

  /** The token, or `undefined` when there is none. Reminds of the rotation once. */
  async token(resource: Resource, rejectedToken: string | undefined): Promise<string | undefined> {
    const nowMs = this.#options.runtime.now();
    const known = this.#known.get(this.#options.keyOf(resource));
    const isFresh = known && nowMs - known.loadedAtMs < FRESH_MS && rejectedToken === undefined;
    const record = isFresh ? known.record : await this.#load(resource);
    if (record === undefined) return undefined;
    if (record.remindedAtMs === undefined && rotationStatus(record, nowMs).due) await this.#remind(resource, nowMs);
    return privateToken(record, nowMs, rejectedToken);
  }

  async #remind(resource: Resource, nowMs: number): Promise<void> {
    let first = false;
    await this.#change(resource, (before) => {
      first = before !== undefined && before.remindedAtMs === undefined && rotationStatus(before, nowMs).due;
      return before && first ? { ...before, epoch: before.epoch + 1, remindedAtMs: nowMs } : before;
    });
    if (first) this.#options.onRotationDue(resource);
  }

  async #load(resource: Resource): Promise<PrivateIntegration | undefined> {
    const key = this.#options.keyOf(resource);
    try {
      const record = (await this.#options.store.load(key)) as PrivateIntegration | undefined;
      this.#known.set(key, { record, loadedAtMs: this.#options.runtime.now() });
      return record;
    } catch (error) {
      throw new StoreError("the token store could not be read", { resource }, error);
    }
  }

  async #change(
    resource: Resource,
    change: (before: PrivateIntegration | undefined) => PrivateIntegration | undefined,
  ): Promise<PrivateIntegration | undefined> {
    const key = this.#options.keyOf(resource);
    for (;;) {
      const before = await this.#load(resource);
      const after = change(before);
      if (after === before || after === undefined) return before;
      try {
        if (!(await this.#options.store.commit(key, before?.epoch ?? 0, after))) continue;
      } catch (error) {
        throw new StoreError("the token store could not be written", { resource }, error);
      }
      this.#known.set(key, { record: after, loadedAtMs: this.#options.runtime.now() });
      return after;
    }
  }
}
