import { expect, test } from "vitest";
import { parseTarget, select } from "../../../src/input/overlay/target.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import { pointerOf } from "../../../src/json/pointer.ts";

const DOCUMENT: JsonObject = {
  paths: {
    "/it's/{id}": {
      get: {
        parameters: [
          { name: "limit", in: "query" },
          { name: "limit", in: "header" },
          { name: "id", in: "path", required: true },
        ],
        security: [{ bearer: [] }, { "Location-Access": ["a"] }],
      },
    },
  },
};

const GET = "#/paths/~1it's~1{id}/get";
const PATH = "$.paths['/it\\'s/{id}'].get";

test.each([
  ["$", ["#"]],
  ["$.paths", ["#/paths"]],
  [PATH, [GET]],
  [`$['paths']["/it's/{id}"]['get']`, [GET]],
  [`${PATH}.parameters[1]`, [`${GET}/parameters/1`]],
  [`${PATH}.parameters[?(@.name=='limit')]`, [`${GET}/parameters/0`, `${GET}/parameters/1`]],
  [`${PATH}.parameters[?@.name == 'limit' && @.in == "header"].in`, [`${GET}/parameters/1/in`]],
  [`${PATH}.parameters[?(@.required==true)]`, [`${GET}/parameters/2`]],
  [`${PATH}.security[*][*]`, [`${GET}/security/0/bearer`, `${GET}/security/1/Location-Access`]],
  [`${PATH}.security[1].*`, [`${GET}/security/1/Location-Access`]],
  [`${PATH}.parameters[9]`, []],
  [`${PATH}.parameters['0']`, []],
  ["$.paths.nope.get", []],
  ["$.toString", []],
])("%s selects %j", (target, expected) => {
  const steps = parseTarget(target);
  expect(steps).toBeDefined();
  expect(select(DOCUMENT, steps ?? []).map(({ position }) => pointerOf(position))).toEqual(expected);
});

test.each([
  "paths",
  "$.paths[",
  "$..get",
  "$.paths[?(@.name=~'x')]",
  "$.paths[?(@.a=='x' || @.b=='y')]",
  "$.paths[-1]",
  "$.paths[0:2]",
  "$.paths['a','b']",
  "$.Location-Access",
  "$.paths ",
  "$.",
])("%s is refused", (target) => {
  expect(parseTarget(target)).toBeUndefined();
});
