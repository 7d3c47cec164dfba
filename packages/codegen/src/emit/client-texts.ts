import type { FieldTexts } from "../ir/field-texts.ts";
import type { Module } from "../ir/model.ts";
import { type NamedModule, nameTypes } from "../ir/type-names/named-module.ts";
import { byCodeUnit } from "../json.ts";
import { type MethodText, methodText } from "./method.ts";
import { createSchemaPrinter } from "./schema.ts";
import { operationTexts, webhooksText } from "./schema-file.ts";

/** The pieces of which the two files of a module are made, so that two generations of it can be compared. */
export interface ClientTexts {
  readonly module: NamedModule;
  readonly methods: readonly MethodText[];
  /** Declaration of each named type, by name. */
  readonly types: ReadonlyMap<string, string>;
  /** Member of the `operations` interface, by the operation's id. */
  readonly operations: ReadonlyMap<string, string>;
  /** Members of the `webhooks` interface. */
  readonly webhooks: string;
  /** Declarations that the types turned out to need. */
  readonly footer: string;
}

export function clientTexts(input: Module, texts: FieldTexts): ClientTexts {
  const module = nameTypes(input);
  const printer = createSchemaPrinter(module, texts);
  const byName = [...module.typeNames].sort(([, a], [, b]) => byCodeUnit(a, b));
  return {
    module,
    methods: module.operations.map((operation) => methodText(module, operation, { printer, texts })),
    operations: operationTexts(module, printer),
    webhooks: webhooksText(module, printer),
    types: new Map(byName.map(([key, name]) => [name, printer.declare(key)])),
    footer: printer.footer(),
  };
}
