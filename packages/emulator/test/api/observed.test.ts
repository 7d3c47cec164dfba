import { expect, test } from "vitest";
import { type Observed, type ObserveOptions, observe } from "../../src/api/observed.ts";
import type { Schema } from "../../src/api/schema.ts";
import { createRandom } from "../../src/core/random.ts";

const options = (remembered: boolean, seed = "seed"): ObserveOptions => ({
  schemas: {},
  seed,
  random: createRandom(seed),
  hints: { locationId: "L1" },
  remembered,
});

const seen = (observed: Observed, schema?: Schema) => ({ observed, schema });

const CONTACT: Observed = {
  id: "s",
  locationId: "s",
  firstName: "s",
  "email?": "sz",
  "tags?": "a",
  firstNameLowerCase: "s",
  createdBy: { source: "s", "timestamp?": "d" },
  additionalEmails: { "[]": { email: "s" } },
};

test("a sampled answer gets every member that was seen, in a kind that was seen", () => {
  expect(observe({ id: "c1", email: 5 }, seen(CONTACT), options(false))).toEqual({
    id: "c1",
    locationId: "L1",
    firstName: expect.any(String) as string,
    email: expect.any(String) as string,
    tags: [],
    firstNameLowerCase: expect.any(String) as string,
    createdBy: { source: expect.any(String) as string, timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string },
    additionalEmails: [{ email: expect.any(String) as string }, { email: expect.any(String) as string }],
  });
});

test("a record gets what comes by itself, nothing that somebody has to set, and keeps what was set as it was set", () => {
  const record = { id: "c1", locationId: "L1", firstName: "Ada", nickname: "A", tags: "none" };
  expect(observe(record, seen(CONTACT), options(true))).toEqual({
    ...record,
    firstNameLowerCase: "ada",
    createdBy: { source: expect.any(String) as string, timestamp: expect.any(String) as string },
    additionalEmails: [],
  });
});

test("a record gets the same values wherever it is shown, and others with another seed", () => {
  const record = { id: "c1", locationId: "L1", firstName: "Ada" };
  const alone = observe({ contact: record }, seen({ contact: CONTACT }), options(true)) as { contact: unknown };
  const listed = observe(
    { contacts: [{ id: "c0" }, record] },
    seen({ contacts: { "[]": CONTACT } }),
    options(true),
  ) as {
    contacts: unknown[];
  };
  expect(listed.contacts[1]).toEqual(alone.contact);
  expect(observe(record, seen(CONTACT), options(true, "other"))).not.toEqual(alone.contact);
});

test("only the members of every answer are added around records, because a cursor would make a list endless", () => {
  const observed: Observed = {
    contacts: { "[]": CONTACT },
    meta: { nextPageUrl: "s" },
    searchAfter: "a",
    traceId: "s",
  };
  const page = { contacts: [], meta: { total: 0 } };
  expect(observe(page, seen(observed), options(true))).toEqual({ ...page, traceId: expect.any(String) as string });
});

test("a member with an id beside it is the record of that id", () => {
  const observed: Observed = { contactId: "s", contact: { id: "s", name: "s" } };
  expect(observe({ id: "o1", contactId: "c1" }, seen(observed), options(true))).toMatchObject({
    contact: { id: "c1" },
  });
});

test("an evidence of null alone, or of an unnamed member, has no effect on a value", () => {
  expect(observe({ city: "Berlin" }, seen({ city: "z", "*": "s" }), options(false))).toEqual({ city: "Berlin" });
  expect(observe({}, seen({ city: "z" }), options(false))).toEqual({ city: null });
});

test("a missing member is one of the values that the document allows, if that is of an observed type", () => {
  const status: Schema = { enum: ["open"] };
  const schema: Schema = {
    anyOf: [{ type: "null" }, { type: "object", properties: { status, count: { type: "string" } } }],
  };
  expect(observe({}, seen({ status: "s", count: "n" }, schema), options(false))).toEqual({
    status: "open",
    count: expect.any(Number) as number,
  });
});
