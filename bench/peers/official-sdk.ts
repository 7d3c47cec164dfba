import { join } from "node:path";
import { ROOT } from "../lib/context.ts";
import type { TypedPeer } from "./peer.ts";

/** @gohighlevel/api-client. Its operations are those of v2. */
export const officialSdk: TypedPeer = {
  id: "official-sdk",
  name: "official SDK",
  fourCalls: `import { HighLevel } from "@gohighlevel/api-client";

export async function app(token: string) {
  const highLevel = new HighLevel({ privateIntegrationToken: token });
  const one = await highLevel.contacts.getContact({ contactId: "c1" });
  const made = await highLevel.contacts.createContact({ locationId: "l1", firstName: "Ada" });
  const list = await highLevel.calendars.getCalendars({ locationId: "l1" });
  const deal = await highLevel.opportunities.getOpportunity({ id: "o1" });
  // typing
  return [one.contact?.email, made.contact?.id, list.calendars?.length, deal.opportunity?.name];
}
`,
  typing: [
    { before: "await highLevel.contacts.", letters: "getCon" },
    { before: "await highLevel.contacts.getContact({ ", letters: "contac" },
  ],
  declarations: [join(ROOT, "bench/node_modules/@gohighlevel/api-client/dist")],
};
