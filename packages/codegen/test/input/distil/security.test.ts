import { expect, test } from "vitest";
import { acceptedTokenTypes, distilSecuritySchemes } from "../../../src/input/distil/security.ts";
import type { Json } from "../../../src/json/json.ts";

test.each<[Json, unknown]>([
  [[{ bearer: [] }], ["location", "location-pit"]],
  [[{ "Location-Access": ["x"] }], ["location", "location-pit"]],
  [
    [{ "Agency-Access-Only": [] }, { "Location-Access-Only": [] }],
    ["location", "company"],
  ],
  [
    [{ "Agency-Access": [] }, { bearer: [] }],
    ["location", "location-pit", "company", "company-pit"],
  ],
  [[], []],
  [[{ bearer: [] }, { apiKey: [] }], undefined],
  [[{ toString: [] }], undefined],
  [null, undefined],
])("%j accepts %j", (security, expected) => {
  expect(acceptedTokenTypes(security)).toEqual(expected);
});

test("schemes in use keep their facts; scope texts of OAuth flows go", () => {
  const flows = { authorizationCode: { authorizationUrl: "u", tokenUrl: "t", scopes: { b: "text", a: "text" } } };
  const schemes = { oauth: { type: "oauth2", description: "D", flows }, unused: { type: "http" } };
  expect(distilSecuritySchemes(schemes, new Set(["oauth", "missing"]))).toEqual({
    oauth: {
      type: "oauth2",
      flows: { authorizationCode: { authorizationUrl: "u", tokenUrl: "t", scopes: { a: "", b: "" } } },
    },
  });
});
