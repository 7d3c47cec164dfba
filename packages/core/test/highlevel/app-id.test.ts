import { expect, it } from "vitest";
import { appIdOf } from "../../src/index.ts";

it.each([
  ["5f0000000000000000000001-lx2k9d3a", "5f0000000000000000000001"],
  ["5F0000000000000000000001-a-b", "5F0000000000000000000001"],
  ["5f0000000000000000000001", "5f0000000000000000000001"],
  ["my-app", "my-app"],
  ["", ""],
])("the app id of %j is %j", (id, appId) => {
  expect(appIdOf(id)).toBe(appId);
});
