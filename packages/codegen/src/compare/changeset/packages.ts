import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json } from "../../json/json.ts";
import type { Package } from "./bump.ts";

/** Packages of a checkout that are generated from the documents, by folder. */
const GENERATED: readonly (readonly [folder: string, follows: Package["follows"], typed: boolean])[] = [
  ["packages/client", "operations", true],
  ["packages/emulator", "operations", false],
  ["packages/webhooks", "events", true],
];

/** The generated packages of a checkout with their versions; none where there is no checkout. */
export async function generatedPackages(root: string): Promise<Package[]> {
  const found: Package[] = [];
  for (const [folder, follows, typed] of GENERATED) {
    const text = await readFile(join(root, folder, "package.json"), "utf8").catch(() => undefined);
    const value = text === undefined ? undefined : (JSON.parse(text) as Json);
    if (!isObject(value) || typeof value.name !== "string" || typeof value.version !== "string") continue;
    found.push({ name: value.name, version: value.version, follows, typed });
  }
  return found;
}

/** For documents of anybody: what a package that follows them would be released as. */
export const ANY_PACKAGE: readonly Package[] = [
  { name: "a package at 0.x", version: "0.1.0", follows: "operations", typed: true },
  { name: "a package from 1.0 on", version: "1.0.0", follows: "operations", typed: true },
];
