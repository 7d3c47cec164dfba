import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPOSITORY } from "../support/repository.ts";
import { run, temporaryFolder } from "../support/source.ts";

const SEND = `POST /conversations/messages
  v3  import { Conversations } from "@ghl-edge/client/v3/conversations";
      await ghl.location("…").use(Conversations).sendANewMessage({ body: {`;

test.each([
  "POST /conversations/messages",
  "post /conversations/messages/",
  "POST https://services.leadconnectorhq.com/conversations/messages?x=1",
  "send-a-new-message",
  "sendANewMessage",
  "conversations.sendANewMessage",
  "send message",
  "new messages send",
])("%s finds the operation, with import, call, scope, token types and the official SDK's name", async (query) => {
  const { code, out, err } = await run(REPOSITORY, ["find", query]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.startsWith(SEND), out).toBe(true);
  expect(out).toContain('\n  v2  import { Conversations } from "@ghl-edge/client/v2/conversations";\n');
  expect(out).toContain(`
  scope     conversations/message.write
  token     location, location-pit
  SDK       conversations.sendANewMessage
`);
});

test.each([
  ["GET /contacts/abc123", "GET /contacts/{contactId}\n"],
  ["GET /contacts/{id}/notes/:noteId", "GET /contacts/{contactId}/notes/{id}\n"],
  ["socialMediaPosting.getPosts", "POST /social-media-posting/{locationId}/posts/list\n"],
  ["UpsertOpportunity", "POST /opportunities/upsert\n"],
])("%s is %s", async (query, line) => {
  expect((await run(REPOSITORY, ["find", query])).out.startsWith(line)).toBe(true);
});

test("a name with its generation, or --api, finds that generation alone", async () => {
  for (const query of [["v3.conversations.sendANewMessage"], ["sendANewMessage", "--api", "v3"]]) {
    const { out } = await run(REPOSITORY, ["find", ...query]);
    expect(out.startsWith(SEND), out).toBe(true);
    expect(out).not.toContain("@ghl-edge/client/v2");
  }
});

test("a literal segment wins over a parameter", async () => {
  const { out } = await run(REPOSITORY, ["find", "POST /contacts/search"]);
  expect(out.match(/^POST .*/gm)).toEqual(["POST /contacts/search"]);
});

test("words without --all show the first routes and say how many there are", async () => {
  const some = await run(REPOSITORY, ["find", "contact"]);
  expect(some.out.match(/^[A-Z]+ \//gm)).toHaveLength(10);
  expect(some.out).toMatch(/\nand \d+ more; --all shows them/);
  expect((await run(REPOSITORY, ["find", "contact", "--all"])).out.match(/^[A-Z]+ \//gm)!.length).toBeGreaterThan(30);
});

test("nothing exits 1 and names the nearest", async () => {
  expect(await run(REPOSITORY, ["find", "create contcat"])).toEqual({
    code: 1,
    out: "",
    err: 'nothing matches "create contcat"; did you mean "createContact"?\n',
  });
  expect(await run(REPOSITORY, ["find", "POST /nowhere", "--json"])).toMatchObject({ code: 1, out: "[]\n" });
});

test.each([[["find"]], [["find", "x", "--api", "v4"]], [["find", "x", "--openapi", "nowhere"]]])(
  "%j is wrong use",
  async (argv) => {
    expect(await run(REPOSITORY, argv)).toMatchObject({ code: 2, out: "" });
  },
);

test("find answers from what comes with the package in a folder without documents, and --json is the whole table", async () => {
  const folder = temporaryFolder();
  expect((await run(folder, ["find", "contacts.getContact", "--api", "v3"])).out).toContain(
    'await ghl.location("…").use(Contacts).getContact({ contactId: "…" });',
  );
  expect(await run(folder, ["find", "--json", "--out", "table/all.json"])).toMatchObject({ code: 0, out: "" });
  const table = JSON.parse(await readFile(join(folder, "table/all.json"), "utf8")) as Record<string, unknown>[];
  expect(table.length).toBeGreaterThan(1_200);
  expect(table.find(({ api, name }) => api === "v3" && name === "getContact")).toMatchObject({
    import: 'import { Contacts } from "@ghl-edge/client/v3/contacts";',
    acceptedTokenTypes: ["location", "location-pit"],
  });
});
