/** The rules R1–R10 of docs/design/architecture.md as functions of one file: each returns what it finds wrong. */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { moduleState, programState } from "./module-state.ts";
import type { SourceFile } from "./source-files.ts";

/** One breach of a rule. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Packages that run anywhere: web standards only, no sibling. */
const LIBRARIES = ["client", "webhooks", "oauth", "rate-limit", "marketplace", "core"];
/** The private package that the build inlines into each library; any package may import it, it imports none. */
const CORE = "@ghl-edge/core";
/** Run-time dependencies a library may have, and no other. */
const LIBRARY_DEPENDENCIES: Record<string, string[]> = { client: ["openapi-fetch"] };
/** An entry that needs one runtime is named for it (R5); its file or folder carries the name. */
const RUNTIME_ENTRY = /(^|\/)(node|durable-object|workers)(\/|\.ts$|-)/;
const MAX_LINES = 500;

interface UnitPath {
  /** `packages/client`, `apps/gateway`, `bench`, `scripts`. */
  readonly unit: string;
  /** Last part of the unit. */
  readonly name: string;
  /** Path below the unit. */
  readonly below: string;
}

/** Splits a path into its unit of the workspace and the rest. */
export function unitPathOf(path: string): UnitPath {
  const parts = path.split("/");
  const deep = parts[0] === "packages" || parts[0] === "apps";
  const unit = parts.slice(0, deep ? 2 : 1).join("/");
  return { unit, name: parts[deep ? 1 : 0]!, below: parts.slice(deep ? 2 : 1).join("/") };
}

/** Whether a program writes the file. */
export const isGenerated = (path: string): boolean => /\.gen(\.d)?\.ts$|worker-configuration\.d\.ts$/.test(path);
const isRelative = (specifier: string): boolean => specifier.startsWith(".");
const isSource = (unitPath: UnitPath): boolean => unitPath.below.startsWith("src/");
/** Programs of the benchmarks, of the apps and of the repository. Tests and apps that users would write are none. */
const isProgram = ({ unit, below }: UnitPath): boolean =>
  /^(bench|scripts|apps\/.*)$/.test(unit) &&
  !/^src\/|(^|\/)(test|fixtures|generated)\/|\.test\.ts$|\.d\.ts$/.test(below);
const isLibrarySource = (unitPath: UnitPath): boolean =>
  unitPath.unit.startsWith("packages/") && LIBRARIES.includes(unitPath.name) && isSource(unitPath);

type Rule = (file: SourceFile, unitPath: UnitPath) => Omit<Finding, "path" | "rule">[];

/** Lines of a file's code that match, as findings. */
function linesMatching(file: SourceFile, pattern: RegExp, message: string): Omit<Finding, "path" | "rule">[] {
  return file.code.split("\n").flatMap((line, index) => (pattern.test(line) ? [{ line: index + 1, message }] : []));
}

/** R1: libraries meet only through interfaces that the consumer declares. */
const R1: Rule = (file, unitPath) =>
  !isLibrarySource(unitPath)
    ? []
    : file.imports
        .filter(({ specifier }) => specifier.startsWith("@ghl-edge/") && specifier.split("/")[1] !== unitPath.name)
        .filter(({ specifier }) => specifier !== CORE || unitPath.name === "core")
        .map(({ line, specifier }) => ({ line, message: `imports its sibling ${specifier}` }));

/** R2: other packages by public entry only. */
const R2: Rule = (file) =>
  file.imports
    .filter(({ specifier }) => /^@ghl-edge\/[^/]+\/(src|dist)(\/|$)/.test(specifier))
    .map(({ line, specifier }) => ({ line, message: `reaches into ${specifier}` }));

/** R3: nothing imports from apps, bench or scripts; no relative import leaves its unit. */
const R3: Rule = (file, unitPath) =>
  file.imports
    .filter(({ specifier }) => isRelative(specifier))
    .filter(({ specifier }) => unitPathOf(posix.join(posix.dirname(file.path), specifier)).unit !== unitPath.unit)
    .map(({ line, specifier }) => ({ line, message: `leaves ${unitPath.unit} by ${specifier}` }));

/** Features that a generated client module may import at run time: its own rows need them, and other apps must not carry them. */
const CLIENT_FEATURES = ["../../form.ts"];

/** R4: generated files import types only, from their own package; client modules also the features of their rows. */
const R4: Rule = (file, unitPath) =>
  !isGenerated(file.path)
    ? []
    : file.imports
        .filter(({ specifier }) => unitPath.unit !== "packages/client" || !CLIENT_FEATURES.includes(specifier))
        .filter(({ specifier, typeOnly }) => !typeOnly || !isRelative(specifier))
        .map(({ line, specifier }) => ({
          line,
          message: `generated file imports ${specifier} at run time or from outside`,
        }));

