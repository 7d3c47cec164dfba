import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NotParsableError, UnreadableFileError } from "../../errors.ts";
import { parseJson } from "../../input/load/parse.ts";
import { isObject } from "../../json/json.ts";
import type { Package } from "./bump.ts";

/** A package that is generated from the documents, in `ghl-codegen.config.ts`. */
export interface GeneratedPackage {
  /** Folder of its package.json. */
  readonly folder: string;
  /** The part of the documents that the package is generated from. */
  readonly follows: "operations" | "events";
  /** Whether users compile against its types: then code that no longer compiles is a breaking change. Default true. */
  readonly typed?: boolean;
}

/** Reads name and version of packages. @throws UnreadableFileError when one is not there */
export async function readPackages(packages: readonly GeneratedPackage[], root: string): Promise<Package[]> {
  return Promise.all(packages.map((one) => readPackage(one, root)));
}

async function readPackage({ folder, follows, typed = true }: GeneratedPackage, root: string): Promise<Package> {
  const file = join(folder, "package.json");
  const bytes = await readFile(join(root, file)).catch((cause: unknown) => {
    throw new UnreadableFileError("file not found", { file }, { cause });
  });
  const manifest = parseJson(bytes, file);
  if (!isObject(manifest) || typeof manifest.name !== "string" || typeof manifest.version !== "string")
    throw new NotParsableError("package.json must have a name and a version", { file });
  return { name: manifest.name, version: manifest.version, follows, typed };
}

/** For documents of anybody: what a package that follows them would be released as. */
export const ANY_PACKAGE: readonly Package[] = [
  { name: "a package at 0.x", version: "0.1.0", follows: "operations", typed: true },
  { name: "a package from 1.0 on", version: "1.0.0", follows: "operations", typed: true },
];
