import type { JsonObject } from "../../../json/json.ts";
import type { Envelope } from "../shape/envelope.ts";
import type { Slot } from "../shape/forms.ts";

/** Puts the schema of an answer into the member it was seen in, takes it out of one, or gives the member its name. */
export function openEnvelope(slots: readonly Slot[], { member, instead, slots: content }: Envelope): void {
  for (const { holder, key } of slots) {
    const [inner] = content;
    const schema = instead === undefined ? holder[key] : inner?.holder[inner.key];
    if (schema === undefined) continue;
    const wrapped: JsonObject = {
      type: "object",
      required: [member ?? ""],
      properties: { [member ?? ""]: structuredClone(schema) },
    };
    holder[key] = member === undefined ? structuredClone(schema) : wrapped;
  }
}
