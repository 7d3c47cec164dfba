/** The TypeScript examples of the READMEs and of the doc comments, and where each of them must run. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackages, ROOT } from "./packages.ts";

/** One ```ts block of a README. */
export interface Example {
  /** Folder of the package below packages/ (`client/src` for a doc comment), or `root`. */
  readonly owner: string;
  /** From 1, in the README's order. */
  readonly index: number;
  /** `packages/client/README.md:9`: what a failing test names. */
  readonly position: string;
  readonly code: string;
  /**
   * Every example runs, but one that has something of the reader's own in it (`declare const`), or has `<!-- smoke: compile -->`
   * above it.
   */
  readonly mode: "run" | "compile";
  readonly runtimes: readonly ("node" | "workerd")[];
}

const BLOCK = /(?:^<!-- smoke: (\w+)[^\n]*-->\n+)?^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```$/gm;
/** A promise to run in Workers, in a README or a description. */
const PROMISES_WORKERD = /web standards|workerd|\bWorkers\b/i;
const NODE_ONLY = /from "node:|from "@ghl-edge\/[\w-]+\/node"|\bprocess\./;
const WORKERS_ONLY = /from "cloudflare:|from "@ghl-edge\/[\w-]+\/durable-object"/;

const DECLARED = /^declare const /m;

/** A README, by its package. */
export interface Readme {
  readonly owner: string;
  readonly path: string;
  readonly text: string;
  /** Whether the package promises to run in Workers. */
  readonly promisesWorkerd: boolean;
}

/** Returns the examples in one README. */
export function examplesOf({ owner, path, text: readme, promisesWorkerd }: Readme): Example[] {
  return [...readme.matchAll(BLOCK)].map((match, index) => {
    const [, mode, code] = match;
    if (mode !== undefined && mode !== "compile" && mode !== "run")
      throw new Error(`${path}: smoke knows "compile" and "run", not "${mode}"`);
    const line = readme.slice(0, match.index + match[0].indexOf("```")).split("\n").length;
    const runtimes: Example["runtimes"] = WORKERS_ONLY.test(code!)
      ? ["workerd"]
      : NODE_ONLY.test(code!) || !promisesWorkerd
        ? ["node"]
        : ["node", "workerd"];
    return {
      owner,
      index: index + 1,
      position: `${path}:${line}`,
      code: code!,
      mode: mode ?? (DECLARED.test(code!) ? "compile" : "run"),
      runtimes,
    };
  });
}

const DOC_COMMENT = /\/\*\*[\s\S]*?\*\//g;
/** The text of an `@example` ends at the next tag, or with the comment. */
const DOC_EXAMPLE = /^ *@example\b[^\n]*\n([\s\S]*?)(?=^ *@\w|(?![\s\S]))/gm;
const FENCED = /^```ts\n([\s\S]*?)^```/m;

/** The examples in the doc comments of one source file. They are compiled; the READMEs' are also run. */
export function docExamplesOf(owner: string, path: string, source: string): Omit<Example, "index">[] {
  return [...source.matchAll(DOC_COMMENT)].flatMap((comment) => {
    const text = comment[0].slice(3, -2).replaceAll(/^[ \t]*\* ?/gm, "");
    return [...text.matchAll(DOC_EXAMPLE)].flatMap((match): Omit<Example, "index">[] => {
      const code = FENCED.exec(match[1]!)?.[1]?.trimEnd();
      const line =
        source.slice(0, comment.index).split("\n").length + text.slice(0, match.index).split("\n").length - 1;
      if (code === undefined) return [];
      const runtimes: Example["runtimes"] = WORKERS_ONLY.test(code) ? ["workerd"] : ["node"];
      return [{ owner, position: `${path}:${line}`, code, mode: "compile", runtimes }];
    });
  });
}

/** The examples in the doc comments of one package, but those that codegen wrote. */
function findDocExamples(folder: string): Example[] {
  return globSync(`packages/${folder}/src/**/*.ts`, { cwd: ROOT })
    .filter((path) => !path.includes("/generated/"))
    .sort()
    .flatMap((path) => docExamplesOf(`${folder}/src`, path, readFileSync(join(ROOT, path), "utf8")))
    .map((example, index) => ({ ...example, index: index + 1 }));
}

/** All examples: of the root README, and of every published package's README and doc comments. */
export function findExamples(): Example[] {
  return [
    ...examplesOf({
      owner: "root",
      path: "README.md",
      text: readFileSync(join(ROOT, "README.md"), "utf8"),
      promisesWorkerd: true,
    }),
    ...findPackages().flatMap(({ folder, manifest, readme }) => {
      const promisesWorkerd = PROMISES_WORKERD.test(
        `${manifest.description} ${readme.slice(0, readme.indexOf("```"))}`,
      );
      return [
        ...examplesOf({ owner: folder, path: `packages/${folder}/README.md`, text: readme, promisesWorkerd }),
        ...findDocExamples(folder),
      ];
    }),
  ];
}

/** Path of an example's file in the fresh project. */
export const exampleFile = ({ owner, index }: Example): string => `examples/${owner}/${index}.ts`;
