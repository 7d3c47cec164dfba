import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "@ghl-edge/core";
import { makeFolder } from "../../make-folder.ts";
import { digest } from "./digest.ts";

/** Files that a unit wrote: path → digest of the text. */
export type Outputs = Readonly<Record<string, string>>;

/** Remembers what units wrote. It holds digests only: what is stale is generated again, never restored from here. */
export interface Cache {
  get(key: string): Outputs | undefined;
  set(key: string, outputs: Outputs): void;
  /** Keeps what was asked for or set since the cache was opened, drops the rest. */
  save(): void;
}

export const NO_CACHE: Cache = { get: () => undefined, set: () => {}, save: () => {} };

/** The folder packages keep their caches in; undefined where the root has no `node_modules`. */
export function defaultCacheFolder(root: string): string | undefined {
  const modules = join(root, "node_modules");
  return existsSync(modules) ? join(modules, ".cache", "ghl-edge-codegen") : undefined;
}

/** @param scope - What the cache is for; each has a file of its own, so that one run does not drop what another keeps */
export function openCache(folder: string, scope: string): Cache {
  const file = join(folder, `${digest(scope).slice(0, 16)}.json`);
  const before = read(file);
  const after = new Map<string, Outputs>();
  return {
    get(key) {
      const outputs = before.get(key);
      if (outputs !== undefined) after.set(key, outputs);
      return outputs;
    },
    set(key, outputs) {
      after.set(key, outputs);
    },
    save() {
      const text = JSON.stringify(Object.fromEntries([...after].sort(([a], [b]) => (a < b ? -1 : 1))));
      try {
        makeFolder(dirname(file));
        writeFileSync(file, text);
      } catch {
        // a cache that cannot be written costs the next run its time, nothing else
      }
    },
  };
}

function read(file: string): Map<string, Outputs> {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
    const entries = isObject(value) ? Object.entries(value) : [];
    return new Map(entries.filter((entry): entry is [string, Outputs] => isOutputs(entry[1])));
  } catch {
    return new Map();
  }
}

function isOutputs(value: unknown): value is Outputs {
  return isObject(value) && Object.values(value).every((item) => typeof item === "string");
}
