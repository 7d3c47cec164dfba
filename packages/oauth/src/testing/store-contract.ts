import type { StoredRecord, TokenStore } from "../store/token-store.ts";

/** One demand of the contract: hand `name` and `run` to your test runner. */
export interface StoreContractCase {
  readonly name: string;
  /**
   * Checks the demand with new stores.
   *
   * @throws {Error} when the store does not meet it.
   */
  run(): Promise<void>;
}

/** Options of `tokenStoreContract`. */
export interface StoreContractOptions {
  /**
   * Opens a store that shares its records with the stores of other calls, as another process would open it.
   *
   * @returns The store
   */
  open(): TokenStore | Promise<TokenStore>;
  /** Before each key, so that a store that is not empty can be tested. Default: random. */
  readonly keyPrefix?: string | undefined;
}

/** Competing commits per case. */
const RIVALS = 16;
const ROUNDS = 5;
/** A clock that shows an earlier time than 2020 counts seconds, or from another epoch. */
const EARLIEST_MS = 1_577_836_800_000;
/** A database may round its time. */
const CLOCK_TOLERANCE_MS = 5;
/** Longest time of a call of a busy database, ms; well below the lease. */
const CALL_MS = 1_500;

interface ContractRecord extends StoredRecord {
  readonly writer: string;
  readonly nested: Record<string, unknown>;
}

function record(epoch: number, writer: string): ContractRecord {
  const text = 'quote " backslash \\ line\n tab\t null\u0000 snow \u2603 emoji \u{1f600} lone \u2028';
  return { epoch, writer, nested: { text, list: [1, 2.5, -3, null, true, {}], deep: { deeper: { deepest: "" } } } };
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new Error(`the token store does not meet its contract: ${message}`);
}

/** Compares as JSON values, whatever the order of members. */
function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every((name) => sameJson(one[name as keyof typeof one], other[name as keyof typeof other]))
  );
}

/**
 * Lists what a `TokenManager` relies on, as cases for any test runner.
 *
 * @param options - Opens the store under test
 * @returns The cases; `run` rejects when the store does not keep the contract
 * @example
 * ```ts
 * import type { TokenStore } from "@ghl-edge/oauth";
 * import { tokenStoreContract } from "@ghl-edge/oauth/testing";
 *
 * declare function test(name: string, run: () => Promise<void>): void;
 * declare function openMyStore(): TokenStore;
 *
 * for (const { name, run } of tokenStoreContract({ open: openMyStore })) test(name, run);
 * ```
 */
export function tokenStoreContract(options: StoreContractOptions): StoreContractCase[] {
  const prefix = options.keyPrefix ?? `contract-${crypto.randomUUID()}`;
  const contractCase = (name: string, run: (store: TokenStore, key: string) => Promise<void>): StoreContractCase => ({
    name,
    run: async () => run(await options.open(), `${prefix}:${name}`),
  });

  return [
    contractCase("a key that was never committed loads as undefined", async (store, key) => {
      demand((await store.load(key)) === undefined, "load of an unknown key must be undefined, got a record");
    }),
    contractCase("a committed record is loaded as it was, also by another process", async (store, key) => {
      demand(await store.commit(key, 0, record(1, "a")), "the first commit was refused");
      demand(sameJson(await store.load(key), record(1, "a")), "the loaded record differs");
      demand(sameJson(await (await options.open()).load(key), record(1, "a")), "another store sees another record");
    }),
    contractCase("a record is replaced as a whole", async (store, key) => {
      await store.commit(key, 0, record(1, "a"));
      demand(await store.commit(key, 1, { epoch: 2 }), "the second commit was refused");
      demand(sameJson(await store.load(key), { epoch: 2 }), "members of the earlier record are left");
    }),
    contractCase(
      "a commit with an old, a future or a missing epoch is refused and changes nothing",
      async (store, key) => {
        demand(!(await store.commit(key, 3, record(4, "x"))), "a commit on a missing record must be refused, got true");
        demand((await store.load(key)) === undefined, "the refused commit left a record");
        for (const epoch of [0, 1, 2]) await store.commit(key, epoch, record(epoch + 1, "a"));
        for (const epoch of [0, 1, 2, 4]) {
          demand(
            !(await store.commit(key, epoch, record(epoch + 1, "x"))),
            `a commit with epoch ${epoch} on 3 must be refused, got true`,
          );
          demand(sameJson(await store.load(key), record(3, "a")), "the refused commit changed the record");
        }
      },
    ),
    contractCase("of commits at the same time exactly one is carried out", async (_store, key) => {
      const stores = await Promise.all(Array.from({ length: RIVALS }, () => options.open()));
      for (let epoch = 0; epoch < ROUNDS; epoch++) {
        const won = await Promise.all(
          stores.map((store, index) => store.commit(key, epoch, record(epoch + 1, `${index}`))),
        );
        const winners = won.flatMap((each, index) => (each ? [index] : []));
        demand(
          winners.length === 1,
          `one of ${RIVALS} commits with epoch ${epoch} must succeed, got ${winners.length}`,
        );
        demand(
          sameJson(await stores[0]!.load(key), record(epoch + 1, `${winners[0]}`)),
          "the record is not the winner's",
        );
      }
    }),
    contractCase("no increment is lost among many that load and commit", async (_store, key) => {
      const stores = await Promise.all(Array.from({ length: RIVALS }, () => options.open()));
      await Promise.all(
        stores.map(async (store) => {
          for (;;) {
            const epoch = (await store.load(key))?.epoch ?? 0;
            if (await store.commit(key, epoch, record(epoch + 1, "a"))) return;
          }
        }),
      );
      demand((await stores[0]!.load(key))?.epoch === RIVALS, "the epoch is not the number of commits");
    }),
    contractCase(
      "an epoch that was passed long ago is refused by a store that was open all the time",
      async (store, key) => {
        for (let epoch = 0; epoch < 20; epoch++) await store.commit(key, epoch, record(epoch + 1, "a"));
        for (const epoch of [0, 1, 10, 15, 19])
          demand(
            !(await store.commit(key, epoch, record(epoch + 1, "x"))),
            `a commit with epoch ${epoch} on 20 must be refused, got true`,
          );
        demand((await store.load(key))?.epoch === 20, "the newest record is not the one loaded");
      },
    ),
    contractCase("its clock, where it has one, is the same for all processes and does not go back", async (store) => {
      if (store.now === undefined) return;
      const other = await options.open();
      let before = await store.now();
      demand(Number.isFinite(before) && before > EARLIEST_MS, `now() must be Unix milliseconds, got ${before}`);
      for (let round = 0; round < ROUNDS; round++)
        for (const clock of [other, store]) {
          const atMs = await clock.now!();
          demand(atMs >= before - CLOCK_TOLERANCE_MS, `now() of two processes differs by ${before - atMs} ms`);
          demand(atMs <= before + CALL_MS, `now() of two processes differs by ${atMs - before} ms`);
          before = atMs;
        }
    }),
    contractCase("keys do not meet, whatever they are made of", async (store, key) => {
      const keys = ["", "/../x", " ", "A", "a", "ä", "%", "'; --", "x".repeat(300)].map((part) => `${key}${part}`);
      for (const each of keys) demand(await store.commit(each, 0, record(1, each)), "a fresh key was taken");
      for (const each of keys)
        demand(sameJson(await store.load(each), record(1, each)), "a key holds another's record");
    }),
  ];
}
