import { UnresolvedReferenceError } from "../../errors.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt, setMember } from "../../json/json.ts";
import { at, type Position, pointerOf, ROOT, resolvePointer } from "../../json/pointer.ts";
import { isMethod } from "../../json/walk.ts";
import { hoistSchemas } from "./hoist-schemas.ts";

/**
 * Puts parameters, request bodies, responses, their headers and path items in the place of local references to them, so that what
 * follows meets only references to schemas. The input is left alone.
 *
 * @throws UnresolvedReferenceError
 */
export function inlineComponents(input: JsonObject, file: string): JsonObject {
  const document = structuredClone(input);
  hoistSchemas(document, file);
  const follow = (value: Json | undefined, position: Position, met: ReadonlySet<string> = new Set()): JsonObject => {
    if (!isObject(value)) return {};
    const reference = value.$ref;
    if (typeof reference !== "string") return value;
    if (!reference.startsWith("#")) {
      const message = `${reference}: only schemas may stand in other files; bundle the document first`;
      throw new UnresolvedReferenceError(message, { file, pointer: pointerOf(position) });
    }
    const target = resolvePointer(document, reference);
    if (target === undefined || met.has(reference)) {
      const message = met.has(reference) ? `${reference} leads to itself` : `${reference} leads nowhere`;
      throw new UnresolvedReferenceError(message, { file, pointer: pointerOf(position) });
    }
    return structuredClone(follow(target, position, new Set([...met, reference])));
  };
  const followList = (list: Json | undefined, position: Position): Json[] =>
    arrayAt(list).map((item, index) => follow(item, at(position, index)));

  /** Media types may be components since OpenAPI 3.2. */
  const followContent = (holder: JsonObject, position: Position): void => {
    const content = objectAt(holder.content);
    for (const type of Object.keys(content))
      setMember(content, type, follow(content[type], at(position, "content", type)));
  };
  /** Callbacks of callbacks are left as they are: a reference of one to itself would never end. */
  const inlineCallbacks = (operation: JsonObject, position: Position): void => {
    const callbacks = objectAt(operation.callbacks);
    for (const name of Object.keys(callbacks)) {
      const here = at(position, "callbacks", name);
      const callback = follow(callbacks[name], here);
      setMember(callbacks, name, callback);
      for (const expression of Object.keys(callback)) {
        if (!expression.startsWith("x-"))
          inlinePathItem({ items: callback, path: expression }, at(here, expression), false);
      }
    }
  };
  const inlineOperation = (operation: JsonObject, position: Position): void => {
    if (Array.isArray(operation.parameters)) {
      operation.parameters = followList(operation.parameters, at(position, "parameters"));
    }
    if (operation.requestBody !== undefined) {
      const body = follow(operation.requestBody, at(position, "requestBody"));
      followContent(body, at(position, "requestBody"));
      operation.requestBody = body;
    }
    const responses = objectAt(operation.responses);
    dropExtensions(responses);
    for (const status of Object.keys(responses)) {
      const here = at(position, "responses", status);
      const response = follow(responses[status], here);
      setMember(responses, status, response);
      followContent(response, here);
      // links say how operations belong together, nothing about a call
      delete response.links;
      const headers = objectAt(response.headers);
      for (const name of Object.keys(headers))
        setMember(headers, name, follow(headers[name], at(here, "headers", name)));
    }
  };
  const inlinePathItem = (
    { items, path }: { readonly items: JsonObject; readonly path: string },
    position: Position,
    withCallbacks: boolean,
  ): void => {
    const pathItem = follow(items[path], position);
    setMember(items, path, pathItem);
    if (Array.isArray(pathItem.parameters)) {
      pathItem.parameters = followList(pathItem.parameters, at(position, "parameters"));
    }
    for (const method of Object.keys(pathItem)) {
      const operation = pathItem[method];
      if (!isMethod(method) || !isObject(operation)) continue;
      inlineOperation(operation, at(position, method));
      if (withCallbacks) inlineCallbacks(operation, at(position, method));
    }
  };
  for (const kind of ["paths", "webhooks"]) {
    const items = objectAt(document[kind]);
    if (kind === "paths") dropExtensions(items);
    for (const path of Object.keys(items)) inlinePathItem({ items, path }, at(ROOT, kind, path), true);
  }
  const components = objectAt(document.components);
  for (const kind of [
    "parameters",
    "requestBodies",
    "responses",
    "pathItems",
    "headers",
    "examples",
    "links",
    "callbacks",
    "mediaTypes",
  ]) {
    delete components[kind];
  }
  return document;
}

/** `x-…` beside paths and responses is neither of them. */
function dropExtensions(map: JsonObject): void {
  for (const key of Object.keys(map)) if (key.startsWith("x-")) delete map[key];
}
