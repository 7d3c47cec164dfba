import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Finished, runNode } from "../lib/child.ts";
import { ROOT, UPSTREAM } from "../lib/context.ts";

const CONFIG = "ghl-codegen.config.ts";

/** Runs our command as a user does. */
export const ghlCodegen = (...args: string[]): Promise<Finished> =>
  runNode([join(ROOT, "packages/codegen/bin/ghl-codegen.js"), ...args], ROOT);

export const isBuilt = (): boolean => existsSync(join(ROOT, "packages/codegen/dist/cli.js"));

/** A checkout with nothing but the distilled documents in it: no output, no cache. */
export function freshCheckout(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  // where our command keeps its cache
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  cpSync(join(ROOT, "openapi"), join(folder, "openapi"), { recursive: true });
  configure(folder);
}

/** The targets of this repository. */
function configure(folder: string): void {
  cpSync(join(ROOT, CONFIG), join(folder, CONFIG));
}

/** Types, methods, metadata, routes, emulator data and webhooks of a checkout. */
export const generateIn = (folder: string): Promise<Finished> =>
  ghlCodegen("generate", "--config", join(folder, CONFIG));

/** Generates code from HighLevel's unchanged documents. It compiles beside the client's sources. */
export async function syncAndGenerate(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const overlays = join(ROOT, "openapi/overlays");
  await ghlCodegen("sync", "--from", UPSTREAM, "--out", join(folder, "openapi"), "--overlays", overlays);
  configure(folder);
  await generateIn(folder);
  const sources = join(ROOT, "packages/client/src");
  cpSync(sources, join(folder, "packages/client/src"), {
    recursive: true,
    filter: (path) => path !== join(sources, "generated"),
  });
}
