import { describe, expect, test } from "vitest";
import { type ExternalAuthParts, parseExternalAuth, selectionIncludes } from "../../src/external-auth.ts";

const query = (text: string): ExternalAuthParts => ({ query: new URLSearchParams(text) });
const body = (value: unknown, contentType: string | null = "application/json"): ExternalAuthParts => ({
  body: typeof value === "string" ? value : JSON.stringify(value),
  contentType,
});

/** The four scenarios on HighLevel's page. */
const credentials = { username: "user1", password: "password123" };
const scenarios = {
  one: { companyId: "123", locationId: ["A"], approveAllLocations: false, excludedLocations: null },
  several: { companyId: "123", locationId: ["A", "B"], approveAllLocations: false, excludedLocations: null },
  all: { companyId: "123", locationId: null, approveAllLocations: true, excludedLocations: null },
  "all but some": { companyId: "123", locationId: null, approveAllLocations: true, excludedLocations: ["C", "D"] },
};
const selections = {
  one: { kind: "locations", locationIds: ["A"] },
  several: { kind: "locations", locationIds: ["A", "B"] },
  all: { kind: "all" },
  "all but some": { kind: "all-except", excludedLocationIds: ["C", "D"] },
};

describe.each(Object.keys(scenarios) as (keyof typeof scenarios)[])("the scenario of %s", (name) => {
  const scenario = { ...scenarios[name], ...credentials };
  const expected = { companyId: "123", selection: selections[name], fields: credentials };
  const asText = Object.entries(scenario).map(([key, value]): [string, string] => [key, String(value)]);

  test("the scenario is read from JSON", () => expect(parseExternalAuth(body(scenario))).toEqual(expected));
  test("the scenario is read from JSON without a content type", () =>
    expect(parseExternalAuth(body(scenario, null))).toEqual(expected));
  test("the scenario is read from JSON with the content type of a form", () =>
    expect(parseExternalAuth(body(scenario, "application/x-www-form-urlencoded"))).toEqual(expected));
  test("the scenario is read from a form", () => {
    const form = new URLSearchParams(asText).toString();
    expect(parseExternalAuth(body(form, "application/x-www-form-urlencoded; charset=utf-8"))).toEqual(expected);
    expect(parseExternalAuth(body(form, "text/plain"))).toEqual(expected);
  });
  test("the scenario is read from a query", () =>
    expect(parseExternalAuth({ query: new URLSearchParams(asText) })).toEqual(expected));
});

