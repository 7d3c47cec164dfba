import { allRoutes } from "@ghl-edge/client/routes";
import { expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { checkRequest, readBody } from "../../src/api/request-check.ts";
import type { Schema } from "../../src/api/schema.ts";

/** A list beside a text: how the documents' comma-separated parameters are described. */
function listOf(schema: Schema): Schema | undefined {
  const choices = schema.anyOf ?? schema.oneOf ?? [];
  return choices.some(({ type }) => type === "string") ? choices.find(({ type }) => type === "array") : undefined;
}

test("a comma-separated parameter is taken as one value and repeated", async () => {
  let checked = 0;
  for (const { api, module, operationId, method, path } of allRoutes()) {
    const answer = await loadAnswer(api, module, operationId);
    const body = await readBody(new Request(`https://services.example${path}`, { method }));
    for (const { name, in: location, schema } of answer.parameters) {
      const list = location === "query" ? listOf(schema) : undefined;
      if (list === undefined) continue;
      checked += 1;
      const values = (list.items?.enum ?? ["a", "b"]).slice(0, 2).map(String);
      const joined = new URLSearchParams({ [name]: values.join() });
      const repeated = new URLSearchParams(values.map((value) => [name, value]));
      const problems = [joined, repeated].flatMap((query) => checkRequest(answer, query, body));
      expect(
        problems.filter((problem) => problem.includes(name)),
        `${api} ${operationId} ${name}`,
      ).toEqual([]);
    }
  }
  expect(checked).toBeGreaterThan(40);
});