/** R5: libraries use web standards only. */
const R5: Rule = (file, unitPath) =>
  !isLibrarySource(unitPath) || RUNTIME_ENTRY.test(unitPath.below)
    ? []
    : file.imports
        .filter(({ specifier }) => !isRelative(specifier) && specifier !== CORE)
        .filter(({ specifier }) => !LIBRARY_DEPENDENCIES[unitPath.name]?.includes(specifier))
        .filter(
          ({ specifier, typeOnly }) => !typeOnly || specifier.startsWith("node:") || builtinModules.includes(specifier),
        )
        .map(({ line, specifier }) => ({ line, message: `imports ${specifier}` }));

/** The rooms of codegen. Each lists the rooms that it may import from, besides itself and the files at the root of `src`. */
const CODEGEN_ROOMS: Record<string, string[]> = {
  json: [],
  input: ["json"],
  output: ["input", "json"],
  scopes: ["output", "input", "json"],
  compare: ["output", "input", "json"],
  commands: ["scopes", "compare", "output", "input", "json"],
};

/** The same inside `input/`: the order in which a document passes through the rooms. */
const CODEGEN_INPUT_ROOMS: Record<string, string[]> = {
  load: [],
  repair: ["load"],
  overlay: ["load"],
  evidence: ["load"],
  distil: ["evidence", "repair", "load"],
  observe: ["evidence", "load"],
  lint: ["distil", "evidence", "repair", "load"],
  sync: ["distil", "evidence", "overlay", "repair", "load"],
};

/** The same inside `output/`: `ir` reads no printer, and the printers in `emit` read `ir` alone. */
const CODEGEN_OUTPUT_ROOMS: Record<string, string[]> = {
  ir: [],
  fields: ["ir"],
  emit: ["ir"],
  operations: ["emit", "ir"],
  generate: ["operations", "emit", "fields", "ir"],
};

/** Whether the second room may be imported from the first one. A room that no table names may be imported. */
const mayImport = (rooms: Record<string, string[]>, from: string, to: string): boolean =>
  from === to || rooms[to] === undefined || rooms[from]?.includes(to) === true;

/** R6: codegen's rooms import in one direction; emit sees only ir; nothing imports cli.ts. */
const R6: Rule = (file, unitPath) => {
  if (unitPath.unit !== "packages/codegen" || !isSource(unitPath)) return [];
  const [, room = "", inner = "", ...rest] = unitPath.below.split("/");
  const isFileOfRoot = inner === "";
  return file.imports
    .filter(({ specifier }) => isRelative(specifier))
    .flatMap(({ line, specifier }) => {
      const [, to = "", toInner = ""] = posix.join(posix.dirname(unitPath.below), specifier).split("/");
      const sameRoom = room === to && rest.length > 0;
      const isAllowed =
        to !== "cli.ts" &&
        (isFileOfRoot || mayImport(CODEGEN_ROOMS, room, to)) &&
        !(room === "output" && (inner === "emit" || inner === "ir") && to === "input") &&
        !(sameRoom && room === "input" && !mayImport(CODEGEN_INPUT_ROOMS, inner, toInner)) &&
        !(sameRoom && room === "output" && !mayImport(CODEGEN_OUTPUT_ROOMS, inner, toInner));
      return isAllowed ? [] : [{ line, message: `${posix.dirname(unitPath.below)} imports ${specifier}` }];
    });
};

/** The gateway's layers from the top down; a file may import from its own layer and from those below it. */
const GATEWAY_LAYERS = [
  "index.ts",
  "worker.ts",
  "entrypoint.ts",
  "app.ts",
  "http",
  "services",
  "objects",
  "isolate.ts",
  "directory",
  "platform",
  "domain",
];
const GATEWAY_SOURCE = "packages/gateway";
/** The one module of the gateway that may keep state. It hands the state down as an argument. */
const GATEWAY_STATE = "src/worker.ts";
/** Layers below services that http must not import. It calls a service, which decides. */
const HIDDEN_FROM_HTTP = ["objects", "isolate.ts", "directory"];

/** R7: the gateway's layers point downward; http sees services, platform and domain only; objects and what is below them know no HTTP framework; only platform/env.ts reads bindings. */
const R7: Rule = (file, unitPath) => {
  if (unitPath.unit !== GATEWAY_SOURCE || !isSource(unitPath)) return [];
  const layerOf = (path: string): number => GATEWAY_LAYERS.indexOf(path.split("/")[1]!);
  const layer = layerOf(unitPath.below);
  if (layer === -1) return [{ line: 1, message: `is in no layer: ${GATEWAY_LAYERS.join(" > ")}` }];
  const imports = file.imports.flatMap(({ line, specifier }) => {
    const found = (why: string) => [{ line, message: `${unitPath.below} imports ${specifier}: ${why}` }];
    if (isRelative(specifier)) {
      const target = layerOf(posix.join(posix.dirname(unitPath.below), specifier));
      if (target !== -1 && target < layer) return found(`${GATEWAY_LAYERS[target]} is above it`);
      const isHidden = GATEWAY_LAYERS[layer] === "http" && HIDDEN_FROM_HTTP.includes(GATEWAY_LAYERS[target]!);
      return isHidden ? found("http imports services, platform and domain only") : [];
    }
    const isHttp = specifier === "hono" || specifier.startsWith("hono/");
    if (isHttp && layer > GATEWAY_LAYERS.indexOf("http")) return found("HTTP ends at http/");
    if (specifier.startsWith("cloudflare:") && layer === GATEWAY_LAYERS.indexOf("domain"))
      return found("domain is pure");
    return [];
  });
  const bindings =
    unitPath.below === "src/platform/env.ts"
      ? []
      : linesMatching(
          file,
          /\b(c|context|this|\w*[eE]nv)(\.env)?\.[A-Z][A-Z_]{2,}\b/,
          "reads a binding outside platform/env.ts",
        );
  return [...imports, ...bindings];
};

