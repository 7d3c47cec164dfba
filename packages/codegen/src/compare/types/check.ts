import { CodegenError } from "../../errors.ts";
import { byCodeUnit, type JsonObject } from "../../json/json.ts";
import { clientTexts } from "../../output/emit/client/client-texts.ts";
import { emitClientFiles } from "../../output/emit/module-files.ts";
import { NO_FIELD_TEXTS } from "../../output/ir/field-texts.ts";
import { camelCase } from "../../output/ir/method-name.ts";
import type { Module } from "../../output/ir/model.ts";
import { buildModule } from "../../output/ir/module.ts";
import type { DocumentPair } from "../pairs.ts";
import type { SpecDocument } from "../read/document.ts";
import { CLIENT_TYPES, WEB_TYPES } from "./client-types.ts";
import { type Complaint, compile, VIRTUAL } from "./compile.ts";
import { withUniqueNames } from "./unique-names.ts";
import { type UseLine, useModule } from "./use.ts";

/** Code that compiled against the client of the first documents and does not against that of the second. */
export interface TypeBreak {
  readonly document: string;
  readonly kind: UseLine["kind"] | "module" | "not-generated";
  /** A method, a field, a name of a type. */
  readonly what: string;
  /** The compiler's message, or our own where the compiler has none. */
  readonly message: string;
  /** The methods whose callers meet it. */
  readonly calls: readonly string[];
}

interface Candidate {
  readonly pair: string;
  readonly before: Module;
  readonly folder: string;
  readonly lines: readonly UseLine[];
}

/**
 * Generates the clients of both sides and compiles code that uses everything of the first against the second. It returns
 * the errors that the first client does not have. Modules whose client is the same to the byte are not compiled.
 */
export function checkTypes(pairs: readonly DocumentPair[]): TypeBreak[] {
  const breaks: TypeBreak[] = [];
  const files = new Map([
    [`${VIRTUAL}/client.ts`, CLIENT_TYPES],
    [`${VIRTUAL}/web.d.ts`, WEB_TYPES],
  ]);
  const candidates: Candidate[] = [];
  for (const pair of pairs) {
    if (pair.before === undefined || pair.before.events) continue;
    if (pair.after === undefined) {
      breaks.push({ document: pair.name, kind: "module", what: pair.name, message: "the module is gone", calls: [] });
      continue;
    }
    const [was, is] = withUniqueNames(pair.before.value, pair.after.value);
    // both under the first's name: a file that was renamed is still the same module
    const [before, after] = [build(was, pair.before), build(is, pair.before)];
    if (before instanceof CodegenError || after instanceof CodegenError) {
      const { message } = before instanceof CodegenError ? before : (after as CodegenError);
      breaks.push({ document: pair.name, kind: "not-generated", what: pair.name, message, calls: [] });
      continue;
    }
    const [old, now] = [clientText(before), clientText(after)];
    if (old.every(({ text }, index) => text === now[index]?.text)) continue;
    const folder = `${VIRTUAL}/${candidates.length}`;
    for (const { path, text } of old) files.set(`${folder}/a/${path}`, text);
    for (const { path, text } of now) files.set(`${folder}/b/${path}`, text);
    const lines = useModule(before, camelCase(before.name));
    files.set(`${folder}/a/use.ts`, useText(before, lines, "./"));
    files.set(`${folder}/b/use.ts`, useText(before, lines, "../a/"));
    candidates.push({ pair: pair.name, before, folder, lines });
  }
  if (candidates.length > 0) breaks.push(...compiled(files, candidates));
  return breaks.sort(
    (a, b) => byCodeUnit(a.document, b.document) || byCodeUnit(a.what, b.what) || byCodeUnit(a.kind, b.kind),
  );
}

function build(document: JsonObject, { module, api }: SpecDocument): Module | CodegenError {
  try {
    return buildModule(document, { name: module, api, file: `${module}.json` });
  } catch (error) {
    if (error instanceof CodegenError) return error;
    throw error;
  }
}

function clientText(module: Module): { path: string; text: string }[] {
  return emitClientFiles(clientTexts(module, NO_FIELD_TEXTS), "", {
    imports: { specifier: () => "../../client.ts" },
  });
}

const HEAD_LINES = 4;

/** Writes one line for each use, so that the line number of an error identifies the use. */
function useText(module: Module, lines: readonly UseLine[], was: string): string {
  const file = `${module.name}.gen.ts`;
  const head = [
    `import type * as A from ${JSON.stringify(was + file)};`,
    `import type * as B from ${JSON.stringify(`./${file}`)};`,
    "declare function a<T>(): T;",
    `declare const b: B.${module.typeName};`,
  ];
  return `${[...head, ...lines.map(({ code }) => code)].join("\n")}\n`;
}

function compiled(files: ReadonlyMap<string, string>, candidates: readonly Candidate[]): TypeBreak[] {
  const names = candidates.flatMap(({ folder }) => [`${folder}/a/use.ts`, `${folder}/b/use.ts`]);
  const complaints = new Map<string, Complaint[]>(names.map((name) => [name, []]));
  for (const complaint of compile(files, names)) complaints.get(complaint.file)?.push(complaint);
  return candidates.flatMap((candidate) => {
    // what cannot be written against the first documents either says nothing about the second
    const known = new Set((complaints.get(`${candidate.folder}/a/use.ts`) ?? []).map(({ line }) => line));
    const fresh = (complaints.get(`${candidate.folder}/b/use.ts`) ?? []).filter(({ line }) => !known.has(line));
    return toBreaks(candidate, fresh);
  });
}

function toBreaks({ pair, lines }: Candidate, complaints: readonly Complaint[]): TypeBreak[] {
  const met = complaints.flatMap(({ line, message }) => {
    const use = lines[line - HEAD_LINES];
    return use === undefined ? [] : [{ use, message }];
  });
  const gone = new Set(met.filter(({ use }) => use.kind === "method").map(({ use }) => use.call));
  const breaks = new Map<string, TypeBreak & { calls: string[] }>();
  for (const { use, message } of met) {
    // of a method that is gone nothing else need be said
    if (use.kind !== "method" && use.call !== undefined && gone.has(use.call)) continue;
    const key = JSON.stringify([use.kind, use.what]);
    const known = breaks.get(key) ?? {
      document: pair,
      kind: use.kind,
      what: use.what,
      message: messageOf(use, message),
      calls: [],
    };
    if (use.call !== undefined && !known.calls.includes(use.call)) known.calls.push(use.call);
    breaks.set(key, known);
  }
  return [...breaks.values()];
}

function messageOf({ kind }: UseLine, message: string): string {
  switch (kind) {
    case "method":
      return "the method is gone";
    case "argument-field":
      return "the field can no longer be written";
    case "answer-field":
      return "the field can no longer be read";
    case "type-name":
      return "the name is gone";
    case "arguments":
      return `what was given is no longer taken: ${message}`;
    case "answer":
      return `what is answered is no longer what it was: ${message}`;
  }
}
