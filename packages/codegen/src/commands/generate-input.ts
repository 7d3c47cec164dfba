import { relative, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { isAddress, locate } from "../input/load/location.ts";
import type { GenerateInput } from "../output/generate/generate.ts";
import type { Targets } from "../output/generate/targets.ts";
import { type CommandIo, type FlagValues, textFlag } from "./command.ts";
import { loadConfig } from "./config/load-config.ts";

/** The input of one call of `generate`, as the flags and the configuration give it. */
export interface Assignment {
  readonly input: GenerateInput;
  /** Folder that has the cache in its `node_modules`. */
  readonly root: string;
}

const TARGETS = ["client", "webhooks", "emulator", "operations"] as const;

const NOTHING_TO_DO = `nothing says what to generate: no ghl-codegen.config.ts here or above, and no flag
  a document of your own:  ghl-codegen generate --input petstore.yaml --out src/api
  HighLevel's modules:     ghl-codegen sync && ghl-codegen generate --client src/highlevel
  the same from a file:    write ghl-codegen.config.ts
    import { defineConfig } from "@ghl-edge/codegen";
    export default defineConfig({ targets: { client: "src/highlevel" } });`;

/** Reads flags and, where they name no document and no target, the configuration. @throws UsageError */
export async function readAssignment(flags: FlagValues, io: CommandIo): Promise<Assignment> {
  const file = textFlag(flags, "input");
  const out = textFlag(flags, "out");
  if (file !== undefined && out !== undefined) return readFileInput({ file, out }, flags, io);
  if (file !== undefined || out !== undefined) throw new UsageError("--input and --out go together");
  for (const name of ["name", "skip-unsupported"]) {
    if (flags[name] !== undefined) throw new UsageError(`--${name} belongs to --input`);
  }
  return readWorkspaceInput(flags, io);
}

function readFileInput(
  { file, out }: { readonly file: string; readonly out: string },
  flags: FlagValues,
  { cwd }: CommandIo,
): Assignment {
  const other = ["config", "openapi", ...TARGETS].find((name) => flags[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} belongs to HighLevel's modules, not to --input`);
  if (flags.watch === true && isAddress(file)) throw new UsageError("--watch needs a file, not an address");
  const input = {
    file: locate(file, cwd),
    out: resolve(cwd, out),
    name: textFlag(flags, "name"),
    skipUnsupported: flags["skip-unsupported"] === true,
  };
  return { input, root: cwd };
}

async function readWorkspaceInput(flags: FlagValues, { cwd }: CommandIo): Promise<Assignment> {
  const loaded = await loadConfig(cwd, textFlag(flags, "config"));
  const root = loaded?.root ?? cwd;
  const fromFlag = (name: string): string | undefined => {
    const folder = textFlag(flags, name);
    return folder === undefined ? undefined : relative(root, resolve(cwd, folder)).replaceAll("\\", "/") || ".";
  };
  const named = Object.fromEntries(TARGETS.map((name) => [name, fromFlag(name)])) as Targets;
  const hasNamed = Object.values(named).some((folder) => folder !== undefined);
  const targets = hasNamed ? named : loaded?.config.targets;
  if (targets === undefined || Object.keys(targets).length === 0) throw new UsageError(NOTHING_TO_DO);
  const { openapi, imports } = loaded?.config ?? {};
  return { input: { root, openapi: fromFlag("openapi") ?? openapi, targets, imports }, root };
}
