import type { WebhookModel } from "../ir/webhook-model.ts";
import type { GeneratedFile } from "./file.ts";
import { emitWebhookChecks } from "./webhook-checks.ts";
import { emitWebhookClassifier } from "./webhook-classifier.ts";
import { emitWebhookSamples } from "./webhook-samples.ts";
import { emitWebhookTypes } from "./webhook-types.ts";

/** The generated files of `@ghl-edge/webhooks`, relative to its `src/generated`. The same model gives the same bytes. */
export function emitWebhooks(model: WebhookModel): GeneratedFile[] {
  return [
    { path: "events.gen.ts", text: emitWebhookTypes(model) },
    { path: "classifier.gen.ts", text: emitWebhookClassifier(model) },
    { path: "checks.gen.ts", text: emitWebhookChecks(model) },
    { path: "samples.gen.ts", text: emitWebhookSamples(model) },
  ];
}

/** Whether a file imports nothing of the package's own sources, so that it works in anybody's folder. */
export function standsAlone({ text }: GeneratedFile): boolean {
  return !/from "\.\.\//.test(text);
}
