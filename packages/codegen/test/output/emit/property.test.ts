import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { PACKAGE_IMPORTS } from "../../../src/output/emit/client/client-file.ts";
import { clientTexts } from "../../../src/output/emit/client/client-texts.ts";
import { emitClientFiles, emitEmulatorFiles } from "../../../src/output/emit/module-files.ts";
import { NO_CACHE } from "../../../src/output/generate/cache.ts";
import { runUnits } from "../../../src/output/generate/run.ts";
import { NO_FIELD_TEXTS } from "../../../src/output/ir/field-texts.ts";
import { buildModule } from "../../../src/output/ir/module.ts";

const OPTIONS = { imports: PACKAGE_IMPORTS };
const names = fc.oneof(
  fc.constantFrom(
    "id",
    "locationId",
    "altId",
    "altType",
    "companyId",
    "limit",
    "a-b",
    "1st",
    "__proto__",
    "constructor",
    'q"uote',
    "*/",
    ["`$", "{x}`"].join(""),
  ),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const schema = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<JsonObject>(
      {},
      { type: "string" },
      { type: ["number", "null"] },
      { type: "object" },
      { $ref: "#/components/schemas/Node" },
    ),
    fc
      .uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 })
      .map((values): JsonObject => ({ enum: values })),
    tie("schema").map((items): JsonObject => ({ type: "array", items })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((oneOf): JsonObject => ({ oneOf })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((allOf): JsonObject => ({ allOf })),
    fc
      .tuple(fc.dictionary(names, tie("schema"), { maxKeys: 4 }), fc.array(names, { maxLength: 3 }))
      .map(([properties, required]): JsonObject => ({ type: "object", properties, required })),
  ),
})).schema;

const operation = fc
  .record({
    method: fc.constantFrom("get", "post", "put"),
    parameters: fc.uniqueArray(
      fc.record({
        name: names.filter((name) => name !== "body"),
        in: fc.constantFrom("query", "header"),
        required: fc.boolean(),
        schema,
      }),
      { maxLength: 4, selector: ({ name }) => name },
    ),
    body: fc.option(
      fc.record({ required: fc.boolean(), schema, type: fc.constantFrom("application/json", "multipart/form-data") }),
    ),
    status: fc.constantFrom("200", "201", "204", "default"),
    answer: fc.option(schema),
    deprecated: fc.boolean(),
  })
  .map(({ method, parameters, body, status, answer, deprecated }): [string, JsonObject] => [
    method,
    {
      parameters,
      deprecated,
      ...(body === null
        ? {}
        : { requestBody: { required: body.required, content: { [body.type]: { schema: body.schema } } } }),
      responses: {
        [status]: {
          description: "",
          ...(answer === null ? {} : { content: { "application/json": { schema: answer } } }),
        },
      },
    },
  ]);

const document = fc
  .tuple(fc.array(operation, { minLength: 1, maxLength: 3 }), fc.dictionary(names, schema, { maxKeys: 3 }), schema)
  .map(
    ([operations, schemas, node]): JsonObject => ({
      openapi: "3.1.0",
      paths: Object.fromEntries(operations.map(([method, value], index) => [`/p${index}`, { [method]: value }])),
      components: { schemas: { ...schemas, Node: node } },
    }),
  );

/** A required header is refused in HighLevel's documents: methods have no parameter for it (`test/ir/core-limits.test.ts`). */
function servedByCore(value: JsonObject): JsonObject {
  const text = JSON.stringify(value).replaceAll('"in":"header","required":true', '"in":"header","required":false');
  return JSON.parse(text) as JsonObject;
}

test("any document gives TypeScript that parses, and the same twice", () => {
  fc.assert(
    fc.property(document, fc.constantFrom("", "v3"), (value, api) => {
      const emit = () => {
        const module = buildModule(api === "" ? structuredClone(value) : servedByCore(value), {
          name: "any",
          api,
          file: "any.json",
        });
        return [
          ...emitClientFiles(clientTexts(module, NO_FIELD_TEXTS), "", OPTIONS),
          ...emitEmulatorFiles(module, "data"),
        ];
      };
      const files = emit();
      expect(emit()).toEqual(files);
      for (const { path, text } of files) {
        if (path.endsWith(".json")) expect(() => JSON.parse(text)).not.toThrow();
        else expect(syntaxErrors(text), text).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("a second run finds nothing to change", async () => {
  const root = mkdtempSync(join(tmpdir(), "ghl-codegen-"));
  try {
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        const run = (check: boolean) => {
          const emit = async () =>
            emitClientFiles(
              clientTexts(
                buildModule(servedByCore(value), { name: "any", api: "v3", file: "any.json" }),
                NO_FIELD_TEXTS,
              ),
              "out",
              OPTIONS,
            );
          const units = [{ name: "any", digest: "", emit }];
          return runUnits({ root, units, targets: ["out"], fingerprint: "", cache: NO_CACHE, check });
        };
        await run(false);
        expect(await run(true)).toEqual({ missing: [], stale: [], extra: [], unchanged: 2 });
      }),
      { numRuns: 25 },
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}, 60_000);

function syntaxErrors(text: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
