/** Programs of the fresh project, compiled by the TypeScripts that users have. */
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODES } from "./nodes.ts";
import { run } from "./run.ts";

/** Each is a devDependency of this app, as `typescript-<version>`. */
export const VERSIONS = ["5.9", "6.0", "7.0"] as const;
export const RESOLUTIONS = ["bundler", "nodenext"] as const;

/** Compiler options per platform. */
const PLATFORMS = {
  node: { lib: ["ES2023"], types: ["node"] },
  "node and browser": { lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"], types: ["node"] },
  browser: { lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"], types: [] },
  workers: { lib: ["ES2023"], types: ["@cloudflare/workers-types"] },
} as const;

/** One program. */
export interface Program {
  readonly name: string;
  readonly version: (typeof VERSIONS)[number];
  readonly resolution: (typeof RESOLUTIONS)[number];
  readonly platform: keyof typeof PLATFORMS;
  /** Relative to the project. */
  readonly files: readonly string[];
  /** `strictest`: every check that the compiler has for what a user writes. Default `strict`. */
  readonly checks?: "strict" | "strictest";
}

/** Options that a careful user sets besides `strict`. All three versions have them. */
const STRICTEST = {
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
} as const;

const compilerOf = (version: string): string =>
  fileURLToPath(new URL(`../node_modules/typescript-${version}/bin/tsc`, import.meta.url));

/** `Version 5.9.3`. */
export async function versionOf(version: string): Promise<string> {
  return (await run(NODES[0]!.path!, [compilerOf(version), "--version"], { cwd: process.cwd() })).stdout.trim();
}

/** Returns the messages of the compiler; empty when there is no error. */
export async function compile(project: string, program: Program): Promise<string> {
  for (const file of program.files)
    if (globSync(file, { cwd: project }).length === 0) throw new Error(`no ${file} in the project`);
  const config = `tsconfig.${program.name.replaceAll(/\W+/g, "-")}.json`;
  const options = {
    compilerOptions: {
      ...PLATFORMS[program.platform],
      target: "ES2023",
      module: program.resolution === "nodenext" ? "NodeNext" : "ESNext",
      moduleResolution: program.resolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      // examples import the .ts files that codegen wrote for them
      allowImportingTsExtensions: true,
      noEmit: true,
      ...(program.checks === "strictest" ? STRICTEST : {}),
    },
    files: program.files,
  };
  writeFileSync(join(project, config), JSON.stringify(options));
  const args = [compilerOf(program.version), "-p", config, "--pretty", "false"];
  const { code, stdout, stderr } = await run(NODES[0]!.path!, args, { cwd: project });
  const said = stdout + stderr;
  return code === 0 || said ? said : `tsc ended with ${code}`;
}
