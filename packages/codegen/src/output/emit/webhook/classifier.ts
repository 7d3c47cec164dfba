import type { WebhookEventModel, WebhookModel } from "../../ir/webhook/model.ts";
import { banner } from "../file.ts";
import { propertyName } from "../text.ts";
import { SOURCE } from "./source.ts";
import { knownTypes } from "./type-field.ts";

/** Writes the classifier's row of one event, without the values that every event shares. */
function row(event: WebhookEventModel, model: WebhookModel): string {
  const { tenant } = event;
  const untyped = event.discriminator !== "event" && event.discriminator !== "alias";
  const markers = untyped && event.payload !== undefined ? markersOf(event.payload, model) : [];
  const types = untyped ? knownTypes(event, model) : [];
  const members = [
    event.wire[0] === event.name ? "" : `wire: ${JSON.stringify(event.wire[0])}`,
    event.wire.length + event.aliases.length > 1
      ? `aliases: ${JSON.stringify([...event.wire.slice(1), ...event.aliases])}`
      : "",
    untyped ? `untyped: "${event.discriminator}"` : "",
    markers.length > 0 ? `markers: ${JSON.stringify(markers)}` : "",
    types.length > 0 ? `types: ${JSON.stringify(types)}` : "",
    tenant.location === "locationId" ? "" : `location: ${JSON.stringify(tenant.location ?? "")}`,
    tenant.company === "companyId" || tenant.company === undefined ? "" : `company: ${JSON.stringify(tenant.company)}`,
    tenant.where ? `where: ${JSON.stringify(tenant.where)}` : "",
    event.list ? "list: true" : "",
  ].filter((member) => member !== "");
  return `  ${propertyName(event.name)}: {${members.length > 0 ? ` ${members.join(", ")} ` : ""}},`;
}

/** Markers of a schema and of those it builds on. */
function markersOf(name: string, model: WebhookModel): readonly string[] {
  const schema = model.schemas.get(name);
  if (schema === undefined) return [];
  return [...schema.markers, ...(schema.base === undefined ? [] : markersOf(schema.base, model))];
}

/** Writes `classifier.gen.ts`: how each event is identified, and the path of its tenant. */
export function emitWebhookClassifier(model: WebhookModel): string {
  return [
    banner(SOURCE),
    'import type { EventTable } from "../events/event-table.ts";',
    'import type { LegacyEventName } from "./events.gen.ts";\n',
    `export const EVENT_TABLE: EventTable = {\n${model.events.map((event) => row(event, model)).join("\n")}\n};\n`,
    `export const LEGACY_NAMES: readonly LegacyEventName[] = ${JSON.stringify(model.legacy)};\n`,
  ].join("\n");
}
