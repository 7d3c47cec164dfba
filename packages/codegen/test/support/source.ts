import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { main } from "../../src/main.ts";

/** A folder that is gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ghl-codegen-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by relative path; objects as JSON. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Json>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** Every file below a folder with its text: what "the tree is untouched" is measured by. */
export async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, "utf8")])),
  );
}

/** Runs a command line in a folder. */
export async function run(cwd: string, argv: readonly string[], env: Record<string, string> = {}) {
  let out = "";
  let err = "";
  const code = await main(argv, {
    cwd,
    env,
    isTty: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

/** A document with one operation that answers with schema `Thing`, and takes its errors from the common file. */
export function thingDocument(common = "../common/common-schemas.json"): JsonObject {
  return {
    openapi: "3.0.0",
    info: { title: "Things", version: "1.0", description: "All about things" },
    servers: [{ url: "https://services.example.com" }],
    paths: {
      "/things/{thingId}": {
        get: {
          operationId: "get-thing",
          summary: "Get a thing",
          parameters: [
            { name: "Version", in: "header", required: true, schema: { type: "string", enum: ["2021-07-28"] } },
            {
              name: "thingId",
              in: "path",
              required: true,
              description: "Id",
              schema: { type: "string", example: "x" },
            },
          ],
          responses: {
            200: {
              description: "OK",
              content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
            },
            400: {
              description: "Bad",
              content: { "application/json": { schema: { $ref: `${common}#/components/schemas/BadRequestDTO` } } },
            },
          },
          security: [{ bearer: ["things.readonly"] }],
        },
      },
    },
    components: {
      schemas: {
        Thing: { type: "object", properties: { id: { type: "string", description: "The id" } }, required: ["id"] },
      },
      securitySchemes: { bearer: { type: "http", scheme: "bearer", in: "header", name: "Authorization" } },
    },
  };
}

export const COMMON: JsonObject = {
  openapi: "3.0.0",
  info: { title: "Common", version: "1" },
  components: { schemas: { BadRequestDTO: { type: "object", properties: { message: { type: "string" } } } } },
};

/** A tiny upstream repository with both generations. */
export function upstream(): Record<string, Json> {
  return {
    "apps/things.json": thingDocument(),
    "apps/v3/things-v3.json": thingDocument(),
    "common/common-schemas.json": COMMON,
    "apps/v3/common/common-schemas.json": COMMON,
    "toc.json": { items: [] },
  };
}
