/** Says what is wrong with a command of a document: a sub-command, a flag, a script or a file that does not exist. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The environment of the check. Tests pass their own. */
export interface World {
  /** Root of the repository. */
  readonly root: string;
  /** Returns the output of `program words… --help`; `undefined` when there is no such sub-command. */
  help(program: string, words: readonly string[]): string | undefined;
}

/** Commands whose line is not run, each with the reason. Theirs are looked at where something can be. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  curl: "talks to a gateway of the reader's, with the reader's keys",
  "git clone": "needs a network",
  "npm install": "needs a network; the packages of ours that it names are looked up",
  npm: "its script is looked up; the scripts themselves are steps of CI",
  pnpm: "its script and the flags are looked up; the scripts themselves are steps of CI",
  "ghl-codegen": "sub-command and flags are looked up in its help; bins.test.ts runs it",
  "ghl-emulator": "flags are looked up in its help; bins.test.ts runs it",
  wrangler: "changes an account at Cloudflare; sub-command and flags are looked up in its help",
};

/** Programs of which a whole line is run in an empty folder. */
export const RUN: ReadonlySet<string> = new Set([
  "openssl",
  "git",
  "node",
  "printf",
  "echo",
  "tr",
  "sha256sum",
  "cd",
  "mkdir",
]);

/** Key of `NOT_RUN` that a command falls under. */
export function reasonOf([program, first]: readonly string[]): string | undefined {
  const key = program === "npx" ? first! : `${program} ${first}`;
  return NOT_RUN[key] ?? NOT_RUN[program!];
}

/** Commands of pnpm and npm that are no scripts. */
const BUILT_IN = new Set(["install", "exec", "pack", "dlx", "add", "publish"]);

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
}
interface Folder {
  readonly path: string;
  readonly manifest: Manifest;
}

const isFlag = (word: string): boolean => /^--?[a-z]/i.test(word);
const nameOf = (flag: string): string => flag.replace(/=.*$/, "");

/** Flags as a help text lists them. */
const flagsOf = (help: string): Set<string> => new Set(help.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? []);

/** @returns what is wrong, `undefined` when the command exists as it stands */
export function problemOf(words: readonly string[], document: string, world: World): string | undefined {
  const [program, ...rest] = words;
  switch (program) {
    case "npx":
      return /^ghl-(codegen|emulator)$/.test(rest[0] ?? "")
        ? problemOf(rest, document, world)
        : `npx ${rest[0]} is no command of ours`;
    case "ghl-codegen":
    case "ghl-emulator":
    case "wrangler":
      return problemOfProgram(program, rest, world);
    case "npm":
    case "pnpm":
      return problemOfScript(words, document, world);
    default:
      return RUN.has(program!) || reasonOf(words) ? undefined : `no such program: ${program}`;
  }
}

function problemOfProgram(program: string, words: readonly string[], world: World): string | undefined {
  const firstFlag = words.findIndex(isFlag);
  let named = words.slice(0, firstFlag < 0 ? words.length : firstFlag);
  let help = world.help(program, program === "wrangler" ? named : named.slice(0, 1));
  // The words after the sub-command may be its arguments.
  while (help === undefined && program === "wrangler" && named.length > 1) {
    named = named.slice(0, -1);
    help = world.help(program, named);
  }
  if (help === undefined) return `${program} has no ${words[0]}`;
  const flags = flagsOf(help);
  const wrong = words.filter(isFlag).find((flag) => !flags.has(nameOf(flag)));
  return wrong && `${[program, ...named].join(" ")} has no ${nameOf(wrong)}`;
}

