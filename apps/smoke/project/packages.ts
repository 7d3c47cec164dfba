/**
 * The published packages of this workspace, found by looking: every folder below packages/ whose manifest is not private and
 * that has a README. One without is only being begun; `pnpm check:exports` lets none be released so.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));

/** The fields of package.json that are read here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package of this repository. */
export interface SourcePackage {
  /** `client` of packages/client. */
  readonly folder: string;
  readonly path: string;
  readonly manifest: Manifest;
  /** Text of README.md. */
  readonly readme: string;
}

/** All published packages, by name. */
export function findPackages(root: string = ROOT): SourcePackage[] {
  return globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => join(root, dirname(path)))
    .filter((path) => existsSync(join(path, "README.md")))
    .map((path) => ({
      folder: basename(path),
      path,
      manifest: JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest,
      readme: readFileSync(join(path, "README.md"), "utf8"),
    }))
    .filter(({ manifest }) => !manifest.private);
}

/** Import specifiers of a package's entries: `@ghl-edge/client/v3/contacts`. A `.json` entry has no types and is left out. */
export function entriesOf(manifest: Manifest): string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target !== "string")
    .map(([entry]) => manifest.name + entry.slice(1));
}
