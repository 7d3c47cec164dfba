import { beforeEach, describe, expect, test } from "vitest";
import { json, LOCATION } from "../support.ts";
import { caller, DATED, type Json, OTHER } from "./record-caller.ts";

let { clock, call } = caller("strict");
beforeEach(() => {
  ({ clock, call } = caller("strict"));
});

async function createContact(fields: Json = {}): Promise<string> {
  clock.nowMs += 1;
  const response = await call("POST", "/contacts/", { body: { locationId: LOCATION, ...fields } });
  expect(response.status).toBe(201);
  return ((await json(response)).contact as { id: string }).id;
}

describe("contacts", () => {
  test("a contact that was created is found, changed and gone", async () => {
    const id = await createContact({ firstName: "Ada", email: "ada@example.com", tags: ["x"] });
    const read = async () => (await json(call("GET", `/contacts/${id}`))).contact as Json;
    expect(await read()).toMatchObject({ id, firstName: "Ada", locationId: LOCATION, tags: ["x"] });
    clock.nowMs += 5;
    const changed = await json(call("PUT", `/contacts/${id}`, { body: { lastName: "Lovelace" } }));
    expect(changed).toMatchObject({
      succeeded: true,
      contact: { firstName: "Ada", lastName: "Lovelace", tags: ["x"] },
    });
    expect((await json(call("POST", `/contacts/${id}/tags`, { body: { tags: ["y", "x"] } }))).tags).toEqual(["x", "y"]);
    expect((await json(call("DELETE", `/contacts/${id}/tags`, { body: { tags: ["x"] } }))).tags).toEqual(["y"]);
    expect(await read()).toMatchObject({ tags: ["y"] });
    expect((await json(call("DELETE", `/contacts/${id}`))).succeded).toBe(true);
    expect((await call("GET", `/contacts/${id}`)).status).toBe(404);
  });

  test("upsert finds by email, and duplicates are found", async () => {
    const first = await json(
      call("POST", "/contacts/upsert", { body: { locationId: LOCATION, email: "a@example.com" } }),
    );
    const second = await json(
      call("POST", "/contacts/upsert", { body: { locationId: LOCATION, email: "a@example.com", firstName: "A" } }),
    );
    expect([first.new, second.new]).toEqual([true, false]);
    expect((second.contact as Json).id).toBe((first.contact as Json).id);
    const found = await json(call("GET", `/contacts/search/duplicate?locationId=${LOCATION}&email=a@example.com`));
    expect(found.contact).toMatchObject({ firstName: "A" });
  });

  test("contacts belong to one location", async () => {
    const id = await createContact();
    expect((await call("GET", `/contacts/${id}`, { version: "v3", token: `pit-${OTHER}` })).status).toBe(403);
    const ofAnother = await call("POST", "/contacts/", { body: { locationId: OTHER } });
    expect(ofAnother.status).toBe(403);
  });

  test("notes and tasks belong to a contact", async () => {
    const [mine, other] = [await createContact(), await createContact()];
    const note = (await json(call("POST", `/contacts/${mine}/notes`, { body: { body: "hello" } }))).note as Json;
    expect((await json(call("GET", `/contacts/${mine}/notes`))).notes).toMatchObject([{ id: note.id, body: "hello" }]);
    expect((await json(call("GET", `/contacts/${other}/notes`))).notes).toEqual([]);
    const sent = { title: "t", dueDate: "2026-12-01T00:00:00Z", completed: false };
    const task = (await json(call("POST", `/contacts/${mine}/tasks`, { body: sent }))).task as Json;
    const done = await json(
      call("PUT", `/contacts/${mine}/tasks/${task.id as string}/completed`, { body: { completed: true } }),
    );
    expect(done.task).toMatchObject({ title: "t", completed: true });
  });

  test("a v2 list is read by startAfter and startAfterId, to the end", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await createContact());
    const seen: string[] = [];
    for (let next = "", page = 0; page < 10; page++) {
      const answer = await json(call("GET", `/contacts/?locationId=${LOCATION}&limit=2${next}`, { version: DATED }));
      const contacts = answer.contacts as Json[];
      if (contacts.length === 0) break;
      seen.push(...contacts.map(({ id }) => id as string));
      const meta = answer.meta as Json;
      next = `&startAfter=${meta.startAfter as number}&startAfterId=${meta.startAfterId as string}`;
      expect(answer.count).toBe(5);
    }
    expect(seen).toEqual(ids);
  });

  test("a search continues by searchAfter and by page, and filters by words and fields", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await createContact({ firstName: i < 2 ? "Ada" : "Bob" }));
    const search = async (body: Json) =>
      (await json(call("POST", "/contacts/search", { body: { locationId: LOCATION, pageLimit: 2, ...body } }))) as {
        contacts: { id: string; searchAfter: unknown[] }[];
        total: number;
      };
    const seen: string[] = [];
    let page = await search({});
    while (page.contacts.length > 0) {
      seen.push(...page.contacts.map(({ id }) => id));
      page = await search({ searchAfter: page.contacts.at(-1)!.searchAfter });
    }
    expect(seen).toEqual(ids);
    expect((await search({ page: 3 })).contacts.map(({ id }) => id)).toEqual(ids.slice(4));
    expect((await search({ query: "ada" })).total).toBe(2);
    expect((await search({ filters: [{ field: "firstName", operator: "eq", value: "Bob" }] })).total).toBe(3);
  });

  test("an id that nobody has created is answered without strictness, and a deleted one is not", async () => {
    ({ clock, call } = caller("lenient"));
    expect((await call("GET", "/contacts/anything")).status).toBe(200);
    const id = await createContact();
    await call("DELETE", `/contacts/${id}`);
    expect((await call("GET", `/contacts/${id}`)).status).toBe(404);
  });
});
