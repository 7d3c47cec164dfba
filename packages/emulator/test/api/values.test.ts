import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerFile } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { flat, type Schema, type Schemas } from "../../src/api/schema.ts";
import { hasMongoIds } from "../../src/api/values/ids.ts";
import { UNHAPPY } from "../../src/api/values/number-rules.ts";
import { createPersona } from "../../src/api/values/persona.ts";
import { createRandom } from "../../src/core/random.ts";
import { breaches } from "./breaches.ts";
import { oddities } from "./well-known.ts";

const folder = new URL("../../src/generated/", import.meta.url);
const files = ["v2", "v3"].flatMap((api) => readdirSync(new URL(`${api}/`, folder)).map((name) => `${api}/${name}`));
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as AnswerFile;
const SEEDS = ["a", "b", "c"];

/** Whether the schema lists the values of the text at this path. */
function lists(schema: Schema, schemas: Schemas, path: string): boolean {
  const find = (at: Schema, rest: readonly string[]): boolean => {
    const here = flat(at, schemas);
    const choices = [here, ...(here.anyOf ?? []), ...(here.oneOf ?? [])].map((one) => flat(one, schemas));
    const [name, ...deeper] = rest;
    if (name === undefined)
      return choices.some(
        (one) =>
          one.enum !== undefined ||
          one["x-extensible-enum"] !== undefined ||
          one.const !== undefined ||
          one.maxLength !== undefined,
      );
    return choices.some((one) => {
      if (name === "[]") return one.items !== undefined && find(one.items, deeper);
      const property = one.properties?.[name];
      return property !== undefined && find(property, deeper);
    });
  };
  return find(schema, path.replaceAll("[]", ".[]").split(".").slice(1));
}

describe("every answer of every operation, for several seeds, passes its schema and looks like HighLevel's", () => {
  test.each(files)("every answer for several seeds passes its schema and looks like HighLevel's: %s", (name) => {
    const { operations, schemas } = read(name);
    const mongoIds = hasMongoIds(/([\w-]+)\.gen/.exec(name)![1]!);
    for (const [id, { answer }] of Object.entries(operations)) {
      if (answer === undefined) continue;
      for (const seed of SEEDS) {
        const value = sample(answer, { schemas, random: createRandom(`${seed} ${id}`), mongoIds });
        expect(breaches(answer, value, { schemas }), id).toEqual([]);
        expect(
          oddities(value, (path) => lists(answer, schemas, path)),
          id,
        ).toEqual([]);
      }
    }
  });
});

const make = (schema: Schema, seed: string): Record<string, unknown> =>
  sample(schema, { schemas: {}, random: createRandom(seed) }) as Record<string, unknown>;
const texts = (...names: string[]): Schema => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
});

test("name and e-mail of one object are those of one person, and its times follow each other", () => {
  const schema = texts("firstName", "lastName", "name", "email", "createdAt", "updatedAt", "startTime", "endTime");
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const { firstName, lastName, name, email, ...times } = make(schema, seed) as Record<string, string>;
      expect(name).toBe(`${firstName} ${lastName}`);
      expect(email).toBe(`${firstName}.${lastName}@example.com`.toLowerCase());
      expect(times.createdAt! < times.updatedAt!).toBe(true);
      expect(times.startTime! < times.endTime!).toBe(true);
    }),
  );
});

test("nothing that is made can reach a real person", () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const { email, phone, website } = createPersona(createRandom(seed));
      expect(email).toMatch(/@example\.com$/);
      expect(new URL(website).host).toMatch(/\.example\.com$/);
      expect(phone).toMatch(/^\+1\d{3}55501\d{2}$/);
    }),
  );
});

test("a status is one of its values, and no failure where there is another", () => {
  const status = { type: "string", enum: ["failed", "delivered", "pending", "undelivered"] };
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const made = make({ type: "object", properties: { status } }, seed).status;
      expect(status.enum).toContain(made);
      expect(made).not.toMatch(UNHAPPY);
    }),
  );
  expect(make({ type: "object", properties: { status: { type: "string", enum: ["failed"] } } }, "a").status).toBe(
    "failed",
  );
});

test("the bounds of a schema are stronger than the rule of a field's name", () => {
  const bounded: Schema = {
    type: "object",
    properties: {
      email: { type: "string", maxLength: 5 },
      firstName: { type: "string", minLength: 40 },
      amount: { type: "integer", minimum: 3, maximum: 4 },
    },
  };
  fc.assert(
    fc.property(fc.string(), (seed) => {
      expect(breaches(bounded, make(bounded, seed), { schemas: {} })).toEqual([]);
    }),
  );
});

test("the id that a path ends in is that of the record, not of what is in it", () => {
  const contact: Schema = { type: "object", properties: { id: { type: "string" } } };
  const record: Schema = { type: "object", properties: { id: { type: "string" }, contact } };
  const options = { schemas: {}, subjectId: "abc", hints: { id: "abc" } };
  const plain = sample(record, { ...options, random: createRandom("a") }) as { id: string; contact: { id: string } };
  expect(plain.id).toBe("abc");
  expect(plain.contact.id).not.toBe("abc");
  const wrapped = sample(
    { type: "object", properties: { opportunity: record } },
    { ...options, random: createRandom("a") },
  ) as { opportunity: { id: string; contact: { id: string } } };
  expect(wrapped.opportunity.id).toBe("abc");
  expect(wrapped.opportunity.contact.id).not.toBe("abc");
  const list: Schema = { type: "object", properties: { items: { type: "array", items: contact } } };
  const { items } = sample(list, { ...options, random: createRandom("a") }) as { items: { id: string }[] };
  expect(items.every(({ id }) => id !== "abc")).toBe(true);
});
