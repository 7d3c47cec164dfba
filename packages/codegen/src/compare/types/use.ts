import { byCodeUnit } from "../../json/json.ts";
import type { Module, Operation } from "../../output/ir/model.ts";
import { nameTypes } from "../../output/ir/type-names/named-module.ts";
import { type Field, fieldsOf } from "./fields.ts";

/** Meaning of one line of the generated code. */
export interface UseLine {
  readonly code: string;
  readonly kind: "method" | "arguments" | "argument-field" | "answer" | "answer-field" | "type-name";
  /** The same for the same thing, whichever operation meets it. */
  readonly what: string;
  /** `contacts.getContact`; undefined for a name of a type. */
  readonly call: string | undefined;
}

/**
 * Code that does with a module everything its users can: calls each method with what its parameters were, takes the
 * answer for what it was, writes and reads every field. `A` is the module as it was; `B`, which the caller imports, is
 * the one that is tried.
 */
export function useModule(module: Module, moduleCall: string): UseLine[] {
  const lines: UseLine[] = [];
  for (const operation of module.operations) lines.push(...useOperation(module, operation, moduleCall));
  for (const name of Object.keys(module.schemas)) {
    const code = `export type S${lines.length} = B.components["schemas"][${JSON.stringify(name)}];`;
    lines.push({ code, kind: "type-name", what: `components["schemas"]["${name}"]`, call: undefined });
  }
  for (const name of [...nameTypes(module).typeNames.values()].sort(byCodeUnit)) {
    lines.push({ code: `export type N${lines.length} = B.${name};`, kind: "type-name", what: name, call: undefined });
  }
  for (const { id } of module.operations) {
    const code = `export type O${lines.length} = B.operations[${JSON.stringify(id)}];`;
    lines.push({ code, kind: "type-name", what: `operations["${id}"]`, call: undefined });
  }
  return lines;
}

function useOperation(module: Module, operation: Operation, moduleCall: string): UseLine[] {
  const type = `A.${module.typeName}`;
  const method = `[${JSON.stringify(operation.name)}]`;
  const call = `${moduleCall}.${operation.name}`;
  const parameters = `Parameters<${type}${method}>[0]`;
  const argument = (of: string): string =>
    `Exclude<NonNullable<Parameters<${of}.${module.typeName}${method}>[0]>, FormData>`;
  const line = (kind: UseLine["kind"], code: string, what: string = call): UseLine => ({ code, kind, what, call });
  const lines = [
    line("method", `b${method};`),
    line("arguments", `b${method}(a<${parameters}>());`),
    line("answer", `a<(was: ReturnType<${type}${method}>) => void>()(b${method}(a<never>()));`),
  ];
  for (const { code, label } of argumentFields(module, operation)) {
    lines.push(line("argument-field", `a<${argument("B")}>()${code};`, label));
  }
  for (const media of operation.answer.kind === "json" ? operation.answer.of : []) {
    for (const { code, label } of fieldsOf(module, media.media.schema, `answer of ${call}`)) {
      const read = `a<NonNullable<Awaited<ReturnType<B.${module.typeName}${method}>>>>()${code};`;
      lines.push(line("answer-field", read, label));
    }
  }
  return lines;
}

function argumentFields(module: Module, operation: Operation): Field[] {
  const fields: Field[] = operation.parameters
    .filter((parameter) => parameter.in === "path" || parameter.in === "query")
    .map(({ name }) => ({ code: `[${JSON.stringify(name)}]`, label: name }));
  if (operation.body === undefined || operation.body.encoding === "m") return fields;
  const body = fieldsOf(module, operation.body.chosen.schema, "body");
  return [...fields, ...body.map(({ code, label }) => ({ code: `["body"]!${code}`, label }))];
}
