import type { FieldTexts } from "../ir/field-texts.ts";
import type { Module } from "../ir/model.ts";
import { nameTypes } from "../ir/type-names/named-module.ts";
import { type ClientImports, emitClientFile } from "./client-file.ts";
import { emitEmulatorFile } from "./emulator-file.ts";
import type { GeneratedFile } from "./file.ts";
import { createSchemaPrinter } from "./schema.ts";
import { emitSchemaFile } from "./schema-file.ts";

export interface ClientFilesOptions {
  readonly imports: ClientImports;
  /** Sentences for fields. */
  readonly texts: FieldTexts;
}

/** The client's two files of a module. */
export function emitClientFiles(
  input: Module,
  folder: string,
  { imports, texts }: ClientFilesOptions,
): GeneratedFile[] {
  const module = nameTypes(input);
  const printer = createSchemaPrinter(module, texts);
  const stem = `${folder === "" ? "" : `${folder}/`}${module.name}`;
  return [
    { path: `${stem}.gen.ts`, text: emitClientFile(module, { printer, texts }, imports) },
    { path: `${stem}.schema.gen.d.ts`, text: emitSchemaFile(module, printer) },
  ];
}

/** The emulator's file of a module. */
export function emitEmulatorFiles(module: Module, folder: string): GeneratedFile[] {
  return [{ path: `${folder}/${module.name}.gen.json`, text: emitEmulatorFile(module) }];
}
