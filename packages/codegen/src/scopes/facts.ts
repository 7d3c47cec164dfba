import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UnreadableFileError } from "../errors.ts";
import { readIfThere } from "../generate/target.ts";
import { workspaceModules } from "../generate/workspace.ts";
import { readWebhooks } from "../ir/webhook.ts";
import { parseYaml } from "../load/yaml.ts";

/** What is known of one operation; the same as a route of `@ghl-edge/client/routes`. */
export interface OperationFacts {
  readonly api: string;
  readonly module: string;
  readonly name: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** One letter per token kind (`lLcC`), `""` anonymous, `"?"` unknown. */
  readonly tokens: string;
  /** Any of which is enough; empty: none known. */
  readonly scopes: readonly string[];
}

export interface EventFacts {
  readonly name: string;
  /** Names it also goes by. */
  readonly aliases: readonly string[];
  /** Scopes that open it; undefined: no source says. */
  readonly scopes: readonly string[] | undefined;
}

export interface Facts {
  readonly operations: readonly OperationFacts[];
  /** Undefined: the documents at hand say nothing of events. */
  readonly events: readonly EventFacts[] | undefined;
}

/** Reads a folder of distilled documents; without one, the route table of the client that the project has installed. */
export async function loadFacts(cwd: string, folder: string | undefined): Promise<Facts> {
  const openapi = folder ?? "openapi";
  const modules = workspaceModules(cwd, openapi);
  if (modules.length > 0) {
    const operations = modules.flatMap(({ api, name: module, operations }) =>
      operations.map(({ id, ...operation }) => ({ ...operation, operationId: id, api, module })),
    );
    return { operations, events: await readEvents(cwd, openapi) };
  }
  const operations = folder === undefined ? await installedRoutes(cwd) : undefined;
  if (operations !== undefined) return { operations, events: undefined };
  throw new UnreadableFileError("No distilled documents here, and no @ghl-edge/client is installed.", {
    file: openapi,
  });
}

async function readEvents(cwd: string, openapi: string): Promise<EventFacts[] | undefined> {
  const file = `${openapi}/webhooks.yaml`;
  const bytes = readIfThere(join(cwd, file));
  if (bytes === undefined) return undefined;
  const model = readWebhooks(await parseYaml(bytes, file));
  return model.events.map(({ name, wire, aliases, scopes }) => ({ name, aliases: [...wire, ...aliases], scopes }));
}

async function installedRoutes(cwd: string): Promise<OperationFacts[] | undefined> {
  let entry: string;
  try {
    entry = createRequire(join(cwd, "package.json")).resolve("@ghl-edge/client/routes");
  } catch {
    return undefined;
  }
  const routes = (await import(pathToFileURL(entry).href)) as { allRoutes: () => OperationFacts[] };
  return routes.allRoutes();
}
