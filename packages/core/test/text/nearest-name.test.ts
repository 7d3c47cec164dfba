import fc from "fast-check";
import { expect, it } from "vitest";
import { didYouMean, nearestName } from "../../src/index.ts";

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

it("case and punctuation do not count", () => {
  const names = ["v3.contacts.getContacts", "v3.contacts.getContact"];
  expect(nearestName("v3/contacts/get-contact", names)).toBe("v3.contacts.getContact");
});

it("a candidate with one edit is found in any list, and what is found is in the list", () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(
      word,
      fc.array(word),
      fc.nat(),
      fc.constantFrom("drop", "double", "replace"),
      (name, others, at, edit) => {
        const index = at % name.length;
        const middle = edit === "drop" ? "" : edit === "double" ? name[index]!.repeat(2) : "0";
        const typo = name.slice(0, index) + middle + name.slice(index + 1);
        const list = [...others, name];
        const found = nearestName(typo, list);
        expect(list).toContain(found);
      },
    ),
  );
});
