import type { Media, Module, Operation, Parameter } from "../../ir/model.ts";
import type { ClientTexts } from "../client/client-text-model.ts";
import { commentAbove, commentLines } from "../field-comment.ts";
import { banner } from "../file.ts";
import type { Shared } from "../shared.ts";
import { orUndefined, propertyName, wordsIn } from "../text.ts";
import type { PrintOptions, SchemaPrinter } from "./schema.ts";

const PLACES = ["path", "query", "header", "cookie"] as const;

/**
 * `<module>.schema.gen.d.ts`: the named types, and `paths`, `operations` and `components` in the shape that openapi-fetch reads,
 * without the `never` members openapi-typescript writes for what an operation does not have.
 */
export function emitSchemaFile(texts: ClientTexts, shared: Shared): string {
  const { module, types, webhooks } = texts;
  const schemas = Object.keys(module.schemas).flatMap((key) =>
    module.inline.has(key) ? [] : `    ${propertyName(key)}: ${module.typeNames.get(key)};\n`,
  );
  const operations = [...texts.operations].map(([id, text]) =>
    shared.operations.has(id) ? `  ${propertyName(id)}: shared[${JSON.stringify(id)}];\n` : text,
  );
  const own = [...types].filter(([name]) => !shared.types.has(name)).map(([, text]) => text);
  const components = schemas.length === 0 ? "" : `  schemas: {\n${schemas.join("")}  };\n`;
  const text = [
    `export interface paths {\n${pathsText(module)}}\n`,
    `export interface operations {\n${operations.join("")}}\n`,
    webhooks === "" ? "" : `export interface webhooks {\n${webhooks}}\n`,
    `export interface components {\n${components}}\n`,
    ...own,
  ].join("");
  const footer = own.some((declaration) => declaration.includes("WithRequired<")) ? texts.footer : "";
  return `${banner(module.source)}${sharedLines(texts, shared, text)}${text}${footer}`;
}

/** Writes the lines for types of the twin: it exports them under the same names, and imports those that the file uses. */
function sharedLines({ module }: ClientTexts, shared: Shared, text: string): string {
  const { types, operations, folder } = shared;
  const from = `from ${JSON.stringify(`${folder}/${module.name}.schema.gen.d.ts`)};\n`;
  const words = wordsIn(text);
  const used = [...types].filter((name) => words.has(name));
  if (operations.size > 0) used.push("operations as shared");
  return [
    used.length === 0 ? "" : `import type { ${used.join(", ")} } ${from}`,
    types.size === 0 ? "" : `export type { ${[...types].join(", ")} } ${from}`,
  ].join("");
}

/** Members of the `operations` interface by id. */
export function operationTexts(module: Module, printer: SchemaPrinter): Map<string, string> {
  return new Map(module.operations.map((operation) => [operation.id, operationText(operation, printer)]));
}

function pathsText(module: Module): string {
  const paths = new Map<string, Operation[]>();
  for (const operation of module.operations) {
    const list = paths.get(operation.path);
    if (list === undefined) paths.set(operation.path, [operation]);
    else list.push(operation);
  }
  return [...paths]
    .map(([path, operations]) => {
      const methods = operations.map(
        ({ method, id }) => `    ${method.toLowerCase()}: operations[${JSON.stringify(id)}];\n`,
      );
      return `  ${JSON.stringify(path)}: {\n${methods.join("")}  };\n`;
    })
    .join("");
}

/** Writes the types of the API's webhooks, by name and method, in the shape of an operation. */
export function webhooksText(module: Module, printer: SchemaPrinter): string {
  const byName = new Map<string, Operation[]>();
  for (const webhook of module.webhooks) byName.set(webhook.path, [...(byName.get(webhook.path) ?? []), webhook]);
  return [...byName]
    .map(([name, list]) => {
      const methods = list.map((webhook) =>
        operationText({ ...webhook, id: webhook.method.toLowerCase() }, printer).replace(/^(?=.)/gm, "  "),
      );
      return `  ${propertyName(name)}: {\n${methods.join("")}  };\n`;
    })
    .join("");
}

function operationText(operation: Operation, printer: SchemaPrinter): string {
  const { body } = operation;
  const lines = [`  ${propertyName(operation.id)}: {\n`, parametersText(operation.parameters, printer)];
  if (body !== undefined) {
    lines.push(
      `    requestBody${body.required ? "" : "?"}: {\n${contentText(body.media, printer, { depth: 3, sent: true })}    };\n`,
    );
  }
  // openapi-fetch reads a response without content as `unknown`, which would swallow every documented error
  const documented = operation.responses.filter(({ status, media }) => media.length > 0 || status.startsWith("2"));
  const responses = documented.map(({ status, media }) =>
    media.length === 0
      ? `      ${statusKey(status)}: {};\n`
      : `      ${statusKey(status)}: {\n${contentText(media, printer, { depth: 4, sent: false })}      };\n`,
  );
  lines.push(
    responses.length === 0 ? "    responses: {};\n" : `    responses: {\n${responses.join("")}    };\n`,
    "  };\n",
  );
  return lines.join("");
}

function parametersText(parameters: readonly Parameter[], printer: SchemaPrinter): string {
  if (parameters.length === 0) return "    parameters: {};\n";
  const groups = PLACES.map((position) => {
    const fields = parameters.filter((parameter) => parameter.in === position);
    if (fields.length === 0) return "";
    const lines = fields.map(({ name, required, schema, deprecated }) => {
      const comment = commentAbove(commentLines(schema, undefined, { constraints: false, deprecated }), "        ");
      const type = printer.print(schema, { depth: 4, sent: true });
      return `${comment}        ${propertyName(name)}${required ? "" : "?"}: ${required ? type : orUndefined(type)};\n`;
    });
    return `      ${position}${fields.some(({ required }) => required) ? "" : "?"}: {\n${lines.join("")}      };\n`;
  });
  return `    parameters: {\n${groups.join("")}    };\n`;
}

function contentText(media: readonly Media[], printer: SchemaPrinter, { depth, sent }: PrintOptions): string {
  const margin = "  ".repeat(depth);
  const lines = media.map(
    ({ type, schema }) => `${margin}  ${JSON.stringify(type)}: ${printer.print(schema, { depth: depth + 1, sent })};\n`,
  );
  return `${margin}content: {\n${lines.join("")}${margin}};\n`;
}

function statusKey(status: string): string {
  return /^[1-9]\d*$/.test(status) ? status : JSON.stringify(status);
}
