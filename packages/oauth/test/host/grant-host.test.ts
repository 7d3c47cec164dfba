import { expect, test } from "vitest";
import {
  ConfigurationError,
  GrantHost,
  type GrantHostOptions,
  type GrantRecord,
  type GrantRecordStore,
  NetworkError,
  newGrant,
  stepRecord,
  type TokenSet,
} from "../../src/index.ts";
import { LIFE_MS, T0, tokenSet } from "../manager/virtual-world.ts";

const resource = { kind: "location", id: "l1" } as const;

/** A host on a record in memory whose token has expired, and everything it did, in order. */
function createHost(
  renew: (tokens: TokenSet | undefined) => Promise<TokenSet>,
  options: Partial<GrantHostOptions> = {},
) {
  const done: string[] = [];
  const nowMs = T0 + LIFE_MS;
  let record: GrantRecord = { kind: "grant", epoch: 0, state: newGrant("refreshable") };
  const commit = (received: Parameters<typeof stepRecord>[1], atMs: number) => {
    const { step, record: next } = stepRecord(record, received, atMs);
    if (next !== record) done.push(`stored ${next.state.status}`);
    record = next;
    return step;
  };
  const store: GrantRecordStore = {
    get known() {
      return record;
    },
    load: () => record,
    apply: (event) => commit({ event }, nowMs),
    save: async (event, tokens) => commit({ event, tokens }, nowMs),
  };
  const tokens = tokenSet("Location", "l1");
  const { obtainedAtMs, expiresAtMs } = tokens;
  const token = { tokenId: "r0", obtainedAtMs, expiresAtMs };
  commit({ event: { type: "exchanged", token, installedAtMs: T0 }, tokens }, T0);
  done.length = 0;
  const host = new GrantHost({
    store,
    renewal: "refreshable",
    resource,
    configurationId: () => "configuration-1",
    prepare: () => {
      done.push("prepared");
      return {
        renew: (stored) => {
          done.push(`sent ${stored?.refreshToken}`);
          return renew(stored);
        },
        release: () => void done.push("released"),
      };
    },
    runtime: { now: () => nowMs },
    ...options,
  });
  return { host, store, done };
}

const renewed = (): TokenSet => ({
  ...tokenSet("Location", "l1", { ageMs: -LIFE_MS }),
  accessToken: "access-new",
  refreshToken: "refresh-new",
});

test("a host stores the right to send before it sends, and the answer before it ends", async () => {
  const { host, store, done } = createHost(async () => renewed());
  await Promise.all([host.run(), host.run()]);
  expect(done).toEqual(["prepared", "stored refreshing", "sent refresh-l1-0", "stored active", "released"]);
  expect(store.known?.tokens?.refreshToken).toBe("refresh-new");
});

test("a host without followMs makes one attempt, and leaves the next one to its caller", async () => {
  const { host, store, done } = createHost(() => Promise.reject(new NetworkError("cut")));
  await host.run();
  expect(done.filter((what) => what.startsWith("sent"))).toHaveLength(1);
  expect(store.known?.state.intent).toMatchObject({ ambiguousAnswers: 1 });
});

test("an answer that came while the process stood still is not taken for a late one", async () => {
  const nowMs = T0 + LIFE_MS;
  const startedAtMs = performance.now();
  const answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    // The time-out is over when the process goes on, and timers go before what has arrived.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return renewed();
  };
  const runtime = { now: () => nowMs + performance.now() - startedAtMs };
  const { host, done } = createHost(answer, { runtime, timeoutMs: 100 });
  await host.run();
  expect(done).toEqual(["prepared", "stored refreshing", "sent refresh-l1-0", "stored active", "released"]);
});

test("an UNINSTALL after the commit ends the attempt before its request is sent", async () => {
  const { host, store, done } = createHost(async () => renewed());
  const { apply } = store;
  store.apply = (event) => {
    const step = apply(event);
    if (event.type === "tick") apply({ type: "uninstalled", atMs: T0 + LIFE_MS });
    return step;
  };
  await host.run();
  expect(done).toEqual(["prepared", "stored refreshing", "stored uninstalled", "released"]);
  expect(store.known?.tokens).toBeUndefined();
});

test("nothing is sent, and no right to send is taken, when the preparation fails", async () => {
  const prepare = () => Promise.reject(new Error("the company has no token"));
  const { host, store, done } = createHost(async () => renewed(), { prepare });
  await expect(host.run()).rejects.toThrow("the company has no token");
  expect([done, store.known?.state.intent]).toEqual([[], undefined]);
});

test("a token of another location is refused and reported", async () => {
  let reports = 0;
  const answer = async () => ({ ...renewed(), locationId: "l2" });
  const { host, store } = createHost(answer, { onTokenOfAnotherResource: () => void reports++ });
  await host.run();
  expect([reports, store.known?.tokens?.accessToken]).toEqual([1, "access-l1-0"]);
  expect(store.known?.state.problem?.code).toBe("ERR_GHL_LOCATION_ACCESS");
});

test("a function of the runtime that is none is refused", () => {
  const runtime = { now: 5 as unknown as () => number };
  expect(() => createHost(async () => renewed(), { runtime })).toThrow("now must be a function, got 5");
});

test.each([{ timeoutMs: 0 }, { timeoutMs: Number.NaN }, { followMs: -1 }, { followMs: Number.NaN }])(
  "a host refuses %o, which sets no limit",
  (options) => {
    expect(() => createHost(async () => renewed(), options)).toThrow(ConfigurationError);
  },
);
