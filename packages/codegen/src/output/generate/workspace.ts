import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UnreadableFileError } from "../../errors.ts";
import { parseYaml } from "../../input/load/yaml.ts";
import { ownOrPackaged } from "../../packaged.ts";
import type { GeneratedFile } from "../emit/file.ts";
import { loadFields } from "../fields/load-fields.ts";
import type { FieldTexts } from "../ir/field-texts.ts";
import type { Module } from "../ir/model.ts";
import { digest } from "./digest.ts";
import { APIS, type Document, readDocuments } from "./documents.ts";
import { readIfThere } from "./target-folder.ts";
import type { Targets } from "./targets.ts";
import type { Unit } from "./unit.ts";

/** The older generation takes from the newer one what is the same in both. */
const [SHARING, SHARED] = APIS;

/** A folder of distilled documents with its targets. Folders are relative to the root. */
export interface Workspace {
  readonly root: string;
  /** Folder of distilled documents. */
  readonly openapi: string;
  readonly targets: Targets;
  readonly imports: "package" | "relative";
}

/** Every unit of a workspace: a module each, the route table over all of them, the webhooks. */
export function workspaceUnits(workspace: Workspace): Unit[] {
  const { root, openapi, targets } = workspace;
  const fields = readFieldsFile(ownOrPackaged(join(root, openapi), "fields.yaml"));
  const units = targets.webhooks === undefined ? [] : [webhooksUnit(workspace, targets.webhooks, fields)];
  const { client, emulator, operations } = targets;
  if ([client, emulator, operations].every((target) => target === undefined)) return units;
  const documents = readDocuments(root, openapi);
  if (documents.length === 0) {
    throw new UnreadableFileError(
      "distilled documents not found: `ghl-codegen sync` writes them; a document of your own is given with --input and --out",
      { file: `${openapi}/{${APIS.join(",")}}/*.json` },
    );
  }
  if (operations !== undefined) units.unshift(operationsUnit(documents, operations, openapi));
  if (client !== undefined) units.unshift(routesUnit(documents, client));
  if (client === undefined && emulator === undefined) return units;
  const twinOf = ({ api, name }: Document) =>
    api === SHARING ? documents.find((other) => other.api === SHARED && other.name === name) : undefined;
  const modules = documents.map((document) => moduleUnit({ document, twin: twinOf(document), workspace, fields }));
  return [...modules, ...units];
}

/** The modules of a folder of distilled documents. */
export function workspaceModules(root: string, openapi: string): Module[] {
  return readDocuments(root, openapi).map(({ module }) => module());
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

interface ModuleUnitInput {
  readonly document: Document;
  /** The same module of the generation that its types are shared with. */
  readonly twin: Document | undefined;
  readonly workspace: Workspace;
  readonly fields: Fields;
}

function moduleUnit({ document, twin, workspace, fields }: ModuleUnitInput): Unit {
  const { targets, imports } = workspace;
  const { client, emulator } = targets;
  return {
    name: `${document.api}/${document.name}`,
    digest: digest(document.digest, twin?.digest ?? "", fields.bytes ?? "", client ?? "", emulator ?? "", imports),
    emit: async () => {
      const { emitClientFiles, emitEmulatorFiles } = await import("../emit/module-files.ts");
      const { PACKAGE_IMPORTS, RELATIVE_IMPORTS } = await import("../emit/client/client-file.ts");
      const { api, module } = document;
      const files: GeneratedFile[] = [];
      if (client !== undefined) {
        const texts = await fields.texts();
        const options = {
          imports: imports === "relative" ? RELATIVE_IMPORTS : PACKAGE_IMPORTS,
          twin: twin && { texts: await twin.texts(texts), folder: `../${twin.api}` },
        };
        files.push(...inFolder(client, emitClientFiles(await document.texts(texts), api, options)));
      }
      if (emulator !== undefined) {
        const { observedAnswers } = await import("./observed-answers.ts");
        const observed = observedAnswers(module(), document.observations());
        files.push(...inFolder(emulator, emitEmulatorFiles(module(), api, observed)));
      }
      return files;
    },
  };
}

function routesUnit(documents: readonly Document[], folder: string): Unit {
  return {
    name: "routes",
    digest: digest(folder, ...documents.map((document) => document.digest)),
    emit: async () => {
      const { emitRoutes } = await import("../emit/routes.ts");
      return inFolder(folder, emitRoutes(documents.map(({ module }) => module())));
    },
  };
}

function operationsUnit(documents: readonly Document[], path: string, openapi: string): Unit {
  return {
    name: "operations",
    digest: digest(path, ...documents.map((document) => document.digest)),
    emit: async () => {
      const { operationEntries } = await import("../operations/entry.ts");
      const { operationsTable } = await import("../operations/table.ts");
      const entries = operationEntries(documents.map(({ module }) => module()));
      return [{ path, text: operationsTable(entries, `${openapi}/{${APIS.join(",")}}/*.json`) }];
    },
  };
}

function webhooksUnit({ root, openapi, imports }: Workspace, folder: string, fields: Fields): Unit {
  const file = ownOrPackaged(join(root, openapi), "webhooks.yaml");
  const bytes = readFileSync(file);
  return {
    name: "webhooks",
    digest: digest(folder, imports, bytes, fields.bytes ?? ""),
    emit: async () => {
      const { readWebhooks } = await import("../ir/webhook/webhook.ts");
      const { emitWebhooks, standsAlone } = await import("../emit/webhook/webhook.ts");
      const files = emitWebhooks(readWebhooks(await parseYaml(bytes, file), file), await fields.texts());
      return inFolder(folder, imports === "relative" ? files : files.filter(standsAlone));
    },
  };
}

function inFolder(folder: string, files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.map(({ path, text }) => ({ path: `${folder}/${path}`, text }));
}
