import type { WebhookEventModel, WebhookModel, WebhookShape } from "../../ir/webhook/model.ts";

/** The shape of a payload's own `type` field; undefined where the payload has none beside the envelope's. */
export function typeShape(payload: string | undefined, model: WebhookModel): WebhookShape | undefined {
  const schema = payload === undefined ? undefined : model.schemas.get(payload);
  const field = schema?.fields.find((candidate) => candidate.name === "type");
  return field?.shape ?? (schema?.base === undefined ? undefined : typeShape(schema.base, model));
}

/** Documented values of a `type` that is data of the record. */
export function knownTypes({ payload }: WebhookEventModel, model: WebhookModel): readonly string[] {
  return typeShape(payload, model)?.known ?? [];
}
