import { present } from "../present.ts";
import { type Fields, firstId, firstText, type Lists, membersOf } from "./fields.ts";

/** @see docs/design/marketplace.md, "Webhook and Custom Webhook actions": PATCH is not among what they offer. */
export const WEBHOOK_METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

export type WorkflowWebhookMethod = (typeof WEBHOOK_METHODS)[number];

export type WorkflowWebhookBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "form"; readonly fields: Lists }
  | { readonly kind: "text"; readonly text: string };

/** The contact that is in the workflow, as far as it was sent. */
export interface WorkflowContact {
  readonly id?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly fullName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly tags: readonly string[];
}

/**
 * A request of a workflow's Webhook or Custom Webhook action. Nothing in it is signed, and it has no id of its own: a repetition
 * looks like a second execution.
 */
export interface WorkflowWebhook {
  readonly method: WorkflowWebhookMethod;
  readonly query: Lists;
  /** Without its parameters, in lower case; empty where there is none. */
  readonly contentType: string;
  readonly body: WorkflowWebhookBody;
  readonly locationId?: string;
  readonly contactId?: string;
  readonly workflowId?: string;
  readonly contact: WorkflowContact;
  /** The Webhook action's custom data; empty where there is none. */
  readonly customData: Fields;
}

/** Where an id may stand: as the Webhook action has it, as users write it into a Custom Webhook, as an app's action has it. */
function idsIn(fields: Fields): { locationId: unknown[]; contactId: unknown[]; workflowId: unknown[] } {
  const extras = membersOf(fields, "extras");
  const ids = (name: string) => [
    membersOf(fields, name).id,
    fields[`${name}_id`],
    fields[`${name}Id`],
    extras[`${name}Id`],
  ];
  return { locationId: ids("location"), contactId: ids("contact"), workflowId: ids("workflow") };
}

function tagsOf(candidates: readonly unknown[]): string[] {
  const tags = candidates.find((value) => Array.isArray(value) || typeof value === "string");
  const list: readonly unknown[] = typeof tags === "string" ? tags.split(",") : ((tags as unknown[]) ?? []);
  return list.flatMap((tag) => (typeof tag === "string" && tag.trim() !== "" ? [tag.trim()] : []));
}

function contactOf(sources: readonly Fields[], id: string | undefined): WorkflowContact {
  const places = sources.flatMap((fields) => [fields, membersOf(fields, "contact")]);
  const all = (...names: string[]) => places.flatMap((fields) => names.map((name) => fields[name]));
  return {
    ...present({
      id,
      firstName: firstText(all("first_name", "firstName")),
      lastName: firstText(all("last_name", "lastName")),
      fullName: firstText(all("full_name", "fullName")),
      email: firstText(all("email")),
      phone: firstText(all("phone")),
    }),
    tags: tagsOf(all("tags")),
  };
}

/**
 * What the Webhook action is known to send, whichever way it came. What HighLevel writes comes before what a user wrote into the
 * custom data, the body before the query.
 */
export function standardFields(
  body: Fields,
  query: Fields,
): Pick<WorkflowWebhook, "locationId" | "contactId" | "workflowId" | "contact" | "customData"> {
  const customData = { ...membersOf(query, "customData"), ...membersOf(body, "customData") };
  const places = [body, query, customData].map(idsIn);
  const [locationId, contactId, workflowId] = (["locationId", "contactId", "workflowId"] as const).map((name) =>
    firstId(places.flatMap((ids) => ids[name])),
  );
  return {
    ...present({ locationId, contactId, workflowId }),
    contact: contactOf([body, query, customData], contactId),
    customData,
  };
}
