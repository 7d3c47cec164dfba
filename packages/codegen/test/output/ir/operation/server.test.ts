import { expect, test } from "vitest";
import { distilServers } from "../../../../src/input/distil/servers.ts";
import type { Json } from "../../../../src/json/json.ts";
import { serverOf } from "../../../../src/output/ir/operation/server.ts";

const serverOfDocument = (servers: Json) => serverOf(distilServers(servers));

test.each<[string, Json, string | undefined]>([
  ["the first one", [{ url: "https://a.example/v1/" }, { url: "https://b.example" }], "https://a.example/v1"],
  [
    "variables have their defaults",
    [{ url: "https://{region}.a.example/{v}", variables: { region: { default: "eu" }, v: { default: 2 } } }],
    "https://eu.a.example/2",
  ],
  ["a variable without default", [{ url: "https://{region}.a.example" }], undefined],
  ["a path alone", [{ url: "/v1" }], undefined],
  ["another scheme", [{ url: "ftp://a.example" }], undefined],
  ["a query, behind which no path can stand", [{ url: "https://a.example?x=1" }], undefined],
  ["no host", [{ url: "https://" }], undefined],
  ["none", [], undefined],
  ["not there", null, undefined],
])("the server of a document is read from its list: %s", (_, servers, expected) => {
  expect(serverOfDocument(servers)).toBe(expected);
});
