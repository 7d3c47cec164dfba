import { Contacts } from "@ghl-edge/client/v2/contacts";
import type { Location } from "./location.ts";

/** A course platform that keeps progress in custom fields by key: texts, numbers, yes or no, choices. */
export async function coursePlatform(location: Location): Promise<void> {
  const contacts = location.use(Contacts);
  const { contact } = await contacts.createContact({
    body: {
      email: "student@example.com",
      firstName: "Grace",
      lastName: "Hopper",
      customFields: [{ key: "course_name", field_value: "Compilers" }],
    },
  });
  const contactId = contact?.id;
  if (contactId === undefined) return;
  await contacts.updateContact({
    contactId,
    body: {
      customFields: [
        { key: "lesson_progress", field_value: "40" },
        { key: "lessons_done", field_value: 4 },
        { id: "cf-consent", key: "sms_consent", field_value: true },
        { key: "interests", field_value: ["cobol", "flow-matic"] },
        { key: "industry", value: "education" },
        { id: "cf-certificate", field_value: { "file-1": { meta: {}, url: "https://files.example/1.pdf" } } },
      ],
    },
  });
  await contacts.addTags({ contactId, body: { tags: ["enrolled"] } });
  await contacts.removeTags({ contactId, body: { tags: ["trial"] } });
  await contacts.getDuplicateContact({ email: "student@example.com" });
}
