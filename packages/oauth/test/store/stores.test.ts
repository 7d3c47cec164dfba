import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryTokenStore, type StoredRecord, type TokenStore } from "../../src/index.ts";
import { createFileTokenStore } from "../../src/node.ts";
import { createSqlTokenStore, migrateTokenStore, tokenStoreMigrations } from "../../src/sql.ts";
import { tokenStoreContract } from "../../src/testing.ts";
import { sqliteDriver } from "../proofs/stores.ts";

const folder = mkdtempSync(join(tmpdir(), "ghl-oauth-stores-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const memory = createMemoryTokenStore();
const database = join(folder, "contract.sqlite");
await migrateTokenStore(sqliteDriver(database));
const stores: Record<string, () => TokenStore> = {
  memory: () => memory,
  files: () => createFileTokenStore({ folder: join(folder, "contract") }),
  "node:sqlite": () => createSqlTokenStore({ driver: sqliteDriver(database) }),
};

for (const [name, open] of Object.entries(stores))
  describe(`${name} store`, () => {
    for (const { name: demand, run } of tokenStoreContract({ open })) test(demand, run);
  });

describe("the contract finds", () => {
  const failing = async (store: TokenStore): Promise<string[]> => {
    const names: string[] = [];
    for (const { name, run } of tokenStoreContract({ open: () => store })) await run().catch(() => names.push(name));
    return names;
  };

  test("the contract finds a store without compare-and-set", async () => {
    const records = new Map<string, StoredRecord>();
    const found = await failing({
      load: async (key) => records.get(key),
      commit: async (key, _expectedEpoch, next) => {
        records.set(key, next);
        return true;
      },
    });
    expect(found).toContain("of commits at the same time exactly one is carried out");
    expect(found).toContain("a commit with an old, a future or a missing epoch is refused and changes nothing");
  });

  test("a store that compares first and sets later", async () => {
    const records = new Map<string, StoredRecord>();
    const found = await failing({
      load: async (key) => records.get(key),
      commit: async (key, expectedEpoch, next) => {
        if ((records.get(key)?.epoch ?? 0) !== expectedEpoch) return false;
        await Promise.resolve();
        records.set(key, next);
        return true;
      },
    });
    expect(found).toEqual([
      "of commits at the same time exactly one is carried out",
      "no increment is lost among many that load and commit",
    ]);
  });

  test("a store that reads from a copy that is behind", async () => {
    const store = createMemoryTokenStore();
    const copies = new Map<string, StoredRecord | undefined>();
    const found = await failing({
      load: async (key) => copies.get(key),
      commit: async (key, expectedEpoch, next) => {
        copies.set(key, await store.load(key));
        return store.commit(key, expectedEpoch, next);
      },
    });
    expect(found).toContain("a committed record is loaded as it was, also by another process");
  });
});

test("the contract finds a store that takes each process's own clock for its own", async () => {
  const store = createMemoryTokenStore();
  let opened = 0;
  const open = (): TokenStore => {
    const skewMs = 10_000 * opened++;
    return { ...store, now: async () => Date.now() + skewMs };
  };
  const failing: string[] = [];
  for (const { name, run } of tokenStoreContract({ open })) await run().catch(() => failing.push(name));
  expect(failing).toEqual(["its clock, where it has one, is the same for all processes and does not go back"]);
});

test("the clock of a SQL store is the database's", async () => {
  const now = await createSqlTokenStore({ driver: sqliteDriver(database) }).now!();
  expect(Math.abs(now - Date.now())).toBeLessThan(2_000);
  const fixed = createSqlTokenStore({ driver: sqliteDriver(database), nowSql: "42" });
  expect(await fixed.now!()).toBe(42);
});

describe("files", () => {
  const only = (path: string): string => join(path, readdirSync(path)[0]!);

  test("files are readable by their owner alone, and are few", async () => {
    const path = join(folder, "modes");
    const store = createFileTokenStore({ folder: path });
    for (let epoch = 0; epoch < 30; epoch++) await store.commit("key", epoch, { epoch: epoch + 1 });
    expect(statSync(path).mode & 0o777).toBe(0o700);
    const names = readdirSync(only(path));
    expect(names.length).toBeLessThanOrEqual(5);
    for (const name of names) expect(statSync(join(only(path), name)).mode & 0o777).toBe(0o600);
  });

  test("files survive a crash in the middle of a commit", async () => {
    const path = join(folder, "crash");
    let nowMs = 1_800_000_000_000;
    const store = createFileTokenStore({ folder: path, now: () => nowMs });
    await store.commit("key", 0, { epoch: 1 });
    // A process that is killed while it writes leaves this file.
    writeFileSync(join(only(path), `tmp-${nowMs}-dead`), '{"epo');
    expect(await store.load("key")).toEqual({ epoch: 1 });
    nowMs += 61_000;
    expect(await store.commit("key", 1, { epoch: 2 })).toBe(true);
    expect(readdirSync(only(path)).sort()).toEqual(["1.json", "2.json"]);
  });

  test("files refuse a commit whose name is free again", async () => {
    const path = join(folder, "reused");
    const store = createFileTokenStore({ folder: path });
    for (let epoch = 0; epoch < 12; epoch++) await store.commit("key", epoch, { epoch: epoch + 1 });
    expect(readdirSync(only(path))).not.toContain("3.json");
    expect(await store.commit("key", 2, { epoch: 3 })).toBe(false);
    expect(await store.load("key")).toEqual({ epoch: 12 });
    await expect(store.commit("key", 12, { epoch: 14 })).rejects.toThrow(RangeError);
  });

  test("a folder that cannot be written is an error, not an empty store", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    const store = createFileTokenStore({ folder: path });
    await expect(store.load("key")).rejects.toThrow();
    await expect(store.commit("key", 0, { epoch: 1 })).rejects.toThrow();
  });
});

describe("migrations", () => {
  test("migrations are carried out once, also by several at the same time", async () => {
    const path = join(folder, "migrations.sqlite");
    const done = await Promise.all([migrateTokenStore(sqliteDriver(path)), migrateTokenStore(sqliteDriver(path))]);
    expect(done.flat()).toEqual(tokenStoreMigrations.map(({ id }) => id));
    expect(await migrateTokenStore(sqliteDriver(path))).toEqual([]);
  });

  test("a missing table is an error, not an empty store", async () => {
    const store = createSqlTokenStore({ driver: sqliteDriver(join(folder, "empty.sqlite")) });
    await expect(store.load("key")).rejects.toThrow();
  });
});
