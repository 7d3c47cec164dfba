import { expect, it } from "vitest";
import { didYouMean, nearestName } from "../src/index.ts";

const FIELDS = ["scopes", "clientId", "versionId", "limits"];

it.each([
  ["scop", "scopes"],
  ["scope", "scopes"],
  ["clientid", "clientId"],
  ["client_id", "clientId"],
  ["limitz", "limits"],
  ["limtis", "limits"],
])("%s is near %s", (name, meant) => {
  expect(nearestName(name, FIELDS)).toBe(meant);
});

it.each(["webhooks", "x", "", "s".repeat(10_000)])("nothing is near %.20s", (name) => {
  expect(nearestName(name, FIELDS)).toBeUndefined();
});

it("the candidate with the fewest edits wins, whatever the order", () => {
  expect(nearestName("listContact", ["listContract", "listContacts", "lostContacts"])).toBe("listContract");
  expect(nearestName("listContactz", ["lostContacts", "listContacts"])).toBe("listContacts");
});

it("a message ends with the name that was probably meant, or with nothing", () => {
  expect(didYouMean("scop", FIELDS)).toBe('; did you mean "scopes"?');
  expect(didYouMean("webhooks", FIELDS)).toBe("");
});
