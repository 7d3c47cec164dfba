import { Contacts } from "@ghl-edge/client/v2/contacts";
import { Opportunities } from "@ghl-edge/client/v2/opportunities";
import type { Location } from "./location.ts";

/** A form on a website: a contact with a custom field by id, a note with what was asked, and an opportunity. */
export async function websiteLead(location: Location): Promise<string | undefined> {
  const contacts = location.use(Contacts);
  const { contact } = await contacts.upsertContact({
    body: {
      firstName: "Ada",
      lastName: "Byron",
      name: "Ada Byron",
      email: "ada@example.com",
      phone: "+14155550100",
      postalCode: "94016",
      source: "website",
      tags: ["website", "estimate"],
      customFields: [{ id: "cf-brief", value: "A new roof" }],
    },
  });
  const contactId = contact?.id;
  if (contactId === undefined) return undefined;
  await contacts.createNote({ contactId, body: { body: "Asked for an estimate" } });
  await location.use(Opportunities).createOpportunity({
    body: {
      pipelineId: "pipeline",
      pipelineStageId: "stage",
      name: "Ada Byron - roof",
      status: "open",
      contactId,
      monetaryValue: 4200,
      source: "website",
    },
  });
  return contactId;
}
