import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import type { Origin, Source } from "../load/source/source.ts";

/**
 * Counts up when the same upstream bytes give other distilled bytes. It stands in the lock instead of the package
 * version, so that a release that changes nothing here changes nothing there.
 */
export const DISTIL_FORMAT = 2;

/** One row of `sources.lock.json`. A value that is not known is absent. */
export interface LockEntry extends Origin {
  /** Path inside the repository. */
  readonly path: string;
  /** SHA-256 of the upstream file's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** `sources.lock.json`: rows by document (`v3/contacts`) or by shared file (`common/…`). */
export interface Lock {
  readonly tool: { readonly name: string; readonly format: number };
  readonly documents: Readonly<Record<string, LockEntry>>;
}

/**
 * The lock for a source. A file whose bytes are those of the old lock keeps what was known of it; for any other, only
 * what the source knows of itself is recorded.
 */
export function makeLock(source: Source, names: ReadonlyMap<string, string>, previous: Lock | undefined): Lock {
  const documents: Record<string, LockEntry> = {};
  for (const [path, name] of [...names].sort(([, a], [, b]) => (a < b ? -1 : 1))) {
    const bytes = source.files.get(path);
    if (bytes === undefined) continue;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const known = previous?.documents[name];
    const inherited = known?.sha256 === sha256 && known.path === path ? known : undefined;
    documents[name] = {
      ...origin("repository", source.origin.repository ?? inherited?.repository),
      ...origin("commit", source.origin.commit ?? inherited?.commit),
      ...origin("date", source.origin.date ?? inherited?.date),
      path,
      sha256,
    };
  }
  return { tool: { name: "ghl-codegen", format: DISTIL_FORMAT }, documents };
}

function origin(key: "repository" | "commit" | "date", value: string | undefined): Origin {
  return value === undefined ? {} : { [key]: value };
}

export function printLock(lock: Lock): string {
  return `${JSON.stringify(lock, null, 1)}\n`;
}

/**
 * Reads a lock file leniently: rows that are not valid are ignored.
 *
 * @param value - The parsed JSON of `sources.lock.json`
 * @returns The lock
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { readLock } from "@ghl-edge/codegen";
 *
 * const lock = readLock(JSON.parse(readFileSync("openapi/sources.lock.json", "utf8")));
 * ```
 */
export function readLock(value: Json): Lock {
  const documents: Record<string, LockEntry> = {};
  for (const [name, row] of Object.entries(objectAt(objectAt(value).documents))) {
    if (isObject(row) && typeof row.path === "string" && typeof row.sha256 === "string") {
      documents[name] = { path: row.path, sha256: row.sha256, ...readOrigin(row) };
    }
  }
  return { tool: { name: "ghl-codegen", format: Number(objectAt(objectAt(value).tool).format) }, documents };
}

function readOrigin(row: JsonObject): Origin {
  const text = (key: "repository" | "commit" | "date"): Origin =>
    typeof row[key] === "string" ? { [key]: row[key] } : {};
  return { ...text("repository"), ...text("commit"), ...text("date") };
}

/** The one origin that all rows of a lock share, or an empty one. */
export function lockedOrigin(lock: Lock | undefined): Origin {
  const [first, ...rest] = Object.values(lock?.documents ?? {});
  if (first === undefined) return {};
  const { repository, commit, date } = first;
  const same = rest.every((row) => row.repository === repository && row.commit === commit);
  return same ? { repository, commit, date } : {};
}
