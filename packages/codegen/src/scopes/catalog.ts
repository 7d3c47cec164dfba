import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UnreadableFileError } from "../errors.ts";
import { parseYaml } from "../input/load/yaml.ts";
import { packagedOperations } from "../output/generate/load-operations.ts";
import { workspaceModules } from "../output/generate/workspace.ts";
import { readWebhooks } from "../output/ir/webhook/webhook.ts";
import { ownOrPackaged } from "../packaged.ts";

/** Properties of one operation. A route of `@ghl-edge/client/routes` has the same ones. */
export interface KnownOperation {
  readonly api: string;
  readonly module: string;
  readonly name: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** One letter per token type (`lLcC`), `""` anonymous, `"?"` unknown. */
  readonly tokens: string;
  /** Any of which is enough; empty: none known. */
  readonly scopes: readonly string[];
}

export interface KnownEvent {
  readonly name: string;
  /** Names it also goes by. */
  readonly aliases: readonly string[];
  /** Scopes that open it; undefined: no source says. */
  readonly scopes: readonly string[] | undefined;
}

export interface Catalog {
  readonly operations: readonly KnownOperation[];
  readonly events: readonly KnownEvent[];
}

/**
 * Reads a folder of distilled documents; without one, the route table of the client that the project has installed, and
 * without that the table that this package brings along. The events are those of the folder's webhooks document, else of the one that this package brings along.
 */
export async function loadCatalog(cwd: string, folder: string | undefined): Promise<Catalog> {
  const openapi = folder ?? "openapi";
  const modules = workspaceModules(cwd, openapi);
  const events = await readEvents(join(cwd, openapi));
  if (modules.length > 0) {
    const operations = modules.flatMap(({ api, name: module, operations }) =>
      operations.map(({ id, ...operation }) => ({ ...operation, operationId: id, api, module })),
    );
    return { operations, events };
  }
  if (folder !== undefined) {
    throw new UnreadableFileError("distilled documents not found: `ghl-codegen sync` writes them", { file: openapi });
  }
  return { operations: (await installedRoutes(cwd)) ?? packagedOperations(), events };
}

async function readEvents(folder: string): Promise<KnownEvent[]> {
  const file = ownOrPackaged(folder, "webhooks.yaml");
  const model = readWebhooks(await parseYaml(await readFile(file), file), file);
  return model.events.map(({ name, wire, aliases, scopes }) => ({ name, aliases: [...wire, ...aliases], scopes }));
}

async function installedRoutes(cwd: string): Promise<KnownOperation[] | undefined> {
  let entry: string;
  try {
    entry = createRequire(join(cwd, "package.json")).resolve("@ghl-edge/client/routes");
  } catch {
    return undefined;
  }
  const routes = (await import(pathToFileURL(entry).href)) as { allRoutes: () => KnownOperation[] };
  return routes.allRoutes();
}
