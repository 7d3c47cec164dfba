import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";

export interface StorageFault {
  /** Selects the statements that fail. Default: none. */
  readonly sql?: (query: string) => boolean;
  /** Selects the operations on keys that fail. Default: none. */
  readonly kv?: (operation: "get" | "put", key: string) => boolean;
}

/** As a full disk answers, in every object, until `vi.restoreAllMocks()`. */
export async function failStorage({ sql = () => false, kv = () => false }: StorageFault): Promise<void> {
  const full = (): never => {
    throw new Error("database or disk is full: SQLITE_FULL");
  };
  await runInDurableObject(env.EVENT_BUFFER.getByName("storage-seam"), (_object, { storage }) => {
    const sqlSeam = Object.getPrototypeOf(storage.sql) as SqlStorage;
    const kvSeam = Object.getPrototypeOf(storage.kv) as SyncKvStorage;
    const { exec } = sqlSeam;
    const { get, put } = kvSeam;
    vi.spyOn(sqlSeam, "exec").mockImplementation(function (this: SqlStorage, query, ...bindings) {
      return sql(query) ? full() : (exec.call(this, query, ...bindings) as never);
    });
    vi.spyOn(kvSeam, "get").mockImplementation(function (this: SyncKvStorage, key) {
      return kv("get", key) ? full() : get.call(this, key);
    });
    vi.spyOn(kvSeam, "put").mockImplementation(function (this: SyncKvStorage, key, value) {
      return kv("put", key) ? full() : put.call(this, key, value);
    });
  });
}
