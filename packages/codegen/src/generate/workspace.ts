import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedFile } from "../emit/file.ts";
import { UnreadableFileError } from "../errors.ts";
import type { Module } from "../ir/model.ts";
import { buildModule } from "../ir/module.ts";
import { parseJson, requireOpenApi } from "../load/parse.ts";
import { parseYaml } from "../load/yaml.ts";
import { digest } from "./digest.ts";
import { readIfThere } from "./target.ts";
import type { Unit } from "./unit.ts";

/** Where the repository keeps what is generated, relative to its root. */
export const CLIENT = "packages/client/src/generated";
export const EMULATOR = "packages/emulator/src/generated";
export const WEBHOOKS = "packages/webhooks/src/generated";
export const TARGETS: readonly string[] = [CLIENT, EMULATOR, WEBHOOKS];

const APIS = ["v2", "v3"] as const;

interface Document {
  readonly api: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: Buffer;
  /** Parsed and built once, when the first unit asks. */
  readonly module: () => Module;
}

/** Every unit of the repository: a module each, the route table over all of them, the webhooks. */
export function workspaceUnits(root: string, openapi: string): Unit[] {
  const documents = APIS.flatMap((api) => readDocuments(root, openapi, api));
  if (documents.length === 0) {
    throw new UnreadableFileError(
      "no distilled documents: `ghl-codegen sync` writes them; a document of your own is given with --input and --out",
      {
        file: `${openapi}/{${APIS.join(",")}}/*.json`,
      },
    );
  }
  return [...documents.map(moduleUnit), routesUnit(documents), ...webhookUnits(root, openapi)];
}

/** The modules of a folder of distilled documents. */
export function workspaceModules(root: string, openapi: string): Module[] {
  return APIS.flatMap((api) => readDocuments(root, openapi, api)).map(({ module }) => module());
}

function readDocuments(root: string, openapi: string, api: string): Document[] {
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
    const module = () => {
      built ??= buildModule(requireOpenApi(parseJson(bytes, file), file), { name, api, file });
      return built;
    };
    return { api, name, file, bytes, module };
  });
}

function moduleUnit(document: Document): Unit {
  return {
    name: `${document.api}/${document.name}`,
    digest: digest(document.file, document.bytes),
    emit: async () => {
      const { emitClientFiles, emitEmulatorFiles } = await import("../emit/module-files.ts");
      const { RELATIVE_IMPORTS } = await import("../emit/client-file.ts");
      const module = document.module();
      return [
        ...inFolder(CLIENT, emitClientFiles(module, document.api, RELATIVE_IMPORTS)),
        ...inFolder(EMULATOR, emitEmulatorFiles(module, document.api)),
      ];
    },
  };
}

function routesUnit(documents: readonly Document[]): Unit {
  return {
    name: "routes",
    digest: digest(...documents.flatMap(({ file, bytes }) => [file, bytes])),
    emit: async () => {
      const { emitRoutes } = await import("../emit/routes.ts");
      return inFolder(CLIENT, emitRoutes(documents.map(({ module }) => module())));
    },
  };
}

function webhookUnits(root: string, openapi: string): Unit[] {
  const file = `${openapi}/webhooks.yaml`;
  const bytes = readIfThere(join(root, file));
  if (bytes === undefined) return [];
  return [
    {
      name: "webhooks",
      digest: digest(file, bytes),
      emit: async () => {
        const { readWebhooks } = await import("../ir/webhook.ts");
        const { emitWebhooks } = await import("../emit/webhook.ts");
        return inFolder(WEBHOOKS, emitWebhooks(readWebhooks(await parseYaml(bytes, file), file)));
      },
    },
  ];
}

function inFolder(folder: string, files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.map(({ path, text }) => ({ path: `${folder}/${path}`, text }));
}
