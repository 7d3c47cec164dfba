import { strict as assert } from "node:assert";
import { createClient } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { DEFAULT_COMPANY } from "@ghl-edge/emulator";
import { serve } from "@ghl-edge/emulator/node";
import { createGatewayHandler } from "@ghl-edge/webhooks/gateway";
import { APP, type Demo } from "./servers.ts";

/** Prints what happened, line by line. */
export type Say = (line: string) => void;

export const LOCATION = DEFAULT_COMPANY.locations[0]!.id;
const CONTACT = "c0ntact0000000000001";

/** From the gateway's install link through the authorize page back to the gateway, as a browser would go. */
export async function installApp(demo: Demo, say: Say): Promise<void> {
  const begun = await fetch(`${demo.gatewayUrl}/oauth/install`, { redirect: "manual" });
  const page = new URL(begun.headers.get("location") ?? "");
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  say(`GET ${demo.gatewayUrl}/oauth/install → ${begun.status}, to ${page.origin}${page.pathname}`);

  page.searchParams.set("locationId", LOCATION);
  const chosen = await fetch(page, { redirect: "manual" });
  const callback = chosen.headers.get("location") ?? "";
  say(`A user chooses location ${LOCATION} → ${chosen.status}, back with a code and our state`);

  const done = await fetch(callback, { headers: { cookie } });
  const answer = (await done.json()) as { installed?: boolean; scopes?: string[] };
  assert.equal(answer.installed, true, `The gateway did not install: ${done.status} ${JSON.stringify(answer)}`);
  say(
    `GET /oauth/callback → ${done.status}: code exchanged, grant sealed and stored; scopes ${answer.scopes?.join(" ")}`,
  );
}

/** The typed client, with the gateway for its base URL and a gateway key for its token. */
export async function readContact(demo: Demo, say: Say): Promise<void> {
  const client = createClient({ auth: demo.apiKey, baseUrl: `${demo.gatewayUrl}/api/location/${LOCATION}` });
  const { contact } = await client.location(LOCATION).use(Contacts).getContact({ contactId: CONTACT });
  assert.equal(contact?.locationId, LOCATION, "The contact is of another location");
  say(`client.location("${LOCATION}").use(Contacts).getContact({ contactId: "${CONTACT}" })`);
  say(`→ ${contact.firstName} ${contact.lastName}, of location ${contact.locationId}`);
  const seen = demo.emulator.log.at(-1);
  assert.equal(seen?.operation, "v3.contacts.getContact");
  say(
    `HighLevel saw ${seen.method} ${seen.path}, Version ${seen.version}, with the location's token, not the gateway's key`,
  );
}

/** Signed, sent again, and forged. */
export async function receiveWebhook(demo: Demo, say: Say): Promise<void> {
  const url = `${demo.gatewayUrl}/webhooks/${APP}`;
  const event = { locationId: LOCATION, id: CONTACT, firstName: "Ada" };
  const sent = await demo.emulator.sendEvent("ContactCreate", event, { url });
  assert.equal(sent.status, 200, `The signed webhook was answered with ${sent.status}`);
  say(`POST ${url}: ContactCreate, signed with Ed25519 → 200, verified and stored`);
  const redelivered = await demo.emulator.sendEvent("", {}, { url, redelivery: sent });
  assert.equal(redelivered.status, 200, `The redelivery was answered with ${redelivered.status}`);
  say("The same once more → 200, known already and not stored twice");
  const forged = await demo.emulator.sendEvent("", {}, { url, redelivery: { ...sent, body: `${sent.body} ` } });
  assert.equal(forged.status, 401, `The forged webhook was answered with ${forged.status}`);
  say("The same with one byte more → 401, nothing stored");
}

/** Longest time of a delivery on a busy machine. */
const ARRIVAL_MS = 30_000;

/** Starts a destination, creates an endpoint for it, and sends an event that reaches it. */
export async function sendOn(demo: Demo, say: Say): Promise<void> {
  let arrive = (_line: string): void => {};
  const arrived = new Promise<string>((resolve, reject) => {
    arrive = resolve;
    setTimeout(() => reject(new Error("The event did not arrive at its destination")), ARRIVAL_MS).unref();
  });
  let receive = (_request: Request): Promise<Response> => Promise.resolve(new Response(null, { status: 503 }));
  const destination = await serve({ fetch: (request) => receive(request) }, { port: 0 });
  try {
    const made = await fetch(`${demo.gatewayUrl}/admin/endpoints`, {
      method: "POST",
      headers: { authorization: `Bearer ${demo.adminKey}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "demo", app: APP, kind: "https", target: destination.url, types: ["Contact*"] }),
    });
    const { secret } = (await made.json()) as { secret?: string };
    assert.equal(made.status, 201, `The endpoint was answered with ${made.status}`);
    say(`POST ${demo.gatewayUrl}/admin/endpoints → 201: ${destination.url} gets every Contact* event`);
    receive = createGatewayHandler({
      secrets: [secret ?? ""],
      on: { ContactUpdate: ({ firstName }, { id }) => arrive(`${id}: ${firstName}`) },
    });
    const event = { locationId: LOCATION, id: CONTACT, firstName: "Ada" };
    await demo.emulator.sendEvent("ContactUpdate", event, { url: `${demo.gatewayUrl}/webhooks/${APP}` });
    say(`ContactUpdate → the endpoint has verified ${await arrived}`);
  } finally {
    await destination.close();
  }
}
