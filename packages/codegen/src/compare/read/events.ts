import { inlineComponents } from "../../input/load/inline-components.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt, setMember } from "../../json/json.ts";

/** Only webhooks, each a POST and nothing else: the form in which events are written down. */
export function isEventDocument(document: JsonObject): boolean {
  if (!isObject(document.webhooks) || Object.keys(objectAt(document.paths)).length > 0) return false;
  const isEvent = (item: Json): boolean => isObject(item) && Object.keys(item).every((key) => key === "post");
  return Object.values(document.webhooks).every(isEvent);
}

/**
 * Turns webhooks into operations that answer with the payload, because a handler reads an event as it reads an answer.
 * The other keywords of an event (`x-type`, `x-tenant`, …) stay on the operation.
 */
export function eventsAsOperations(document: JsonObject): JsonObject {
  const paths: JsonObject = {};
  for (const [name, item] of Object.entries(objectAt(document.webhooks))) {
    if (isObject(item) && isObject(item.post)) setMember(paths, name, { post: item.post });
  }
  const { webhooks: _, ...rest } = document;
  const inlined = inlineComponents({ ...rest, paths }, "webhooks");
  for (const item of Object.values(objectAt(inlined.paths))) {
    const post = objectAt(objectAt(item).post);
    post.responses = { payload: { description: "", content: objectAt(objectAt(post.requestBody).content) } };
    delete post.requestBody;
  }
  return inlined;
}

/**
 * A webhook as an operation seen from its receiver: payload and headers come in, as an answer does; what he answers with
 * goes out, as a body does.
 */
export function received(webhook: JsonObject): JsonObject {
  const headers: JsonObject = {};
  for (const parameter of arrayAt(webhook.parameters)) {
    const { name, in: position, required = false, schema = {} } = objectAt(parameter);
    if (position === "header") setMember(headers, String(name), { required, schema });
  }
  const [answer] = Object.entries(objectAt(webhook.responses)).filter(([status]) => status.startsWith("2"));
  const content = objectAt(answer?.[1]).content;
  return {
    ...webhook,
    parameters: arrayAt(webhook.parameters).filter((parameter) => objectAt(parameter).in !== "header"),
    responses: { payload: { headers, content: objectAt(objectAt(webhook.requestBody).content) } },
    requestBody: isObject(content) ? { content } : null,
  };
}