describe("an external-auth request", () => {
  test("an external-auth request of a sub-account has no company", () => {
    const expected = { selection: { kind: "locations", locationIds: ["A"] }, fields: {} };
    expect(parseExternalAuth(body({ companyId: null, locationId: ["A"], approveAllLocations: false }))).toEqual(
      expected,
    );
    expect(parseExternalAuth(query("companyId=null&locationId=A&approveAllLocations=false"))).toEqual(expected);
  });

  test("an external-auth request of an agency app names no location", () => {
    expect(parseExternalAuth(query("companyId=c1")).selection).toEqual({ kind: "none" });
  });

  test("an external-auth request may have the braces of older pages", () => {
    expect(parseExternalAuth(query('companyId=c1&locationId={"A","B"}')).selection).toEqual({
      kind: "locations",
      locationIds: ["A", "B"],
    });
  });

  test("an external-auth request keeps all digits of numeric ids", () => {
    const locationIds = ["12345678901234567890", "007"];
    for (const list of [locationIds.join(","), `[${locationIds.join(",")}]`, `[${locationIds[0]}]&locationId=[007]`]) {
      expect(parseExternalAuth(query(`locationId=${list}`)).selection).toEqual({ kind: "locations", locationIds });
    }
  });

  test("an external-auth request prefers the body to the URL, and reads missing fields from the URL", () => {
    const parsed = parseExternalAuth({
      query: new URLSearchParams("companyId=c2&apiKey=k1"),
      body: JSON.stringify({ companyId: "c1", locationId: ["A"] }),
    });
    expect(parsed.companyId).toBe("c1");
    expect(parsed.fields).toEqual({ apiKey: "k1" });
  });

  test("an external-auth request preserves the text that the user entered", () => {
    const fields = { apiKey: " null ", pin: "null", "key[]": "a,b", __proto__x: "1" };
    expect(parseExternalAuth(body({ ...scenarios.one, ...fields })).fields).toEqual(fields);
    expect(parseExternalAuth(body({ ...scenarios.one, pin: 1234, on: true, none: null, deep: {} })).fields).toEqual({
      pin: "1234",
      on: "true",
    });
  });

  test("an external-auth request treats a field with a dangerous name as any other", () => {
    const { fields } = parseExternalAuth(body('{"companyId":"c1","__proto__":"x"}'));
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(Object.hasOwn(fields, "__proto__")).toBe(true);
  });

  test("an external-auth request must have the required fields", () => {
    expect(parseExternalAuth(query("companyId=c1&apiKey=k"), { fields: ["apiKey"] }).fields.apiKey).toBe("k");
    for (const text of ["companyId=c1", "companyId=c1&apiKey="]) {
      expect(() => parseExternalAuth(query(text), { fields: ["apiKey"] })).toThrow(
        expect.objectContaining({ code: "ERR_GHL_EXTERNAL_AUTH_REQUEST", parameter: "apiKey" }),
      );
    }
    expect(() => parseExternalAuth(query("companyId=c1"), { fields: ["toString"] })).toThrow();
  });

  test.each([
    ["locationId", { companyId: "c1", approveAllLocations: true, locationId: ["A"] }],
    ["excludedLocations", { companyId: "c1", approveAllLocations: false, excludedLocations: ["A"] }],
    ["excludedLocations", { companyId: "c1", locationId: ["A"], excludedLocations: ["B"] }],
    ["companyId", { companyId: null, approveAllLocations: true }],
    ["approveAllLocations", { companyId: "c1", approveAllLocations: "yes" }],
    ["approveAllLocations", { companyId: "c1", approveAllLocations: ["true"] }],
    ["locationId", { companyId: "c1", locationId: [1] }],
    ["locationId", { companyId: "c1", locationId: { id: "A" } }],
    ["locationId", { companyId: "c1", locationId: [[[["A"]]]] }],
    ["locationId", { companyId: "c1", locationId: "[[" }],
    ["companyId", { companyId: ["c1"], locationId: ["A"] }],
    [undefined, { companyId: null, locationId: null, approveAllLocations: false }],
    [undefined, []],
    [undefined, "text"],
    [undefined, '"text"'],
    [undefined, '{"companyId":'],
    [undefined, ""],
  ])("an external-auth request is refused for its %s: %o", (parameter, value) => {
    expect(() => parseExternalAuth(body(value))).toThrow(
      expect.objectContaining({ code: "ERR_GHL_EXTERNAL_AUTH_REQUEST", parameter }),
    );
  });

  test("an external-auth request that contradicts itself in its query is refused", () => {
    for (const text of [
      "companyId=c1&companyId=c2",
      "companyId=c1&approveAllLocations=true&approveAllLocations=false",
    ]) {
      expect(() => parseExternalAuth(query(text))).toThrow();
    }
    expect(() => parseExternalAuth(query("companyId=c1&apiKey=a&apiKey=b"))).toThrow(
      expect.objectContaining({ parameter: "apiKey" }),
    );
    expect(parseExternalAuth(query("companyId=c1&companyId=c1&apiKey=a&apiKey=a")).fields.apiKey).toBe("a");
  });

  test("an external-auth request is refused with an error that contains no value", () => {
    const value = "hunter2";
    for (const parts of [
      query(`apiKey=${value}&apiKey=b`),
      body(`{"apiKey":"${value}`),
      query(`approveAllLocations=${value}`),
    ]) {
      const error = (() => {
        try {
          return parseExternalAuth(parts);
        } catch (caught) {
          return caught as Error;
        }
      })();
      expect(error).toBeInstanceOf(Error);
      const { message, stack, cause, ...rest } = error as Error;
      expect(JSON.stringify([message, stack, cause, rest])).not.toContain(value);
    }
  });
});

test("selectionIncludes returns whether a selection includes a location", () => {
  const includes = (selection: Parameters<typeof selectionIncludes>[0]) =>
    ["A", "B"].map((locationId) => selectionIncludes(selection, locationId));
  expect(includes({ kind: "locations", locationIds: ["A"] })).toEqual([true, false]);
  expect(includes({ kind: "all" })).toEqual([true, true]);
  expect(includes({ kind: "all-except", excludedLocationIds: ["A"] })).toEqual([false, true]);
  expect(includes({ kind: "none" })).toEqual([false, false]);
});
