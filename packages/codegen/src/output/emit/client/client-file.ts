import type { Module } from "../../ir/model.ts";
import { banner } from "../file.ts";
import type { Shared } from "../shared.ts";
import { propertyName, wordsIn } from "../text.ts";
import type { ClientTexts } from "./client-text-model.ts";
import { literal, operationRow, tableDefaults } from "./operation-row.ts";

/** File of the client that generated code imports from, relative to the client's `src` and without `.ts`. */
type ClientFile = "call-options" | "form" | "lists/paginated" | "openapi" | "operation-table" | "tenant/tenancy";

/** Source of the client's types in generated code: files of the client itself, or its package. */
export interface ClientImports {
  /** Module specifier for a type of the client; `openapi` is its entry for modules of other APIs. */
  specifier(file: ClientFile): string;
}

export const RELATIVE_IMPORTS: ClientImports = { specifier: (file) => `../../${file}.ts` };
export const PACKAGE_IMPORTS: ClientImports = {
  specifier: (file) => (file === "openapi" ? "@ghl-edge/client/openapi" : "@ghl-edge/client"),
};

/** `<module>.gen.ts`: the interface with the named methods, and the table they are driven by. */
export function emitClientFile(texts: ClientTexts, shared: Shared, imports: ClientImports): string {
  const { module, methods } = texts;
  const params = methods
    .flatMap(({ params, paramsName }) => (params === undefined || shared.params.has(paramsName) ? [] : [`\n${params}`]))
    .join("");
  const body = methods.map(({ signature }) => signature).join("");
  const text = `${params}\n${interfaceHead(module, params + body)} {\n${body}}\n`;
  return [
    banner(module.source),
    importLines(texts, text, imports),
    sharedLines(module, shared, text),
    `\nexport type * from "./${module.name}.schema.gen.d.ts";\n`,
    shared.params.size === 0
      ? ""
      : `export type { ${[...shared.params].join(", ")} } from "${shared.folder}/${module.name}.gen.ts";\n`,
    text,
    `\n${tableText(module)}`,
  ].join("");
}

/** Parameters that come from the twin and that this file itself uses. */
function sharedLines(module: Module, { params, folder }: Shared, text: string): string {
  const words = wordsIn(text);
  const used = [...params].filter((name) => words.has(name));
  return used.length === 0 ? "" : `import type { ${used.join(", ")} } from "${folder}/${module.name}.gen.ts";\n`;
}

function interfaceHead(module: Module, text: string): string {
  if (!module.highLevel) return `export interface ${module.typeName}`;
  // a type parameter that nothing uses is an error under noUnusedParameters, save with an underscore
  const name = /<T>|T\["/.test(text) ? "T" : "_T";
  return `export interface ${module.typeName}<${name} extends Tenancy = Unbound>`;
}

function importLines({ module, types }: ClientTexts, text: string, imports: ClientImports): string {
  const imported: [name: string, file: ClientFile, used: boolean][] = [
    ["CallOptions", "call-options", text.includes("CallOptions")],
    ["CompanyBound", "tenant/tenancy", module.highLevel],
    ["LocationBound", "tenant/tenancy", module.highLevel],
    ["OperationTable", "operation-table", true],
    ["Paginated", "lists/paginated", text.includes("Paginated<")],
    ["Tenancy", "tenant/tenancy", module.highLevel],
    ["TenantArguments", "tenant/tenancy", text.includes("TenantArguments<")],
    ["Unbound", "tenant/tenancy", module.highLevel],
    ["EventStream", "openapi", /\bEventStream\b/.test(text)],
  ];
  const bySpecifier = new Map<string, string[]>();
  for (const [name, file, used] of imported) {
    if (!used) continue;
    const specifier = imports.specifier(file);
    bySpecifier.set(specifier, [...(bySpecifier.get(specifier) ?? []), name]);
  }
  const words = wordsIn(text);
  const schema = [...types.keys()].filter((name) => words.has(name));
  if (schema.length > 0) bySpecifier.set(`./${module.name}.schema.gen.d.ts`, schema);
  const lines = [...bySpecifier].map(
    ([from, names]) => `import type { ${names.join(", ")} } from ${JSON.stringify(from)};\n`,
  );
  const feature = featureOf(module);
  // the only import at run time, so that only apps with such a module carry the feature
  const wire = feature && `import { ${feature.name} } from ${JSON.stringify(imports.specifier(feature.file))};\n`;
  return [...lines, wire ?? ""].join("");
}

/** Returns what the rows of a module need at run time beside the core: a member of its table, and the file of its value. */
function featureOf(module: Module) {
  if (!module.highLevel) return { member: "methodsOf", name: "openApi", file: "openapi" } as const;
  const hasForm = module.operations.some(({ body }) => body?.encoding === "f" || body?.encoding === "m");
  return hasForm ? ({ member: "encodeForm", name: "encodeForm", file: "form" } as const) : undefined;
}

function tableText(module: Module): string {
  const { typeName, highLevel } = module;
  const feature = featureOf(module);
  const member = feature && (feature.member === feature.name ? feature.name : `${feature.member}: ${feature.name}`);
  const defaults = tableDefaults(module);
  const bound = (name: string) => (highLevel ? `${typeName}<${name}>` : typeName);
  const rows = module.operations.map(
    (operation) => `    ${propertyName(operation.name)}: ${literal(operationRow(module, operation, defaults))},\n`,
  );
  return `/** Type of \`${typeName}\`: the operation table, with the methods that \`use(${typeName})\` returns. */
export interface ${typeName}Module extends OperationTable {
  readonly unbound: ${bound("Unbound")};
  readonly location: ${bound("LocationBound")};
  readonly company: ${bound("CompanyBound")};
}

export const ${typeName}: ${typeName}Module = {
  module: ${JSON.stringify(module.name)},
  api: ${JSON.stringify(module.api)},${module.server === undefined ? "" : `\n  server: ${JSON.stringify(module.server)},`}${member ? `\n  ${member},` : ""}
  version: ${JSON.stringify(defaults.version)},
  tokens: ${JSON.stringify(defaults.tokens)},
  operations: {
${rows.join("")}  },
} satisfies OperationTable as OperationTable as ${typeName}Module;
`;
}
