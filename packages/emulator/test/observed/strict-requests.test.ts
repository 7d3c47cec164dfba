import { existsSync } from "node:fs";
import { allRoutes } from "@ghl-edge/client/routes";
import { describe, expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import { LOCATION } from "../support.ts";
import { call, open } from "./calls.ts";
import { everythingSeen, FOLDER, type Seen } from "./evidence.ts";

const hasBody = ({ requests }: Seen): boolean => Object.keys(requests?.paths ?? {}).length > 0;
const sent = everythingSeen({ everyGeneration: true }).filter((one) => hasBody(one) || (one.query ?? []).length > 0);

/** A query with the names that were seen, and values that the document allows. */
async function queryOf({ api, module, operationId, query = [] }: Seen): Promise<string> {
  if (query.length === 0) return "";
  const { schemas, parameters } = await loadAnswer(api, module, operationId);
  const options = { schemas, random: createRandom(operationId), hints: { locationId: LOCATION, altId: LOCATION } };
  const pairs = new URLSearchParams();
  for (const name of query) {
    const parameter = parameters.find((one) => one.name === name);
    const value = parameter && sample({ type: "object", properties: { [name]: parameter.schema } }, options);
    pairs.set(name, String((value as Record<string, unknown> | undefined)?.[name] ?? LOCATION));
  }
  return `?${pairs}`;
}

describe("strict checks refuse no request that was seen to be accepted", () => {
  test("the evidence has bodies of more than twenty operations", () => {
    expect(new Set(sent.filter(hasBody).map(({ operation }) => operation)).size > 20 || !existsSync(FOLDER)).toBe(true);
  });

  test("every observed operation is one of the client's", () => {
    const called = new Set(sent.map(({ operation }) => operation));
    const known = new Set(allRoutes().map(({ method, path }) => `${method} ${path}`));
    expect([...called].filter((operation) => !known.has(operation))).toEqual([]);
  });

  test.each(sent)("a request that HighLevel accepted passes strict checks: $title", async (one) => {
    const emulator = open("strict");
    const response = await call(emulator, one, await queryOf(one));
    const breaches = emulator.log.at(-1)?.breaches ?? [];
    // An observed query may be incomplete, because the observations have names alone.
    expect(hasBody(one) ? breaches : breaches.filter((breach) => breach.endsWith("should not exist"))).toEqual([]);
    expect([400, 401, 403]).not.toContain(response.status);
    // An id that nobody has created is refused with 404.
    if (hasBody(one) && one.method !== "GET")
      expect([response.ok || response.status === 404, response.ok ? "" : await response.text()]).toEqual([
        true,
        response.ok ? "" : expect.stringContaining("404"),
      ]);
  });
});
