import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
/** Folder for outputs of generators and for apps to compile. It can be deleted at any time. */
export const WORK: string = join(ROOT, "bench/.work");
/** HighLevel's documents as they come; there only beside a working copy that has them. */
export const UPSTREAM: string = join(ROOT, "../shared/openapi-upstream");

/** Input of a section. */
export interface Context {
  /** Smallest numbers of rounds: shows that the benchmark works, not how fast anything is. */
  readonly short: boolean;
  /** Prints one line of progress. */
  readonly log: (line: string) => void;
}

const jsonFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => join(folder, name))
    : [];

/** The distilled documents of one generation, or of both. */
export const distilled = (...generations: ("v2" | "v3")[]): string[] =>
  generations.flatMap((generation) => jsonFiles(join(ROOT, "openapi", generation)));

/** The documents as HighLevel publishes them, or none. */
export const upstream = (): string[] => [...jsonFiles(join(UPSTREAM, "apps")), ...jsonFiles(join(UPSTREAM, "apps/v3"))];
