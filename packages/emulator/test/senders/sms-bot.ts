import { Contacts } from "@ghl-edge/client/v2/contacts";
import { Conversations } from "@ghl-edge/client/v2/conversations";
import type { Location } from "./location.ts";

/** A bot that answers by SMS unless somebody has taken over. It names neither a status nor a subtype. */
export async function smsBot(location: Location, contactId: string): Promise<void> {
  const contacts = location.use(Contacts);
  const { contact } = await contacts.getContact({ contactId });
  if (contact?.tags?.includes("human-active") === true) return;
  await location.use(Conversations).sendANewMessage({ body: { type: "SMS", contactId, message: "Hello" } });
  await contacts.addTags({ contactId, body: { tags: ["bot-answered"] } });
  await contacts.updateContact({
    contactId,
    body: { customFields: [{ id: "cf-last-bot-message", field_value: new Date(0).toISOString() }] },
  });
}
