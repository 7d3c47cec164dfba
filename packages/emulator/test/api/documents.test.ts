import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AnswerFile } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { problems } from "../../src/api/validate.ts";
import { createRandom } from "../../src/core/random.ts";

describe("a value that a document allows", () => {
  const folder = new URL("../../src/generated/", import.meta.url);
  const files = ["v2", "v3"].flatMap((api) => readdirSync(new URL(`${api}/`, folder)).map((name) => `${api}/${name}`));
  test.each(files)("a value that a document allows is accepted: %s", (name) => {
    const { operations, schemas } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as AnswerFile;
    for (const [id, { request, answer }] of Object.entries(operations))
      for (const schema of [request?.schema, answer]) {
        if (schema === undefined) continue;
        const value = sample(schema, { schemas, random: createRandom(id) });
        expect(problems(schema, { value, name: "" }, { schemas, spelling: "typed" }), id).toEqual([]);
      }
  });
});
