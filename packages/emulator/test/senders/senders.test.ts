import { createClient } from "@ghl-edge/client";
import { allRoutes } from "@ghl-edge/client/routes";
import { expect, test } from "vitest";
import { clockedEmulator, LOCATION } from "../support.ts";
import { allChannels } from "./all-channels.ts";
import { appointmentDesk } from "./appointment-desk.ts";
import { coursePlatform } from "./course-platform.ts";
import { reportJob } from "./report-job.ts";
import { newInvoice, shop } from "./shop.ts";
import { smsBot } from "./sms-bot.ts";
import { thirdGeneration } from "./third-generation.ts";
import { websiteLead } from "./website-lead.ts";

/** A strict emulator, a client of one of its locations, and a contact that is there. */
async function open() {
  const scopes = [...new Set(allRoutes().flatMap((route) => route.scopes))];
  const { emulator } = clockedEmulator({
    checks: "strict",
    privateTokens: [{ token: "pit", resource: { kind: "location", id: LOCATION }, scopes }],
  });
  const location = createClient({ auth: "pit", fetch: emulator.fetch }).location(LOCATION);
  const contactId = await websiteLead(location);
  return { location, contactId: contactId ?? "" };
}

test("a strict emulator takes what a website's form sends, and gives the contact an id", async () => {
  const { contactId } = await open();
  expect(contactId).not.toBe("");
});

test("a strict emulator takes an SMS of three fields", async () => {
  const { location, contactId } = await open();
  await smsBot(location, contactId);
});

test("a strict emulator takes custom fields by id and by key, with value and field_value of every kind", async () => {
  const { location } = await open();
  await coursePlatform(location);
});

test("a strict emulator takes an appointment without an end", async () => {
  const { location, contactId } = await open();
  await appointmentDesk(location, contactId);
});

test("searches continue with the cursor that their answer gave", async () => {
  const { location } = await open();
  expect(await reportJob(location)).toBeGreaterThan(0);
});

test("a strict emulator takes messages of every channel without status and subtype", async () => {
  const { location, contactId } = await open();
  await allChannels(location, contactId);
});

test("a strict emulator takes an invoice to send that names no user", async () => {
  const { location, contactId } = await open();
  await shop(location, contactId);
});

test("the same calls are taken in the third generation", async () => {
  const { location, contactId } = await open();
  await thirdGeneration(location, contactId, await newInvoice(location, contactId));
});
