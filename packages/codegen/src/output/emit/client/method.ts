import type { FieldTexts } from "../../ir/field-texts.ts";
import { kebabCase, pascalCase } from "../../ir/method-name.ts";
import type { Answer, Body, Module, Operation, Parameter, TenancyMember } from "../../ir/model.ts";
import { MEMBER_FIELDS } from "../../ir/operation/tenant.ts";
import { commentAbove, commentLines } from "../field-comment.ts";
import type { SchemaPrinter } from "../schema/schema.ts";
import { commentText, orUndefined, propertyName } from "../text.ts";

/** The pieces of one named method. */
export interface MethodText {
  /** Name of its parameter type. */
  readonly paramsName: string;
  /** Declaration of its parameter type; undefined when it takes none. */
  readonly params: string | undefined;
  /** Doc comment and signature. */
  readonly signature: string;
}

export function methodText(module: Module, operation: Operation, context: MethodContext): MethodText {
  const fields = paramFields(module, operation, context);
  const { params: members } = operation.tenant;
  const bound = members.length > 0 || operation.tenant.body.length > 0;
  const typeName = `${pascalCase(operation.name)}Params`;
  const signature = `${propertyName(operation.name)}(${argumentsText(typeName, { members, fields }, bound)}): ${resultType(operation, context)};`;
  return {
    paramsName: typeName,
    params: fields.length > 0 || members.length > 0 ? paramsText(typeName, { members, fields }, bound) : undefined,
    signature: `${comment(module, operation)}  ${signature}\n`,
  };
}

/** Inputs for the texts of a module's methods. */
export interface MethodContext {
  readonly printer: SchemaPrinter;
  readonly texts: FieldTexts;
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  /** Between the marks of a doc comment. */
  readonly comment: string | undefined;
}

/** Where the tenant is all that is required, whether there are parameters at all depends on what the handle knows. */
function argumentsText(
  typeName: string,
  { members, fields }: { readonly members: readonly TenancyMember[]; readonly fields: readonly Field[] },
  bound: boolean,
): string {
  if (fields.length === 0 && members.length === 0) return "options?: CallOptions";
  const optional = fields.every(({ required }) => !required);
  const type = `${typeName}${bound ? "<T>" : ""}`;
  if (optional && members.length > 0)
    return `...args: TenantArguments<${members.map((member) => `T["${member}"]`).join(" & ")}, ${type}>`;
  return `params${optional ? "?" : ""}: ${type}, options?: CallOptions`;
}

/** Parameters by their wire names, then `body`; required tenant fields come from the tenancy instead. */
function paramFields(module: Module, operation: Operation, { printer, texts }: MethodContext): Field[] {
  const bound = new Set<string>(operation.tenant.params.flatMap((member) => MEMBER_FIELDS[member]));
  const fields = new Map<string, Field>();
  for (const parameter of operation.parameters) {
    if (bound.has(parameter.name) || (module.highLevel && !isNamed(parameter))) continue;
    const { member, schema, required, deprecated } = parameter;
    // in HighLevel's documents one value serves a name that stands in the path and in the query
    if (fields.has(member)) continue;
    fields.set(member, {
      name: member,
      required,
      type: printer.print(schema, { depth: 1, sent: true }),
      comment: commentLines(schema, texts.fieldText(parameter.name, { module: module.name }), { deprecated }),
    });
  }
  const list = [...fields.values()];
  if (operation.body !== undefined) {
    const { required } = operation.body;
    list.push({ name: "body", required, type: bodyType(operation, operation.body, printer), comment: undefined });
  }
  return list;
}

function isNamed(parameter: Parameter): boolean {
  return parameter.in === "path" || parameter.in === "query";
}

function paramsText(
  typeName: string,
  { members, fields }: { readonly members: readonly TenancyMember[]; readonly fields: readonly Field[] },
  bound: boolean,
): string {
  const lines = fields.map(
    ({ name, required, type, comment }) =>
      `${commentAbove(comment, "  ")}  ${propertyName(name)}${required ? `: ${type}` : `?: ${orUndefined(type)}`};\n`,
  );
  const object = `{\n${lines.join("")}}`;
  if (!bound) return `export interface ${typeName} ${object}\n`;
  const parts = [...members.map((member) => `T["${member}"]`), ...(fields.length === 0 ? [] : [object])];
  return `export type ${typeName}<T extends Tenancy = Unbound> = ${parts.join(" & ")};\n`;
}

function bodyType(operation: Operation, body: Body, printer: SchemaPrinter): string {
  if (body.encoding === "r") return "Blob | ArrayBuffer | ArrayBufferView | string";
  const members = operation.tenant.body;
  const own = printer.print(body.chosen.schema, { depth: 1, sent: true });
  const names = members.flatMap((member) => MEMBER_FIELDS[member]).map((name) => JSON.stringify(name));
  const base =
    members.length === 0
      ? own
      : [...members.map((member) => `T["${member}"]`), `Omit<${own}, ${names.join(" | ")}>`].join(" & ");
  return body.encoding === "m" ? `FormData | ${members.length > 0 ? `(${base})` : base}` : base;
}

function resultType({ answer, pagination }: Operation, { printer }: MethodContext): string {
  const type = answerType(answer, printer);
  if (pagination === undefined) return `Promise<${type}>`;
  const { item } = pagination;
  return `Paginated<${type}, ${item.kind === "schema" ? printer.print(item.schema, { depth: 1, sent: false }) : "unknown"}>`;
}

const OTHERS = { blob: "Blob", events: "EventStream" } as const;

function answerType(answer: Answer, printer: SchemaPrinter): string {
  switch (answer.kind) {
    case "json": {
      const types = answer.of.map(({ media }) => printer.print(media.schema, { depth: 1, sent: false }));
      const others = answer.others.map((other) => OTHERS[other]);
      return [...new Set([...types, ...others, ...(answer.empty ? ["undefined"] : [])])].join(" | ");
    }
    case "events":
      return answer.blob ? "Blob | EventStream" : "EventStream";
    case "headers":
      return "Headers";
    case "binary":
      return "Blob";
    case "void":
      return "void";
    case "unknown":
      return "unknown";
  }
}

const TOKEN_WORDS: readonly (readonly [string, string])[] = [
  ["l", "location token"],
  ["L", "location PIT"],
  ["c", "company token"],
  ["C", "company PIT"],
];

function comment(module: Module, operation: Operation): string {
  const parts = [`${operation.method} ${operation.path}`];
  if (operation.scopes.length > 0) parts.push(`scope ${operation.scopes.join(" or ")}`);
  if (module.highLevel) {
    const { tokens } = operation;
    const words = TOKEN_WORDS.filter(([letter]) => tokens.includes(letter)).map(([, word]) => word);
    if (tokens === "") parts.push("no token");
    else if (words.length > 0) parts.push(words.join(", "));
    parts.push(pageOf(module, operation));
  }
  const line = commentText(parts.join(" · "));
  return operation.deprecated ? `  /**\n   * ${line}\n   * @deprecated\n   */\n` : `  /** ${line} */\n`;
}

/**
 * HighLevel's page about an operation. The newest generation stands at the root of the documentation, older ones below the value
 * of their `Version` header; each version has the pages of all modules, under the names that modules have in v3.
 */
function pageOf({ api, name }: Module, { id, version }: Operation): string {
  const root = "https://marketplace.gohighlevel.com/docs";
  return `${root}${api === "v3" || version === "" ? "" : `/${version}`}/ghl/${name}/${kebabCase(id)}`;
}
