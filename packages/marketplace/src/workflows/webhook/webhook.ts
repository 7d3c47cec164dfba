import { present } from "../../present.ts";
import { type Fields, firstId, firstText, type Lists, membersOf } from "../fields.ts";

/** Method of a Webhook or Custom Webhook action. */
export type WorkflowWebhookMethod = "GET" | "POST" | "PUT" | "DELETE";

/** Methods that the actions offer; PATCH is not one. @see docs/design/marketplace.md, "Webhook and Custom Webhook actions" */
export const WEBHOOK_METHODS: readonly WorkflowWebhookMethod[] = ["GET", "POST", "PUT", "DELETE"];

/** Body of a webhook. Narrow it by `kind`. */
export type WorkflowWebhookBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "form"; readonly fields: Lists }
  | { readonly kind: "text"; readonly text: string };

/** The contact in the workflow, with the fields that were sent. */
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
 * A request of a workflow's Webhook or Custom Webhook action. It is not signed and has no id, so a repetition looks like a second
 * execution.
 */
export interface WorkflowWebhook {
  readonly method: WorkflowWebhookMethod;
  readonly query: Lists;
  /** Content type in lower case without its parameters; empty when there is none. */
  readonly contentType: string;
  readonly body: WorkflowWebhookBody;
  readonly locationId?: string;
  readonly contactId?: string;
  readonly workflowId?: string;
  readonly contact: WorkflowContact;
  /** Custom data of the Webhook action; empty when there is none. */
  readonly customData: Fields;
}

/** Returns the candidates of each id: in the format of the Webhook action, of a Custom Webhook, and of an app's action. */
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
  const candidates = sources.flatMap((fields) => [fields, membersOf(fields, "contact")]);
  const all = (...names: string[]) => candidates.flatMap((fields) => names.map((name) => fields[name]));
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
 * Reads the known fields of the Webhook action in any format. HighLevel's fields take precedence over the custom data, and the body over the
 * query.
 */
export function standardFields(
  body: Fields,
  query: Fields,
): Pick<WorkflowWebhook, "locationId" | "contactId" | "workflowId" | "contact" | "customData"> {
  const customData = { ...membersOf(query, "customData"), ...membersOf(body, "customData") };
  const candidates = [body, query, customData].map(idsIn);
  const [locationId, contactId, workflowId] = (["locationId", "contactId", "workflowId"] as const).map((name) =>
    firstId(candidates.flatMap((ids) => ids[name])),
  );
  return {
    ...present({ locationId, contactId, workflowId }),
    contact: contactOf([body, query, customData], contactId),
    customData,
  };
}
