import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeProject } from "./compiler.ts";
import { WORK } from "./context.ts";

/** Writes an app of one file, `app.ts`, ready to compile; returns its folder. */
export function writeApp(id: string, text: string): string {
  const folder = join(WORK, "apps", id);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "app.ts"), text);
  writeProject(folder, ["app.ts"]);
  return folder;
}
