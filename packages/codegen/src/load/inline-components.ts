import { UnresolvedReferenceError } from "../errors.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt, setMember } from "../json.ts";
import { at, type Place, pointerOf, ROOT, resolvePointer } from "../pointer.ts";
import { isMethod } from "../walk.ts";

/**
 * Puts parameters, request bodies, responses and path items in the place of local references to them, so that what
 * follows meets only references to schemas. The input is left alone.
 *
 * @throws UnresolvedReferenceError
 */
export function inlineComponents(input: JsonObject, file: string): JsonObject {
  const document = structuredClone(input);
  const follow = (value: Json | undefined, place: Place, met: ReadonlySet<string> = new Set()): JsonObject => {
    if (!isObject(value)) return {};
    const reference = value.$ref;
    if (typeof reference !== "string") return value;
    if (!reference.startsWith("#")) {
      const message = `${reference}: only schemas may stand in other files; bundle the document first`;
      throw new UnresolvedReferenceError(message, { file, pointer: pointerOf(place) });
    }
    const target = resolvePointer(document, reference);
    if (target === undefined || met.has(reference)) {
      const message = met.has(reference) ? `${reference} leads to itself` : `${reference} leads nowhere`;
      throw new UnresolvedReferenceError(message, { file, pointer: pointerOf(place) });
    }
    return structuredClone(follow(target, place, new Set([...met, reference])));
  };
  const followList = (list: Json | undefined, place: Place): Json[] =>
    arrayAt(list).map((item, index) => follow(item, at(place, index)));

  const paths = objectAt(document.paths);
  for (const path of Object.keys(paths)) {
    const place = at(ROOT, "paths", path);
    const pathItem = follow(paths[path], place);
    setMember(paths, path, pathItem);
    if (pathItem.parameters !== undefined)
      pathItem.parameters = followList(pathItem.parameters, at(place, "parameters"));
    for (const method of Object.keys(pathItem)) {
      const operation = pathItem[method];
      if (!isMethod(method) || !isObject(operation)) continue;
      const here = at(place, method);
      if (operation.parameters !== undefined) {
        operation.parameters = followList(operation.parameters, at(here, "parameters"));
      }
      if (operation.requestBody !== undefined) {
        operation.requestBody = follow(operation.requestBody, at(here, "requestBody"));
      }
      const responses = objectAt(operation.responses);
      for (const status of Object.keys(responses)) {
        setMember(responses, status, follow(responses[status], at(here, "responses", status)));
      }
    }
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
  ]) {
    delete components[kind];
  }
  return document;
}
