import type { FieldTexts } from "../../ir/field-texts.ts";
import type {
  WebhookEventModel,
  WebhookField,
  WebhookModel,
  WebhookSchema,
  WebhookShape,
} from "../../ir/webhook/model.ts";
import { banner } from "../file.ts";
import { commentText, propertyName } from "../text.ts";
import { SOURCE } from "./source.ts";
import { knownTypes, typeShape } from "./type-field.ts";

/** Name of the events document in `fields.yaml`. */
const MODULE = "webhooks";

const literal = (value: string): string => JSON.stringify(value);

function shapeType(shape: WebhookShape): string {
  const members: string[] = shape.schema === undefined ? [] : [shape.schema];
  for (const scalar of shape.scalars) {
    if (scalar === "string" && shape.known) members.push(...shape.known.map(literal), "(string & {})");
    else if (scalar === "object") members.push("{ [key: string]: unknown }");
    else members.push(scalar);
  }
  if (shape.items) {
    const item = shapeType(shape.items);
    members.push(/^\w+$/.test(item) ? `${item}[]` : `Array<${item}>`);
  }
  return members.length === 0 ? "unknown" : members.join(" | ");
}

function fieldLines({ name, required, shape }: WebhookField, schema: string, texts: FieldTexts): string[] {
  const text = texts.fieldText(name, { module: MODULE, schema });
  return [
    ...(text === undefined ? [] : [`  /** ${commentText(text)} */`]),
    `  ${propertyName(name)}${required ? "" : "?"}: ${shapeType(shape)};`,
  ];
}

function schemaType(schema: WebhookSchema, texts: FieldTexts): string {
  const lines = schema.fields.flatMap((field) => fieldLines(field, schema.name, texts));
  if (schema.open) lines.push("  [field: string]: unknown;");
  const doc = schema.description === undefined ? "" : `/** ${commentText(schema.description)} */\n`;
  const base = schema.base === undefined ? "" : ` extends ${schema.base}`;
  return `${doc}export interface ${schema.name}${base} {\n${lines.join("\n")}\n}\n`;
}

/** Writes the event's `type`: required where it names the event, otherwise the name or nothing where no sample shows it. */
function typeMember(event: WebhookEventModel, model: WebhookModel): string {
  const values = event.wire.map(literal).join(" | ");
  switch (event.discriminator) {
    case "event":
    case "alias":
      return `type: ${values};`;
    case "absent":
      return `type?: ${[values, ...knownTypes(event, model).map(literal)].join(" | ")};`;
    case "undocumented":
      return `type?: ${values};`;
    case "channel":
    case "payload": {
      const shape = typeShape(event.payload, model);
      return `type?: ${shape === undefined ? "string" : shapeType(shape)};`;
    }
  }
}

const STATUS_TEXT = {
  documented: "Documented",
  captured: "Fields from a copy of the portal's page",
  "name-only": "Only the name is published",
  legacy: "Not offered",
} as const;

const DISCRIMINATOR_TEXT = {
  event: "",
  alias: "",
  channel: " `type` is the channel of the message: the receiving URL identifies the event.",
  payload:
    " The documented `type` is data of the record: it identifies the event where it names it, else the receiving URL does.",
  absent: " No documented sample has a `type`: it identifies the event where it comes, else the receiving URL does.",
  undocumented: "",
} as const;

function eventType(event: WebhookEventModel, model: WebhookModel): string {
  const scopes = event.scopes === undefined ? "" : ` Scope ${event.scopes.map((scope) => `\`${scope}\``).join(", ")}.`;
  const doc = `${STATUS_TEXT[event.status]}, ${event.date}.${scopes}${DISCRIMINATOR_TEXT[event.discriminator]}`;
  const bases = ["Envelope", ...(event.payload === undefined ? [] : [event.payload])].join(", ");
  return `/** ${commentText(doc)} */\nexport interface ${event.name} extends ${bases} {\n  ${typeMember(event, model)}\n}\n`;
}

/** Whether `type` alone identifies the event inside a union. */
const discriminates = ({ discriminator }: WebhookEventModel): boolean =>
  discriminator !== "payload" && discriminator !== "channel";

/** `events.gen.ts`: types only. */
export function emitWebhookTypes(model: WebhookModel, texts: FieldTexts): string {
  const map = model.events.map(({ name, list }) => `  ${name}: ${list ? `${name} | ${name}[]` : name};`);
  const union = model.events.filter(discriminates).map(({ name }) => `  | ${name}`);
  return [
    banner(SOURCE),
    schemaType(model.envelope, texts),
    ...Array.from(model.schemas.values(), (schema) => schemaType(schema, texts)),
    ...model.events.map((event) => eventType(event, model)),
    "/** Every event that can be subscribed to, by the name HighLevel's portal lists it under. */",
    `export interface WebhookEvents {\n${map.join("\n")}\n}\n`,
    "/** Name of an event, as HighLevel's portal lists it. */",
    "export type WebhookEventName = keyof WebhookEvents;\n",
    "/** Events that `type` identifies. The others are identified by name only: see `WebhookEvents`. */",
    `export type WebhookEvent =\n${union.join("\n")};\n`,
    "/** Names that older guides use and HighLevel does not offer. */",
    `export type LegacyEventName = ${model.legacy.map(literal).join(" | ") || "never"};\n`,
  ].join("\n");
}
