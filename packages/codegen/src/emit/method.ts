import { kebabCase, pascalCase } from "../ir/method-name.ts";
import type { Answer, Body, Module, Operation, Parameter, TenancyMember } from "../ir/model.ts";
import { MEMBER_FIELDS } from "../ir/tenant.ts";
import type { SchemaPrinter } from "./schema.ts";
import { commentText, propertyName } from "./text.ts";

/** The pieces of one named method. */
export interface MethodText {
  /** Declaration of its parameter type; undefined when it takes none. */
  readonly params: string | undefined;
  /** Doc comment and signature. */
  readonly signature: string;
}

export function methodText(module: Module, operation: Operation, printer: SchemaPrinter): MethodText {
  const fields = paramFields(module, operation, printer);
  const { params: members } = operation.tenant;
  const optional = members.length === 0 && fields.every(({ required }) => !required);
  const bound = members.length > 0 || operation.tenant.body.length > 0;
  const typeName = `${pascalCase(operation.name)}Params`;
  const hasParams = fields.length > 0 || members.length > 0;
  const argument = `params${optional ? "?" : ""}: ${typeName}${bound ? "<T>" : ""}, `;
  const signature = `${propertyName(operation.name)}(${hasParams ? argument : ""}options?: CallOptions): ${resultType(operation, printer)};`;
  return {
    params: hasParams ? paramsText(typeName, members, fields, bound) : undefined,
    signature: `${comment(module, operation)}  ${signature}\n`,
  };
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
}

/** Parameters by their wire names, then `body`; required tenant fields come from the tenancy instead. */
function paramFields(module: Module, operation: Operation, printer: SchemaPrinter): Field[] {
  const bound = new Set<string>(operation.tenant.params.flatMap((member) => MEMBER_FIELDS[member]));
  const fields = new Map<string, Field>();
  for (const parameter of operation.parameters) {
    if (bound.has(parameter.name) || (module.highLevel && !isNamed(parameter))) continue;
    const { member } = parameter;
    // in HighLevel's documents one value serves a name that stands in the path and in the query
    if (fields.has(member)) continue;
    fields.set(member, {
      name: member,
      required: parameter.required,
      type: printer.print(parameter.schema, 1),
    });
  }
  const list = [...fields.values()];
  if (operation.body !== undefined) {
    list.push({ name: "body", required: operation.body.required, type: bodyType(operation, operation.body, printer) });
  }
  return list;
}

function isNamed(parameter: Parameter): boolean {
  return parameter.in === "path" || parameter.in === "query";
}

function paramsText(
  typeName: string,
  members: readonly TenancyMember[],
  fields: readonly Field[],
  bound: boolean,
): string {
  const lines = fields.map(({ name, required, type }) => `  ${propertyName(name)}${required ? "" : "?"}: ${type};\n`);
  const object = `{\n${lines.join("")}}`;
  if (!bound) return `export interface ${typeName} ${object}\n`;
  const parts = [...members.map((member) => `T["${member}"]`), ...(fields.length === 0 ? [] : [object])];
  return `export type ${typeName}<T extends Tenancy = Unbound> = ${parts.join(" & ")};\n`;
}

function bodyType(operation: Operation, body: Body, printer: SchemaPrinter): string {
  if (body.encoding === "r") return "Blob | ArrayBuffer | ArrayBufferView | string";
  const { schema, type } = body.chosen;
  const members = operation.tenant.body;
  const printed = printer.print(schema, 1);
  // an index through an optional requestBody would need a conditional type
  const own = isShort(printed) || !body.required ? printed : mediaIndex(operation, ["requestBody"], type);
  const names = members.flatMap((member) => MEMBER_FIELDS[member]).map((name) => JSON.stringify(name));
  const base =
    members.length === 0
      ? own
      : [...members.map((member) => `T["${member}"]`), `Omit<${own}, ${names.join(" | ")}>`].join(" & ");
  return body.encoding === "m" ? `FormData | ${members.length > 0 ? `(${base})` : base}` : base;
}

function resultType(operation: Operation, printer: SchemaPrinter): string {
  const answer = answerType(operation, operation.answer, printer);
  const { pagination } = operation;
  if (pagination === undefined) return `Promise<${answer}>`;
  const item = pagination.item.kind === "schema" ? printer.print(pagination.item.schema, 1) : "unknown";
  return `Paginated<${answer}, ${item}>`;
}

const OTHERS = { blob: "Blob", events: "EventStream" } as const;

function answerType(operation: Operation, answer: Answer, printer: SchemaPrinter): string {
  switch (answer.kind) {
    case "json": {
      const types = answer.of.map(({ status, media }) => {
        const printed = printer.print(media.schema, 1);
        const key = /^\d+$/.test(status) ? Number(status) : status;
        return isShort(printed) ? printed : mediaIndex(operation, ["responses", key], media.type);
      });
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

/** `operations["create-contact"]["requestBody"]["content"]["application/json"]` */
function mediaIndex(operation: Operation, steps: readonly (string | number)[], media: string): string {
  return `operations${[operation.id, ...steps, "content", media].map((step) => `[${JSON.stringify(step)}]`).join("")}`;
}

/** A name, a list of names: an index into `operations` would only hide it. */
function isShort(type: string): boolean {
  return !type.includes("\n");
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
    // the pages of older versions have no addresses that follow from the document
    if (module.api === "v3")
      parts.push(`https://marketplace.gohighlevel.com/docs/ghl/${module.name}/${kebabCase(operation.id)}`);
  }
  const line = commentText(parts.join(" · "));
  return operation.deprecated ? `  /**\n   * ${line}\n   * @deprecated\n   */\n` : `  /** ${line} */\n`;
}
