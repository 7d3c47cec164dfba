import * as v from "valibot";
import { expect, it } from "vitest";
import { checkInput } from "../../src/domain/input-problem.ts";

const SECRET = "s3cret-value";
const schema = v.strictObject({
  name: v.pipe(v.string("a text of 1 to 5 characters"), v.maxLength(5, "a text of 1 to 5 characters")),
  kind: v.picklist(["https", "queue"]),
  scopes: v.optional(v.array(v.string())),
  limits: v.optional(v.nullable(v.strictObject({ burst: v.number(), daily: v.optional(v.number()) }))),
  rate: v.optional(
    v.union([v.literal("standard"), v.strictObject({ burst: v.number() })], "standard or an object of burst"),
  ),
  token: v.optional(v.pipe(v.string("must be a token"), v.minLength(20, "must be a token"))),
});
const FIELDS = "name, kind, scopes, limits, rate, token";
const good = { name: "n", kind: "https" };

it("a value that is as the schema says is returned", () => {
  expect(checkInput(schema, good)).toEqual({ value: good });
});

it.each<[unknown, string]>([
  [{ ...good, name: "longer" }, 'name must be a text of 1 to 5 characters, got "longer"'],
  [{ kind: "https" }, "name must be a text of 1 to 5 characters, got undefined"],
  [{ name: "n" }, "kind must be one of https, queue, got undefined"],
  [{ ...good, kind: "http" }, 'kind must be one of https, queue, got "http"'],
  [{ ...good, scopes: [1, "a"] }, "scopes[0] must be a text, got 1"],
  [{ ...good, scopes: "a" }, 'scopes must be a list, got "a"'],
  [{ ...good, limits: {} }, "limits.burst must be a number, got undefined"],
  [{ ...good, scop: [] }, 'unknown field "scop"; did you mean "scopes"?'],
  [{ ...good, webhook: 1 }, `unknown field "webhook"; the fields are ${FIELDS}`],
  [{ ...good, limits: { burst: 1, dayly: 2 } }, 'unknown field "limits.dayly"; did you mean "daily"?'],
  [{ ...good, constructor: 1 }, `unknown field "constructor"; the fields are ${FIELDS}`],
  [{ ...good, [`${SECRET} of somebody`]: 1 }, `unknown field; the fields are ${FIELDS}`],
  [{ nam: "n", kind: "https" }, 'unknown field "nam"; did you mean "name"?'],
  [{ ...good, limits: [] }, "limits must be an object, got an empty array"],
  [{ ...good, rate: { burst: "9" } }, 'rate.burst must be a number, got "9"'],
  [{ ...good, rate: { bursts: 9 } }, 'unknown field "rate.bursts"; did you mean "burst"?'],
  [{ ...good, rate: [] }, "rate must be standard or an object of burst, got an empty array"],
  [{ ...good, token: SECRET }, "token must be a token"],
  [[], "input must be an object, got an empty array"],
  [null, "input must be an object, got null"],
])("%j is refused with its place and what belongs there", (value, message) => {
  expect(checkInput(schema, value)).toMatchObject({ problem: { message } });
  expect(message).not.toContain(SECRET);
});

it("paths begin with the name that the value has", () => {
  const named = { root: "APPS.main" };
  expect(checkInput(schema, { ...good, scop: [] }, named)).toEqual({
    problem: {
      path: "APPS.main.scop",
      expected: "left out",
      message: 'unknown field "APPS.main.scop"; did you mean "scopes"?',
    },
  });
  expect(checkInput(schema, 1, named)).toEqual({
    problem: { path: "APPS.main", expected: "an object", message: "APPS.main must be an object, got 1" },
  });
});

it.each<[unknown, string]>([
  [{ ...good, name: SECRET }, "name must be a text of 1 to 5 characters, got a text of 12 characters"],
  [{ ...good, name: "" }, "name must be a text of 1 to 5 characters, got an empty text"],
  [{ ...good, name: 12_345_678 }, "name must be a text of 1 to 5 characters, got a number"],
  [{ ...good, name: [SECRET] }, "name must be a text of 1 to 5 characters, got an array"],
])("a value like %j shows only its type where it may be a secret", (value, message) => {
  const text = v.pipe(
    v.string("a text of 1 to 5 characters"),
    v.check((name) => name !== "" && name.length < 6, "a text of 1 to 5 characters"),
  );
  const names = v.strictObject({ name: text, kind: v.string() });
  expect(checkInput(names, value, { isSecret: () => true })).toMatchObject({ problem: { message } });
});

it("a forwarded check shows the value of its member, null too", () => {
  const schema = v.pipe(
    v.object({ a: v.nullable(v.string()) }),
    v.forward(
      v.check(({ a }) => a !== null, "a text; see the guide"),
      ["a"],
    ),
  );
  const problem = { path: "a", expected: "a text", message: "a must be a text, got null; see the guide" };
  expect(checkInput(schema, { a: null })).toEqual({ problem });
});
