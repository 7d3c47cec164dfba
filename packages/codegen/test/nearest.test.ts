import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../src/nearest.ts";

const NAMES = ["generate", "sync", "lint", "diff", "scopes"];

test.each([
  ["generat", "generate"],
  ["genreate", "generate"],
  ["Generate", "generate"],
  ["snyc", "sync"],
  ["scope", "scopes"],
  ["xyz", undefined],
  ["", undefined],
])("%s is nearest to %s", (name, expected) => {
  expect(nearest(name, NAMES)).toBe(expected);
});

test("case and punctuation do not count", () => {
  expect(nearest("v3/contacts/get-contact", ["v3.contacts.getContacts", "v3.contacts.getContact"])).toBe(
    "v3.contacts.getContact",
  );
});

test("a candidate with one edit is found in any list, and what is found is in the list", () => {
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
        const found = nearest(typo, list);
        expect(list).toContain(found);
      },
    ),
  );
});
