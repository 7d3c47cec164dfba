import type { WebhookField, WebhookModel, WebhookShape } from "../../ir/webhook/model.ts";
import { banner } from "../file.ts";
import { SOURCE } from "./source.ts";

const SAMPLE_TIME = "2026-01-15T09:30:00.000Z";

function sampleText(name: string, shape: WebhookShape): string {
  if (shape.known?.[0] !== undefined) return shape.known[0];
  if (shape.format === "date-time") return SAMPLE_TIME;
  if (/email$/i.test(name) || name === "emailTo" || name === "emailFrom") return "ada@example.com";
  if (/phone|fromNumber/i.test(name)) return "+15555550100";
  if (/url$|website$/i.test(name)) return "https://example.com/";
  return `sample-${name}`;
}

/** A value of the shape, the same on every run; undefined where the document says nothing of it. */
function sampleOf(
  name: string,
  shape: WebhookShape,
  { model, seen }: { readonly model: WebhookModel; readonly seen: readonly string[] },
): unknown {
  if (shape.schema !== undefined) return sampleObject(shape.schema, model, seen);
  switch (shape.scalars[0]) {
    case "string":
      return sampleText(name, shape);
    case "number":
      return 1;
    case "boolean":
      return false;
    case "object":
      return {};
    case "null":
      return null;
    default:
      return shape.items === undefined ? undefined : sampleList(name, shape.items, { model, seen });
  }
}

function sampleList(
  name: string,
  items: WebhookShape,
  { model, seen }: { readonly model: WebhookModel; readonly seen: readonly string[] },
): unknown[] {
  const item = sampleOf(name, items, { model, seen });
  return item === undefined ? [] : [item];
}

function fieldsOf(name: string, model: WebhookModel): readonly WebhookField[] {
  const schema = model.schemas.get(name);
  if (schema === undefined) return [];
  return [...(schema.base === undefined ? [] : fieldsOf(schema.base, model)), ...schema.fields];
}

function sampleObject(name: string, model: WebhookModel, seen: readonly string[]): Record<string, unknown> {
  if (seen.includes(name)) return {};
  const entries = fieldsOf(name, model).map(({ name: field, shape }) => [
    field,
    sampleOf(field, shape, { model, seen: [...seen, name] }),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** `samples.gen.ts`: one payload per schema that an event carries, made from the document alone. */
export function emitWebhookSamples(model: WebhookModel): string {
  const names = new Set(model.events.flatMap(({ payload }) => (payload === undefined ? [] : [payload])));
  const rows = [...names].map((name) => `  ${name}: ${JSON.stringify(sampleObject(name, model, []))},`);
  return [
    banner(SOURCE),
    "/** By the name of the payload's schema; the envelope is added when a sample is requested. */",
    `export const SAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {\n${rows.join("\n")}\n};\n`,
  ].join("\n");
}
