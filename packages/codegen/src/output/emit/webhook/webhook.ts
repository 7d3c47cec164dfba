import { type FieldTexts, NO_FIELD_TEXTS } from "../../ir/field-texts.ts";
import type { WebhookModel } from "../../ir/webhook/model.ts";
import type { GeneratedFile } from "../file.ts";
import { emitWebhookChecks } from "./checks.ts";
import { emitWebhookClassifier } from "./classifier.ts";
import { emitWebhookSamples } from "./samples.ts";
import { emitWebhookTypes } from "./types.ts";

/**
 * The generated files of `@ghl-edge/webhooks`, relative to its `src/generated`. The same model and sentences give the same bytes.
 *
 * @param texts - Sentences for the doc comments of fields. Default: none.
 */
export function emitWebhooks(model: WebhookModel, texts: FieldTexts = NO_FIELD_TEXTS): GeneratedFile[] {
  return [
    { path: "events.gen.ts", text: emitWebhookTypes(model, texts) },
    { path: "classifier.gen.ts", text: emitWebhookClassifier(model) },
    { path: "checks.gen.ts", text: emitWebhookChecks(model) },
    { path: "samples.gen.ts", text: emitWebhookSamples(model) },
  ];
}

/** Whether a file imports nothing of the package's own sources, so that it works in anybody's folder. */
export function standsAlone({ text }: GeneratedFile): boolean {
  return !/from "\.\.\//.test(text);
}
