import { type JsonObject, objectAt, setMember } from "../../json/json.ts";
import { operationsOf } from "../../json/walk.ts";

const PREFIX = "callback ";

/**
 * Moves callbacks to the document's webhooks, in place: the API sends both. The name says which operation a callback
 * belongs to. Callbacks of callbacks are dropped; `unreadParts` names them.
 */
export function callbacksAsWebhooks(document: JsonObject): void {
  const found: JsonObject = {};
  for (const { method, path, operation } of operationsOf(document)) {
    for (const [name, callback] of Object.entries(objectAt(operation.callbacks))) {
      for (const [expression, pathItem] of Object.entries(objectAt(callback))) {
        if (expression.startsWith("x-")) continue;
        setMember(found, `${PREFIX}${name} of ${method.toUpperCase()} ${path}: ${expression}`, pathItem);
      }
    }
    delete operation.callbacks;
  }
  if (Object.keys(found).length > 0) document.webhooks = { ...objectAt(document.webhooks), ...found };
}

/** `CALLBACK POST onData of POST /orders: {$request.body#/url}`, `WEBHOOK POST push`. */
export function webhookLabel(method: string, name: string): string {
  const verb = method.toUpperCase();
  return name.startsWith(PREFIX) ? `CALLBACK ${verb} ${name.slice(PREFIX.length)}` : `WEBHOOK ${verb} ${name}`;
}
