import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Targets } from "../config/config.ts";
import type { GeneratedFile } from "../emit/file.ts";
import { UnreadableFileError } from "../errors.ts";
import { applyExamples } from "../evidence/apply-examples.ts";
import { findInCursors } from "../evidence/cursors.ts";
import { EXAMPLES_FILE, parseFindings, printFindings } from "../evidence/example-file.ts";
import type { ExampleFindings } from "../evidence/example-shapes.ts";
import { loadFields } from "../fields/load-fields.ts";
import type { FieldTexts } from "../ir/field-texts.ts";
import type { Module } from "../ir/model.ts";
import { buildModule } from "../ir/module.ts";
import type { JsonObject } from "../json.ts";
import { parseJson, requireOpenApi } from "../load/parse.ts";
import { parseYaml } from "../load/yaml.ts";
import { ownOrPackaged } from "../packaged.ts";
import { digest } from "./digest.ts";
import { readIfThere } from "./target.ts";
import type { Unit } from "./unit.ts";

const APIS = ["v2", "v3"] as const;

/** What is generated from a folder of distilled documents, and where to. Folders are relative to the root. */
export interface Workspace {
  readonly root: string;
  /** Folder of distilled documents. */
  readonly openapi: string;
  readonly targets: Targets;
  readonly imports: "package" | "relative";
}

interface Document {
  readonly api: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: Buffer;
  /** What its examples show, as text. */
  readonly shown: string;
  /** Parsed and built once, when the first unit asks. */
  readonly module: () => Module;
}

/** Every unit of a workspace: a module each, the route table over all of them, the webhooks. */
export function workspaceUnits(workspace: Workspace): Unit[] {
  const { root, openapi, targets } = workspace;
  const units = targets.webhooks === undefined ? [] : [webhooksUnit(workspace, targets.webhooks)];
  const { client, emulator, operations } = targets;
  if ([client, emulator, operations].every((target) => target === undefined)) return units;
  const documents = readAllDocuments(root, openapi);
  if (documents.length === 0) {
    throw new UnreadableFileError(
      "no distilled documents: `ghl-codegen sync` writes them; a document of your own is given with --input and --out",
      { file: `${openapi}/{${APIS.join(",")}}/*.json` },
    );
  }
  if (operations !== undefined) units.unshift(operationsUnit(documents, operations, openapi));
  if (client !== undefined) units.unshift(routesUnit(documents, client));
  if (client === undefined && emulator === undefined) return units;
  const fields = readFieldsFile(ownOrPackaged(join(root, openapi), "fields.yaml"));
  return [...documents.map((document) => moduleUnit(document, workspace, fields)), ...units];
}

/** The modules of a folder of distilled documents. */
export function workspaceModules(root: string, openapi: string): Module[] {
  return readAllDocuments(root, openapi).map(({ module }) => module());
}

function readAllDocuments(root: string, openapi: string): Document[] {
  const file = `${openapi}/${EXAMPLES_FILE}`;
  const bytes = readIfThere(ownOrPackaged(join(root, openapi), EXAMPLES_FILE));
  const findings = bytes === undefined ? new Map() : parseFindings(parseJson(bytes, file), file);
  return APIS.flatMap((api) => readDocuments(root, openapi, { api, findings }));
}

/** The document as its examples and its own cursors are. */
function asSeen(document: JsonObject, findings: ExampleFindings, file: string): JsonObject {
  const wide = applyExamples(document, findings, file);
  return applyExamples(wide, findInCursors(wide), file);
}

interface Generation {
  readonly api: string;
  /** What examples show, by document. */
  readonly findings: ReadonlyMap<string, ExampleFindings>;
}

function readDocuments(root: string, openapi: string, { api, findings }: Generation): Document[] {
  let names: string[];
  try {
    names = readdirSync(join(root, openapi, api));
  } catch {
    return [];
  }
  const documents = names.filter((name) => name.endsWith(".json")).sort();
  return documents.map((fileName) => {
    const file = `${openapi}/${api}/${fileName}`;
    const name = fileName.slice(0, -".json".length);
    const bytes = readFileSync(join(root, file));
    let built: Module | undefined;
    const own: ExampleFindings = findings.get(`${api}/${name}`) ?? new Map();
    const shown = printFindings(new Map([[name, own]]));
    const module = () => {
      built ??= buildModule(asSeen(requireOpenApi(parseJson(bytes, file), file), own, `${openapi}/${EXAMPLES_FILE}`), {
        name,
        api,
        file,
      });
      return built;
    };
    return { api, name, file, bytes, shown, module };
  });
}

interface Fields {
  readonly bytes: Buffer | undefined;
  readonly texts: () => Promise<FieldTexts>;
}

function readFieldsFile(file: string): Fields {
  let texts: Promise<FieldTexts> | undefined;
  return {
    bytes: readIfThere(file),
    texts: () => {
      texts ??= loadFields(file);
      return texts;
    },
  };
}

function moduleUnit(document: Document, { targets, imports }: Workspace, fields: Fields): Unit {
  const { client, emulator } = targets;
  return {
    name: `${document.api}/${document.name}`,
    digest: digest(
      document.file,
      document.bytes,
      document.shown,
      fields.bytes ?? "",
      client ?? "",
      emulator ?? "",
      imports,
    ),
    emit: async () => {
      const { emitClientFiles, emitEmulatorFiles } = await import("../emit/module-files.ts");
      const { PACKAGE_IMPORTS, RELATIVE_IMPORTS } = await import("../emit/client-file.ts");
      const module = document.module();
      const options = {
        imports: imports === "relative" ? RELATIVE_IMPORTS : PACKAGE_IMPORTS,
        texts: await fields.texts(),
      };
      return [
        ...(client === undefined ? [] : inFolder(client, emitClientFiles(module, document.api, options))),
        ...(emulator === undefined ? [] : inFolder(emulator, emitEmulatorFiles(module, document.api))),
      ];
    },
  };
}

function routesUnit(documents: readonly Document[], folder: string): Unit {
  return {
    name: "routes",
    digest: digest(folder, ...documents.flatMap(({ file, bytes, shown }) => [file, bytes, shown])),
    emit: async () => {
      const { emitRoutes } = await import("../emit/routes.ts");
      return inFolder(folder, emitRoutes(documents.map(({ module }) => module())));
    },
  };
}

function operationsUnit(documents: readonly Document[], path: string, openapi: string): Unit {
  return {
    name: "operations",
    digest: digest(path, ...documents.flatMap(({ file, bytes, shown }) => [file, bytes, shown])),
    emit: async () => {
      const { operationEntries } = await import("../operations/entry.ts");
      const { operationsTable } = await import("../operations/table.ts");
      const entries = operationEntries(documents.map(({ module }) => module()));
      return [{ path, text: operationsTable(entries, `${openapi}/{${APIS.join(",")}}/*.json`) }];
    },
  };
}

function webhooksUnit({ root, openapi, imports }: Workspace, folder: string): Unit {
  const file = ownOrPackaged(join(root, openapi), "webhooks.yaml");
  const bytes = readFileSync(file);
  return {
    name: "webhooks",
    digest: digest(folder, imports, bytes),
    emit: async () => {
      const { readWebhooks } = await import("../ir/webhook.ts");
      const { emitWebhooks, standsAlone } = await import("../emit/webhook.ts");
      const files = emitWebhooks(readWebhooks(await parseYaml(bytes, file), file));
      return inFolder(folder, imports === "relative" ? files : files.filter(standsAlone));
    },
  };
}

function inFolder(folder: string, files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.map(({ path, text }) => ({ path: `${folder}/${path}`, text }));
}
