import type { Module } from "../ir/model.ts";
import { type ClientImports, emitClientFile } from "./client-file.ts";
import { emitEmulatorFile } from "./emulator-file.ts";
import type { GeneratedFile } from "./file.ts";
import { createSchemaPrinter } from "./schema.ts";
import { emitSchemaFile } from "./schema-file.ts";

/** The client's two files of a module. */
export function emitClientFiles(module: Module, folder: string, imports: ClientImports): GeneratedFile[] {
  const printer = createSchemaPrinter(module);
  const stem = `${folder === "" ? "" : `${folder}/`}${module.name}`;
  return [
    { path: `${stem}.gen.ts`, text: emitClientFile(module, printer, imports) },
    { path: `${stem}.schema.gen.d.ts`, text: emitSchemaFile(module, printer) },
  ];
}

/** The emulator's file of a module. */
export function emitEmulatorFiles(module: Module, folder: string): GeneratedFile[] {
  return [{ path: `${folder}/${module.name}.gen.json`, text: emitEmulatorFile(module) }];
}
