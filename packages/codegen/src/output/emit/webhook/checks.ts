import type { ScalarType, WebhookModel, WebhookSchema, WebhookShape } from "../../ir/webhook/model.ts";
import { banner } from "../file.ts";
import { propertyName } from "../text.ts";
import { SOURCE } from "./source.ts";

const LETTERS: Readonly<Record<ScalarType, string>> = {
  string: "s",
  number: "n",
  boolean: "b",
  null: "0",
  object: "o",
};

type Check = string | [items: Check] | [items: Check, or: string];

/** The notation is described where it is read: `packages/webhooks/src/events/check-table.ts`. */
function checkOf(shape: WebhookShape): Check {
  const named = shape.schema === undefined ? "" : `@${shape.schema}`;
  const letters = `${shape.scalars.map((scalar) => LETTERS[scalar]).join("")}${named}`;
  if (shape.items) return letters === "" ? [checkOf(shape.items)] : [checkOf(shape.items), letters];
  return letters === "" ? "?" : letters;
}

function schemaRow(schema: WebhookSchema): string {
  const members = [
    ...(schema.base === undefined ? [] : [`"<": ${JSON.stringify(schema.base)}`]),
    ...schema.fields.map(
      ({ name, required, shape }) => `${propertyName(required ? `${name}!` : name)}: ${JSON.stringify(checkOf(shape))}`,
    ),
  ];
  return `  ${schema.name}: {${members.length > 0 ? ` ${members.join(", ")} ` : ""}},`;
}

/** `checks.gen.ts`: what each field may hold at run time. */
export function emitWebhookChecks(model: WebhookModel): string {
  const rows = [model.envelope, ...model.schemas.values()].map(schemaRow);
  const payloads = model.events.flatMap(({ name, payload }) =>
    payload === undefined ? [] : [`  ${propertyName(name)}: "${payload}",`],
  );
  return [
    banner(SOURCE),
    'import type { CheckTable } from "../events/check-table.ts";',
    'import type { WebhookEventName } from "./events.gen.ts";\n',
    `export const CHECKS: CheckTable = {\n${rows.join("\n")}\n};\n`,
    "/** The check of what an event carries beside the envelope. */",
    `export const PAYLOAD_CHECKS: Readonly<Partial<Record<WebhookEventName, string>>> = {\n${payloads.join("\n")}\n};\n`,
  ].join("\n");
}
