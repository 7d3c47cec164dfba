import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { checkInput, kindOf } from "../../src/domain/input-issue.ts";

const text = v.pipe(v.string("a text that is not empty"), v.nonEmpty("a text that is not empty"));
const limits = v.union([v.picklist(["standard", "sandbox"]), v.strictObject({ burst: v.number() })]);
const app = v.strictObject({
  clientId: text,
  scopes: v.optional(v.array(text)),
  limits: v.optional(limits),
  state: v.optional(v.picklist(["active", "paused"])),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  isOn: v.optional(v.union([v.boolean(), v.array(v.string())])),
});

const messageOf = (input: unknown, path = "APPS.main"): string | undefined =>
  checkInput(app, input, { path }).issue?.message;

describe("the fault of an input", () => {
  it.each<[string, unknown, string | RegExp]>([
    ["an item", { clientId: "i", scopes: [1, "a"] }, "APPS.main.scopes[0] must be a text that is not empty, got 1"],
    ["a missing field", {}, "APPS.main.clientId must be a text that is not empty, got nothing"],
    ["an empty text", { clientId: "" }, "APPS.main.clientId must be a text that is not empty, got an empty text"],
    ["a list that is none", { clientId: "i", scopes: "x" }, 'APPS.main.scopes must be an array, got "x"'],
    ["the input itself", ["x"], "APPS.main must be an object, got an array"],
    ["a list in place of an object", { clientId: "i", limits: [] }, /^APPS\.main\.limits must be .*, got an array$/],
    ["a number below its least", { clientId: "i", retries: 0 }, "APPS.main.retries must be at least 1, got 0"],
    [
      "a number that is not whole",
      { clientId: "i", retries: 1.5 },
      "APPS.main.retries must be a whole number, got 1.5",
    ],
    ["a union", { clientId: "i", isOn: 1 }, "APPS.main.isOn must be true or false or an array, got 1"],
    [
      "an object that fits no schema of a union",
      { clientId: "i", limits: { burst: "9" } },
      'APPS.main.limits.burst must be a number, got "9"',
    ],
    [
      "a misspelt choice",
      { clientId: "i", state: "activ" },
      'APPS.main.state must be "active" or "paused", got "activ"; did you mean "active"?',
    ],
    ["a misspelt field", { clientId: "i", scope: [] }, 'unknown field "scope" in APPS.main; did you mean "scopes"?'],
    [
      "a misspelt field that is then missing",
      { clientid: "i" },
      'unknown field "clientid" in APPS.main; did you mean "clientId"?',
    ],
    [
      "a misspelt field of a union's object",
      { clientId: "i", limits: { bursts: 1 } },
      'unknown field "bursts" in APPS.main.limits; did you mean "burst"?',
    ],
    [
      "a field that is near none",
      { clientId: "i", webhooks: {} },
      'unknown field "webhooks" in APPS.main; the fields are clientId, scopes, limits, state, retries, isOn',
    ],
    [
      "a name that may be a secret",
      { clientId: "i", "s3cret s3cret": 1 },
      "unknown field in APPS.main; the fields are clientId, scopes, limits, state, retries, isOn",
    ],
  ])("%s is named with its path, what is expected and what was found", (_what, input, message) => {
    expect(messageOf(input)).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
  });

  it("is named without a path where the input has none", () => {
    expect(messageOf({ clientId: 7 }, "")).toBe("clientId must be a text that is not empty, got 7");
    expect(messageOf(7, "")).toBe("the body must be an object, got 7");
    expect(messageOf({ clientId: "i", scop: [] }, "")).toBe('unknown field "scop"; did you mean "scopes"?');
  });

  it("shows of a secret only what kind of value it is", () => {
    const isSecret = () => true;
    for (const clientId of [12_345_678, ["s3cret"], { s3cret: "s3cret" }])
      expect(checkInput(app, { clientId }, { isSecret }).issue?.message).not.toMatch(/s3cret|1234/);
    expect(checkInput(app, { clientId: "i", scopes: "s3cret" }, { isSecret }).issue?.message).toBe(
      "scopes must be an array, got a text of 6 characters",
    );
  });

  it("cuts a long text", () => {
    expect(messageOf({ clientId: "i", scopes: "x".repeat(100) })).toBe(
      `APPS.main.scopes must be an array, got "${"x".repeat(40)}…"`,
    );
  });

  it("is an array in the place of an object that needs no field", () => {
    const nested = v.strictObject({ items: v.array(v.strictObject({ part: v.optional(v.strictObject({})) })) });
    const input = { items: [{}, { part: [] }] };
    expect(checkInput(nested, input).issue?.message).toBe("items[1].part must be an object, got an array");
  });

  it("is none where the input fits", () => {
    expect(checkInput(app, { clientId: "i" })).toEqual({ value: { clientId: "i" } });
  });
});

it.each<[unknown, string]>([
  [undefined, "nothing"],
  [null, "null"],
  ["", "an empty text"],
  [[], "an array"],
  [{}, "an object"],
  [7, "a number"],
  [true, "true"],
])("the kind of %j is %s", (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});
