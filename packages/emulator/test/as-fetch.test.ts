import { createClient } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { expect, it } from "vitest";
import { createEmulator } from "../src/index.ts";
import { LOCATION } from "./support.ts";

const privateTokens = [
  {
    token: "pit-1",
    resource: { kind: "location", id: LOCATION },
    scopes: ["contacts.readonly", "contacts.write"],
  },
] as const;

it("emulator.fetch is a client's fetch: a contact is created, not listed", async () => {
  const emulator = createEmulator({ privateTokens, checks: "strict" });
  const client = createClient({ auth: "pit-1", fetch: emulator.fetch });
  const { contact } = await client
    .location(LOCATION)
    .use(Contacts)
    .createContact({ body: { firstName: "Ada" } });
  expect(contact?.firstName).toBe("Ada");
  expect(emulator.log).toMatchObject([{ operation: "v3.contacts.createContact", status: 201 }]);
});

it("emulator.fetch takes what the platform's fetch takes", async () => {
  const emulator = createEmulator({ privateTokens });
  const url = "https://services.leadconnectorhq.com/contacts/";
  const body = JSON.stringify({ locationId: LOCATION, firstName: "Ada" });
  const headers = { authorization: "Bearer pit-1", version: "v3", "content-type": "application/json" };
  const init = { method: "POST", headers, body };
  const answers = [
    await emulator.fetch(url, init),
    await emulator.fetch(new URL(url), init),
    await emulator.fetch(new Request(url, init)),
    await emulator.fetch(new Request(url, { headers }), init),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
});