function problemOfScript(words: readonly string[], document: string, world: World): string | undefined {
  const [program, ...given] = words;
  const folders = globSync("{.,bench,packages/*,apps/*}/package.json", { cwd: world.root }).map(
    (path): Folder => ({
      path: dirname(path),
      manifest: JSON.parse(readFileSync(join(world.root, path), "utf8")) as Manifest,
    }),
  );
  const chosen = given.findIndex((word) => word === "--filter" || word === "--dir");
  const own = ownerOf(document, folders);
  const candidates =
    chosen < 0
      ? folders.filter((folder) => folder.path === "." || folder === own)
      : folders.filter(({ path, manifest }) => [path, manifest.name].includes(given[chosen + 1]!));
  if (candidates.length === 0) return `there is no package ${given[chosen + 1]}`;
  const rest = given.filter((_, index) => chosen < 0 || (index !== chosen && index !== chosen + 1));
  if (rest[0] === "run") rest.shift();
  const [script = "", ...args] = rest;
  if (script === "exec")
    return problemOfExecutable(
      args,
      { document, folder: chosen < 0 ? (own?.path ?? ".") : candidates[0]!.path },
      world,
    );
  if (BUILT_IN.has(script)) {
    const missing = args
      .filter((name) => name.startsWith("@ghl-edge/"))
      .find((name) => !folders.some(({ manifest }) => manifest.name === name));
    return missing && `there is no package ${missing}`;
  }
  const folder = candidates.findLast(({ manifest }) => Object.hasOwn(Object(manifest.scripts), script));
  if (!folder) return `${[program, ...given].join(" ")}: no script ${script}`;
  return problemOfArguments(folder, [script, ...args], world);
}

/** Returns the package whose commands a document may give without naming it: the document is in its folder, or is its design page. */
function ownerOf(document: string, folders: readonly Folder[]): Folder | undefined {
  const page = /^docs\/design\/([\w-]+)\.md$/.exec(document)?.[1];
  return folders.find(
    ({ path }) =>
      path !== "." &&
      (document.startsWith(`${path}/`) || `${page}-`.startsWith(`${path.slice(path.indexOf("/") + 1)}-`)),
  );
}

/** A program of a package's `node_modules/.bin`, with the files that it is given. */
function problemOfExecutable(
  [program = "", ...args]: readonly string[],
  { document, folder }: { readonly document: string; readonly folder: string },
  world: World,
): string | undefined {
  if (program === "wrangler" || program === "ghl-codegen") return problemOf([program, ...args], document, world);
  const isThere = [folder, "."].some((path) => existsSync(join(world.root, path, "node_modules/.bin", program)));
  if (!isThere) return `${folder} has no program ${program}`;
  const missing = args.find((word) => /\.\w+$/.test(word) && !existsSync(join(world.root, folder, word)));
  return missing && `there is no ${missing} in ${folder}`;
}

/** Arguments after a script go to its last command: flags that its program knows, and files that exist. */
function problemOfArguments(
  folder: Folder,
  [script, ...args]: readonly [script: string, ...args: string[]],
  world: World,
): string | undefined {
  const command = folder.manifest.scripts![script]!.split("&&").at(-1)!.trim().split(/\s+/);
  if (args.length === 0) return undefined;
  if (command[0] === "pnpm") return problemOfScript([...command, ...args], `${folder.path}/package.json`, world);
  const file = command.find((word) => /\.m?[jt]s$/.test(word));
  if (command[0] === "node" && file) {
    if (/codegen\/src\/cli\.ts$/.test(file))
      return problemOf(["ghl-codegen", ...command.slice(command.indexOf(file) + 1), ...args], "", world);
    // Options are often read by a file that several programs share.
    const sources = globSync(folder.path === "." ? `${dirname(file)}/**/*.ts` : "**/*.ts", {
      cwd: join(world.root, folder.path),
      exclude: (path) => path.includes("node_modules"),
    }).map((path) => readFileSync(join(world.root, folder.path, path), "utf8"));
    const knows = (flag: string): boolean => {
      const name = nameOf(flag).slice(2);
      // As an option of `parseArgs`, or compared as it stands.
      return sources.some(
        (text) => text.includes(`"--${name}"`) || new RegExp(`["']?${name}["']?: \\{ type:`).test(text),
      );
    };
    const wrong = args.filter(isFlag).find((flag) => !knows(flag));
    return wrong && `${script} (${file}) has no ${nameOf(wrong)}`;
  }
  const missing = args
    .filter((word) => /\.\w+$/.test(word))
    .find((word) => globSync(word, { cwd: join(world.root, folder.path) }).length === 0);
  return missing && `${script}: there is no ${missing} in ${folder.path}`;
}
