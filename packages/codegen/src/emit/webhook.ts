import type { WebhookModel } from "../ir/webhook-model.ts";
import { emitWebhookChecks } from "./webhook-checks.ts";
import { emitWebhookClassifier } from "./webhook-classifier.ts";
import { emitWebhookSamples } from "./webhook-samples.ts";
import { emitWebhookTypes } from "./webhook-types.ts";

export interface WebhookFile {
  /** Relative to `packages/webhooks/src/generated`. */
  readonly path: string;
  readonly text: string;
}

/** The generated files of `@ghl-edge/webhooks`. The same model gives the same bytes. */
export function emitWebhooks(model: WebhookModel): WebhookFile[] {
  return [
    { path: "events.gen.ts", text: emitWebhookTypes(model) },
    { path: "classifier.gen.ts", text: emitWebhookClassifier(model) },
    { path: "checks.gen.ts", text: emitWebhookChecks(model) },
    { path: "samples.gen.ts", text: emitWebhookSamples(model) },
  ];
}
