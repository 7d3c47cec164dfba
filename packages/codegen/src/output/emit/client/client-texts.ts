import { byCodeUnit } from "../../../json/json.ts";
import type { FieldTexts } from "../../ir/field-texts.ts";
import type { Module } from "../../ir/model.ts";
import { nameTypes } from "../../ir/type-names/named-module.ts";
import { createSchemaPrinter } from "../schema/schema.ts";
import { operationTexts, webhooksText } from "../schema/schema-file.ts";
import type { ClientTexts } from "./client-text-model.ts";
import { methodText } from "./method.ts";

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