/** Whether the comment right above a line gives the reason for an exception: `// R8: …`. */
function isReasoned(file: SourceFile, line: number, rule: string): boolean {
  const lines = file.text.split("\n");
  for (let above = line - 2; above >= 0 && /^\s*\/\//.test(lines[above]!); above--)
    if (new RegExp(`^\\s*// ${rule}: \\S`).test(lines[above]!)) return true;
  return false;
}

/**
 * R8: index.ts re-exports only; no state at module level, in objects and closures neither, unless a comment right above says why. In the
 * gateway only worker.ts may have one. In a program no function changes a variable of the top.
 */
const R8: Rule = (file, unitPath) => {
  if (isProgram(unitPath))
    return programState(file.path, file.text).filter(({ line }) => !isReasoned(file, line, "R8"));
  if (!isSource(unitPath) || isGenerated(file.path)) return [];
  const empty = linesMatching(
    file,
    /^(export )?const \w+(: [^=]+)? = (new (Map|Set|WeakMap|WeakSet|Array)\b.*\(\)|\[\])(;|$)/,
    "mutable state at module level",
  );
  const changed = moduleState(file.path, file.text).filter((one) => !empty.some(({ line }) => line === one.line));
  const mayHaveReason = unitPath.unit !== GATEWAY_SOURCE || unitPath.below === GATEWAY_STATE;
  const state = [...empty, ...changed].filter(({ line }) => !mayHaveReason || !isReasoned(file, line, "R8"));
  if (unitPath.below !== "src/index.ts" || unitPath.unit.startsWith("apps/")) return state;
  const rest = file.code.replace(/export\s+(type\s+)?\{[^}]*\}\s+from\s+"[^"]+";/g, "").trim();
  return rest === "" ? state : [...state, { line: 1, message: `holds more than re-exports: ${rest.slice(0, 60)}` }];
};

/** R9: clock, fetch and randomness are arguments; a default hands over the function, it does not call it. */
const R9: Rule = (file, unitPath) =>
  isLibrarySource(unitPath) || (unitPath.unit === GATEWAY_SOURCE && unitPath.below.startsWith("src/domain/"))
    ? linesMatching(
        file,
        /(?<!\(\) => )\b(Date\.now\(\)|Math\.random\(\)|new Date\(\)|globalThis\.fetch\()/,
        "calls the clock, randomness or fetch by itself",
      )
    : [];

/**
 * R10: SQL names its columns. Two versions run beside each other during a deployment, and the older one meets tables that have a
 * column more. `REPLACE` names them and still loses that column's value.
 */
const R10: Rule = (file, unitPath) => {
  if (!isSource(unitPath)) return [];
  const insert = /\b(?:INSERT(?:\s+OR\s+\w+)?|REPLACE)\s+INTO\s+\w+(?!\w)\s*(?!\s*\()(?=\S)/g;
  const replace = /\bREPLACE\s+INTO\s/g;
  const lineAt = (offset: number): number => file.code.slice(0, offset).split("\n").length;
  const found = (pattern: RegExp, message: string) =>
    Array.from(file.code.matchAll(pattern), ({ index }) => ({ line: lineAt(index), message }));
  return [
    ...found(insert, "inserts without naming the columns"),
    ...found(replace, "replaces a row, and loses the columns that this version does not know"),
  ];
};

/** House number: a hand-written file never exceeds 500 lines. */
const SIZE: Rule = (file) => {
  const lines = file.text.split("\n").length - 1;
  return isGenerated(file.path) || lines <= MAX_LINES
    ? []
    : [{ line: MAX_LINES, message: `${lines} lines; split it (at most ${MAX_LINES})` }];
};

const rules: Record<string, Rule> = { R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, SIZE };

/** All findings of all rules in these files. */
export function checkFiles(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) =>
    Object.entries(rules).flatMap(([rule, check]) =>
      check(file, unitPathOf(file.path)).map((finding) => ({ rule, path: file.path, ...finding })),
    ),
  );
}
