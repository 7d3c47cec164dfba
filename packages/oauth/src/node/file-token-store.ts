import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { checkFunction, checkText } from "../oauth/app.ts";
import type { StoredRecord, TokenStore } from "../store/token-store.ts";

/** Options of `createFileTokenStore`. */
export interface FileTokenStoreOptions {
  /** Made if missing, readable by this user only. On a disk of this machine that knows hard links. */
  readonly folder: string;
  /** Unix time in milliseconds. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
}

/** Number of replaced records that stay, so that a process that lists a folder during a commit always finds one. */
const KEPT = 4;
/** Temporary files older than this were left by a crash, milliseconds. */
const ABANDONED_MS = 60_000;

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/**
 * Creates a store that keeps records in files, for all processes of one machine. Each key has a folder, and each epoch a file in it:
 * `<folder>/<hash of the key>/<epoch>.json`. A commit writes a temporary file, syncs it, and links it to the name of its epoch. A link is
 * made atomically and fails when the name is taken: that is the compare-and-set. So no crash leaves a lock file or half a record.
 *
 * The files contain secrets in the clear: protect the folder. Files have no clock of their own. Where several machines share the folder,
 * their clocks must not differ by more than `MAX_CLOCK_SKEW_MS` (1.5 s).
 *
 * @param options - The folder, and a clock
 * @returns The store
 * @throws {ConfigurationError} when the folder is not a text, or empty (`ERR_GHL_CONFIGURATION`)
 * @example
 * ```ts
 * import { createFileTokenStore } from "@ghl-edge/oauth/node";
 *
 * export const store = createFileTokenStore({ folder: "/var/lib/my-app/tokens" });
 * ```
 */
export function createFileTokenStore(options: FileTokenStoreOptions): TokenStore {
  // An empty folder is a variable that was not set, and would be the folder the process was started in.
  checkText("folder", options.folder);
  checkFunction("now", options.now);
  const folderOf = (key: string): string =>
    join(options.folder, createHash("sha256").update(key).digest("hex").slice(0, 32));
  const now = options.now ?? (() => Date.now());
  const fileOf = (folder: string, epoch: number): string => join(folder, `${epoch}.json`);

  async function epochsIn(folder: string): Promise<number[]> {
    try {
      const names = await readdir(folder);
      return names
        .flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
        .sort((a, b) => b - a);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  async function load(key: string): Promise<StoredRecord | undefined> {
    const folder = folderOf(key);
    for (;;) {
      const [newest] = await epochsIn(folder);
      if (newest === undefined) return undefined;
      try {
        return JSON.parse(await readFile(fileOf(folder, newest), "utf8")) as StoredRecord;
      } catch (error) {
        // Replaced several times since the folder was listed: look again.
        if (codeOf(error) !== "ENOENT") throw error;
      }
    }
  }

  async function writeSynced(path: string, text: string): Promise<void> {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Makes the new name itself durable. Not every platform lets a folder be opened. */
  async function syncFolder(folder: string): Promise<void> {
    const handle = await open(folder, "r").catch(() => undefined);
    await handle?.sync().catch(() => {});
    await handle?.close();
  }

  async function clean(folder: string, newest: number): Promise<void> {
    for (const epoch of await epochsIn(folder))
      if (epoch <= newest - KEPT) await unlink(fileOf(folder, epoch)).catch(() => {});
    for (const name of await readdir(folder)) {
      const startedAtMs = Number(/^tmp-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
      if (now() - startedAtMs > ABANDONED_MS) await unlink(join(folder, name)).catch(() => {});
    }
  }

  async function commit(key: string, expectedEpoch: number, next: StoredRecord): Promise<boolean> {
    if (next.epoch !== expectedEpoch + 1) throw new RangeError(`epoch must be ${expectedEpoch + 1}, got ${next.epoch}`);
    const folder = folderOf(key);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [newest = 0] = await epochsIn(folder);
    if (newest !== expectedEpoch) return false;
    const temporary = join(folder, `tmp-${now()}-${randomUUID()}`);
    const target = fileOf(folder, next.epoch);
    await writeSynced(temporary, JSON.stringify(next));
    try {
      await link(temporary, target);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    } finally {
      await unlink(temporary).catch(() => {});
    }
    // The name was free again if others had gone on from it and cleaned up: then this commit came too late.
    const [latest = 0] = await epochsIn(folder);
    if (latest >= next.epoch + KEPT) {
      await unlink(target).catch(() => {});
      return false;
    }
    await syncFolder(folder);
    if (expectedEpoch === 0) await syncFolder(options.folder);
    await clean(folder, next.epoch);
    return true;
  }

  return { load, commit };
}
