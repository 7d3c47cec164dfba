import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadDocument } from "../../src/input/sync/load-document.ts";
import type { ClientImports } from "../../src/output/emit/client/client-file.ts";
import { clientTexts } from "../../src/output/emit/client/client-texts.ts";
import type { GeneratedFile } from "../../src/output/emit/file.ts";
import { emitClientFiles } from "../../src/output/emit/module-files.ts";
import { NO_FIELD_TEXTS } from "../../src/output/ir/field-texts.ts";
import { buildModule } from "../../src/output/ir/module.ts";
import { temporaryFolder } from "./source.ts";

export const FIXTURES: string = join(import.meta.dirname, "../fixtures/other-api");
export const CLIENT: string = join(import.meta.dirname, "../../../client/src");

/** The two files of a fixture, made as `generate --input` makes them. */
export async function generated(name: string, imports: ClientImports): Promise<GeneratedFile[]> {
  const document = await loadDocument(join(FIXTURES, `${name}.yaml`));
  const module = buildModule(document, { name, api: "", file: `${name}.yaml` });
  return emitClientFiles(clientTexts(module, NO_FIELD_TEXTS), "", { imports });
}

/** Calls a method of a generated module by its name. */
export type Call = (name: string, params?: object, options?: object) => Promise<unknown>;

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answer of a loopback server. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
}

/** A server that notes what arrives, and the generated module of a fixture, calling it. */
export async function calling(name: string, reply: Reply = { type: "application/json", body: "{}" }) {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      arrived.push({ method, url, headers, body: Buffer.concat(chunks) });
      response.writeHead(reply.status ?? 200, { "x-from": "test", ...(reply.type && { "content-type": reply.type }) });
      response.end(reply.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { arrived, call: await callOf(name, { baseUrl }) };
}

/** The methods of a fixture's module, as a program has them that imports the generated file. */
export async function callOf(name: string, options: object): Promise<Call> {
  const folder = join(temporaryFolder(), "api");
  mkdirSync(folder);
  const files = await generated(name, {
    specifier: (file) => join(CLIENT, file === "openapi" ? "openapi.ts" : "index.ts"),
  });
  for (const { path, text } of files) writeFileSync(join(folder, path), text);
  const module = (await import(/* @vite-ignore */ join(folder, `${name}.gen.ts`))) as Record<string, unknown>;
  const { createClient } = (await import(join(CLIENT, "index.ts"))) as {
    createClient(options: object): { use(module: unknown): Record<string, (...given: unknown[]) => Promise<unknown>> };
  };
  const table = Object.values(module).find((value) => typeof value === "object");
  const methods = createClient({ auth: "secret", retry: false, ...options }).use(table);
  return async (method, ...given) => {
    const called = methods[method];
    if (called === undefined) throw new Error(`no method ${method}`);
    return called(...given);
  };
}
