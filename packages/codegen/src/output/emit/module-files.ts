import type { Module } from "../ir/model.ts";
import type { Observed } from "../ir/observed.ts";
import { type ClientImports, emitClientFile } from "./client/client-file.ts";
import type { ClientTexts } from "./client/client-text-model.ts";
import { emitEmulatorFile } from "./emulator-file.ts";
import type { GeneratedFile } from "./file.ts";
import { emitSchemaFile } from "./schema/schema-file.ts";
import { NOTHING_SHARED, sharedWith } from "./shared.ts";

export interface ClientFilesOptions {
  readonly imports: ClientImports;
  /** The same module of the generation that types are shared with, and its folder from that of this one: `../v3`. */
  readonly twin?: { readonly texts: ClientTexts; readonly folder: string } | undefined;
}

/** The client's two files of a module. */
export function emitClientFiles(texts: ClientTexts, folder: string, options: ClientFilesOptions): GeneratedFile[] {
  const { imports, twin } = options;
  const shared = twin === undefined ? NOTHING_SHARED : sharedWith(texts, twin.texts, twin.folder);
  const stem = `${folder === "" ? "" : `${folder}/`}${texts.module.name}`;
  return [
    { path: `${stem}.gen.ts`, text: emitClientFile(texts, shared, imports) },
    { path: `${stem}.schema.gen.d.ts`, text: emitSchemaFile(texts, shared) },
  ];
}

/** The emulator's file of a module; `observed` is what recorded answers have, by operation id. */
export function emitEmulatorFiles(
  module: Module,
  folder: string,
  observed: ReadonlyMap<string, Observed> = new Map(),
): GeneratedFile[] {
  const text = emitEmulatorFile(module, observed);
  return [{ path: `${folder}/${module.name}.gen.json`, text }];
}
