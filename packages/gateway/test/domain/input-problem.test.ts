import * as v from "valibot";
import { expect, it } from "vitest";
import { checkInput } from "../../src/domain/input-problem.ts";

const SECRET = "s3cret-value";
const schema = v.strictObject({
  name: v.pipe(v.string("a text of 1 to 5 characters"), v.maxLength(5, "a text of 1 to 5 characters")),
  kind: v.picklist(["https", "queue"]),
  scopes: v.optional(v.array(v.string())),
  limits: v.optional(v.nullable(v.strictObject({ burst: v.number(), daily: v.optional(v.number()) }))),
  token: v.optional(v.pipe(v.string("must be a token"), v.minLength(20, "must be a token"))),
});
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
  [{ ...good, webhook: 1 }, 'unknown field "webhook"'],
  [{ ...good, limits: { burst: 1, dayly: 2 } }, 'unknown field "limits.dayly"; did you mean "daily"?'],
  [{ ...good, constructor: 1 }, 'unknown field "constructor"'],
  [{ ...good, [`${SECRET} of somebody`]: 1 }, "unknown field"],
  [{ ...good, token: SECRET }, "token must be a token"],
  [[], "name must be a text of 1 to 5 characters, got undefined"],
  [null, "input must be an object, got null"],
])("%j is refused with its place and what belongs there", (value, message) => {
  expect(checkInput(schema, value)).toMatchObject({ problem: { message } });
  expect(message).not.toContain(SECRET);
});

it("paths begin with the name that the value has", () => {
  const named = { root: "APPS.main", fieldNoun: "member" };
  expect(checkInput(schema, { ...good, scop: [] }, named)).toEqual({
    problem: { path: "APPS.main.scop", message: 'unknown member "APPS.main.scop"; did you mean "scopes"?' },
  });
  expect(checkInput(schema, 1, named)).toEqual({
    problem: { path: "APPS.main", message: "APPS.main must be an object, got 1" },
  });
});
