import { isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { METHODS } from "../../json/walk.ts";

/** Parts of a document that are not compared, by a name that a reader can look up. */
export type UnreadParts = ReadonlyMap<string, Json>;

/** Parts that `diff` does not compare: methods of the author's own, callbacks of callbacks, links. */
export function unreadParts(root: JsonObject): UnreadParts {
  const found = new Map<string, Json>();
  const components = objectAt(root.components);
  for (const items of [root.paths, components.pathItems, root.webhooks]) {
    for (const [path, pathItem] of Object.entries(objectAt(items))) readPathItem(path, objectAt(pathItem), found);
  }
  for (const [name, callback] of Object.entries(objectAt(components.callbacks))) readCallback(name, callback, found);
  for (const [name, response] of Object.entries(objectAt(components.responses)))
    readLinks(`components.responses.${name}`, response, found);
  if (isObject(components.links)) found.set("links: components.links", components.links);
  return found;
}

function readPathItem(path: string, pathItem: JsonObject, found: Map<string, Json>): void {
  for (const [method, operation] of Object.entries(objectAt(pathItem.additionalOperations)))
    found.set(`additionalOperations: ${method} ${path}`, operation);
  for (const method of METHODS) {
    const operation = objectAt(pathItem[method]);
    const label = `${method.toUpperCase()} ${path}`;
    for (const [status, response] of Object.entries(objectAt(operation.responses)))
      readLinks(`${label} ${status}`, response, found);
    for (const [name, callback] of Object.entries(objectAt(operation.callbacks)))
      readCallback(`${name} of ${label}`, callback, found);
  }
}

function readCallback(name: string, callback: Json, found: Map<string, Json>): void {
  for (const [expression, pathItem] of Object.entries(objectAt(callback))) {
    for (const method of METHODS) {
      const { callbacks } = objectAt(objectAt(pathItem)[method]);
      if (isObject(callbacks)) found.set(`callbacks of a callback: ${name}: ${expression}`, callbacks);
    }
  }
}

function readLinks(label: string, response: Json, found: Map<string, Json>): void {
  const { links } = objectAt(response);
  if (isObject(links)) found.set(`links: ${label}`, links);
}
