import type { Resource, Runtime } from "@ghl-edge/core";
import type { GrantState } from "../grant/state.ts";
import { GrantHost, type PreparedRenewal } from "../host/grant-host.ts";
import { SharedRecordStore } from "../host/shared-record-store.ts";
import type { StoreClock } from "../host/store-clock.ts";
import type { OAuthClient } from "../oauth/oauth-client.ts";
import { fingerprint } from "../oauth/token-set.ts";
import { BoundedMap } from "./bounded-map.ts";
import { Grant } from "./grant.ts";
import { prepareMint } from "./mint.ts";
import type { TokenEvent, TokenManagerOptions } from "./options.ts";

export interface GrantsContext {
  readonly client: OAuthClient;
  /** Its clock is `clock`. */
  readonly runtime: Runtime;
  readonly clock: StoreClock;
}

/** Longest wait of a renewal for its next attempt, milliseconds. A later attempt is made for the next caller. */
const FOLLOW_MS = 30_000;
/** Default wait of a caller, milliseconds: the first four attempts of a renewal and their time-outs. */
const DEFAULT_MAX_WAIT_MS = 20_000;

/**
 * Most grants that a process knows at once, some 30 MB. Any caller may name a location that does not exist, so what was not used
 * for longest is dropped and read from the store again when it is needed.
 */
export const MAX_KNOWN_GRANTS = 20_000;

/** Identity of a grant, and the key of its record. */
interface GrantName {
  readonly key: string;
  readonly renewal: GrantState["renewal"];
  readonly resource: Resource;
  readonly companyId?: string | undefined;
}

/** The grants of one app in one process, each made once as long as it is known. */
export class Grants {
  readonly #options: TokenManagerOptions;
  readonly #client: OAuthClient;
  readonly #runtime: Runtime;
  readonly #clock: StoreClock;
  readonly #grants = new BoundedMap<Grant>(MAX_KNOWN_GRANTS, (grant) => grant.isBusy);
  #configurationId: Promise<string> | undefined;

  constructor(options: TokenManagerOptions, { client, runtime, clock }: GrantsContext) {
    this.#options = options;
    this.#client = client;
    this.#runtime = runtime;
    this.#clock = clock;
  }

  /** Number of grants this process knows. */
  get size(): number {
    return this.#grants.size;
  }

  /** Key of a record in the store. The app is part of it: two apps never share a token. */
  keyOf(source: TokenEvent["source"], resource: Resource): string {
    return [this.#client.appId, source, resource.kind, resource.id].join(":");
  }

  /** A grant with a refresh token of its own. */
  refreshable(resource: Resource): Grant {
    const key = this.keyOf("refreshable", resource);
    return (
      this.#grants.get(key) ??
      this.#add({ key, renewal: "refreshable", resource }, async () => ({
        renew: (tokens, timeoutMs) =>
          this.#client.refresh(tokens!.refreshToken!, { ...userTypeOf(resource), timeoutMs }),
      }))
    );
  }

  /** A location's token that is minted from its company's. */
  derived(locationId: string, companyId: string): Grant {
    const resource: Resource = { kind: "location", id: locationId };
    const key = this.keyOf("derived", resource);
    const { limiter, apiVersion = "2021-07-28" } = this.#options;
    const prepare = (): Promise<PreparedRenewal> =>
      prepareMint({
        client: this.#client,
        company: this.refreshable({ kind: "company", id: companyId }),
        companyId,
        locationId,
        apiVersion,
        limiter,
        runtime: this.#runtime,
      });
    const made = this.#grants.get(key);
    return made?.store.options.companyId === companyId
      ? made
      : this.#add({ key, renewal: "derived", resource, companyId }, prepare);
  }

  /** Returns the state of a derived grant and does not make the grant. */
  async derivedState(locationId: string): Promise<GrantState> {
    const store = this.store("derived", { kind: "location", id: locationId });
    return (store.known ?? (await store.load())).state;
  }

  /** The record of a grant, for events; that of the grant where there is one. */
  store(renewal: GrantState["renewal"], resource: Resource): SharedRecordStore {
    const key = this.keyOf(renewal, resource);
    return this.#grants.get(key)?.store ?? this.#store({ key, renewal, resource });
  }

  #store({ key, renewal, resource, companyId }: GrantName): SharedRecordStore {
    return new SharedRecordStore({
      key,
      resource,
      renewal,
      companyId,
      store: this.#options.store,
      runtime: this.#runtime,
      clock: this.#clock,
      onNotice: (type, code) =>
        this.notify({ type, resource, source: renewal, ...(code === undefined ? {} : { code }) }),
    });
  }

  #add(name: GrantName, prepare: () => Promise<PreparedRenewal>): Grant {
    const store = this.#store(name);
    const { timeoutMs, waitUntil, maxWaitMs = DEFAULT_MAX_WAIT_MS } = this.#options;
    const host = new GrantHost({
      store,
      renewal: name.renewal,
      resource: name.resource,
      configurationId: () => this.configurationId(),
      prepare,
      runtime: this.#runtime,
      clockUncertaintyMs: () => this.#clock.uncertaintyMs,
      timeoutMs,
      followMs: FOLLOW_MS,
      waitUntil,
      onUnsaved: () => grant.wakeWaiters(),
    });
    const grant = new Grant({ store, host, maxWaitMs });
    this.#grants.set(name.key, grant);
    return grant;
  }

  /** Identifies the configuration of the app; reveals no secret. */
  configurationId(): Promise<string> {
    const { clientId, clientSecret } = this.#options;
    this.#configurationId ??= fingerprint(`${clientId}\0${clientSecret}`).then((id) => id.slice(0, 8));
    return this.#configurationId;
  }

  notify(event: Omit<TokenEvent, "atMs">): void {
    try {
      this.#options.onEvent?.({ ...event, atMs: this.#runtime.now() });
    } catch {
      // A listener's defect must not cost a token.
    }
  }
}

function userTypeOf(resource: Resource): { userType: "Company" | "Location" } {
  return { userType: resource.kind === "company" ? "Company" : "Location" };
}
