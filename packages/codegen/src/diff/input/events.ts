import { isObject, type JsonObject, objectAt, setMember } from "../../json.ts";
import { inlineComponents } from "../../load/inline-components.ts";

/**
 * Webhooks as operations that answer with the payload: whoever handles an event reads it, as he reads an answer. What an
 * event is besides (`x-type`, `x-tenant`, …) stays on the operation.
 */
export function eventsAsOperations(document: JsonObject): JsonObject {
  const paths: JsonObject = {};
  for (const [name, item] of Object.entries(objectAt(document.webhooks))) {
    if (isObject(item) && isObject(item.post)) setMember(paths, name, { post: item.post });
  }
  const inlined = inlineComponents({ ...document, paths }, "webhooks");
  const { webhooks: _, ...rest } = inlined;
  for (const item of Object.values(objectAt(rest.paths))) {
    const post = objectAt(objectAt(item).post);
    post.responses = { payload: { description: "", content: objectAt(objectAt(post.requestBody).content) } };
    delete post.requestBody;
  }
  return rest;
}
