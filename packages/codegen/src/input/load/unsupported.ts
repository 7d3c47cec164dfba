import type { Unsupported } from "../../errors.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { at, type Position, pointerOf, ROOT } from "../../json/pointer.ts";
import { operationsOf, walkSchemas } from "../../json/walk.ts";
import { findCircles } from "./circles.ts";
import { checkShapes } from "./shapes.ts";

/** One position that generated code could not serve, and what is left of the document without it. */
export interface UnsupportedPart extends Unsupported {
  /** Takes it out of the document: the operation where it needs the value at that position, else that value alone. */
  readonly remove: () => void;
}

const PLACES = ["path", "query", "header", "cookie"];
const STYLES: Readonly<Record<string, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
};

/**
 * Every position of a document with whole components inlined that the client cannot serve as it is documented. What is
 * not in this list and not generated either is a mistake.
 */
export function findUnsupported(document: JsonObject): UnsupportedPart[] {
  const found: UnsupportedPart[] = [];
  checkShapes(document, (position, message, remove) => add(found, position, { message, remove }));
  for (const [path, pathItem] of Object.entries(objectAt(document.paths))) {
    const more = objectAt(pathItem).additionalOperations;
    for (const method of Object.keys(objectAt(more))) {
      const position = at(ROOT, "paths", path, "additionalOperations", method);
      add(found, position, {
        message: `the method ${method} is not supported`,
        remove: () => delete objectAt(more)[method],
      });
    }
  }
  for (const { method, pathItem, operation, position } of operationsOf(document)) {
    const drop = () => delete pathItem[method];
    if (method === "trace") {
      add(found, position, { message: "TRACE cannot be sent: fetch refuses it", remove: drop });
      continue;
    }
    for (const name of Object.keys(objectAt(operation.callbacks))) {
      const remove = () => delete objectAt(operation.callbacks)[name];
      add(found, at(position, "callbacks", name), { message: "callbacks are not generated", remove });
    }
    checkBody(found, { method, operation, position, drop });
    checkParameters(found, { holder: pathItem, position: at(ROOT, "paths", position.parent?.key ?? "") }, drop);
    checkParameters(found, { holder: operation, position }, drop);
  }
  for (const { position, reference, remove } of findCircles(document)) {
    add(found, position, {
      message: `${reference} leads to itself, with nothing in between that a value could have`,
      remove,
    });
  }
  walkSchemas(document, (schema, position) => {
    for (const keyword of ["$dynamicRef", "$recursiveRef"]) {
      if (typeof schema[keyword] !== "string") continue;
      add(found, at(position, keyword), {
        message: `${keyword} is not supported; use $ref`,
        remove: () => delete schema[keyword],
      });
    }
  });
  // a path item is met once for each of its methods
  return [...new Map(found.reverse().map((one) => [one.pointer, one])).values()].reverse();
}

interface Visit {
  readonly method: string;
  readonly operation: JsonObject;
  readonly position: Position;
  readonly drop: () => void;
}

function checkBody(found: UnsupportedPart[], { method, operation, position, drop }: Visit): void {
  const body = operation.requestBody;
  if (!isObject(body)) return;
  const types = Object.keys(objectAt(body.content));
  const here = at(position, "requestBody");
  const remove = body.required === true ? drop : () => delete operation.requestBody;
  if (method === "get" || method === "head") {
    add(found, here, { message: `a ${method.toUpperCase()} cannot have a body: fetch refuses it`, remove });
  } else if (types.length > 0 && types.every(isOtherMultipart)) {
    add(found, at(here, "content", types[0] ?? ""), {
      message: `${types.join(", ")} is not supported, only form-data`,
      remove,
    });
  }
}

/** `multipart/mixed` and its like cannot be made with the platform's FormData. */
export function isOtherMultipart(type: string): boolean {
  return /^multipart\/(?!form-data|\*)/i.test(type);
}

function checkParameters(
  found: UnsupportedPart[],
  { holder, position }: { readonly holder: JsonObject; readonly position: Position },
  drop: () => void,
): void {
  const list = arrayAt(holder.parameters);
  list.forEach((parameter, index) => {
    const what = faultOf(parameter);
    if (what === undefined) return;
    const needed = objectAt(parameter).required === true || objectAt(parameter).in === "path";
    const remove = () => {
      holder.parameters = arrayAt(holder.parameters).filter((one) => one !== parameter);
    };
    add(found, at(position, "parameters", index), { message: what, remove: needed ? drop : remove });
  });
}

function faultOf(value: Json): string | undefined {
  const parameter = objectAt(value);
  const where = String(parameter.in);
  if (typeof parameter.name !== "string") return "a parameter needs a name";
  if (!PLACES.includes(where)) return `a parameter in ${where} is not supported`;
  const types = Object.keys(objectAt(parameter.content));
  if (parameter.content !== undefined && !types.some((type) => /^application\/([\w.+-]+\+)?json\b/i.test(type))) {
    return `a parameter written as ${types.join(", ") || "nothing"} is not supported, only JSON`;
  }
  const style = parameter.style;
  // a style of OpenAPI 3.2
  if (style === "cookie" && where === "cookie") return "style cookie is not supported; use form";
  if (style !== undefined && !STYLES[where]?.includes(String(style))) {
    return `style ${String(style)} does not exist for a parameter in ${where}`;
  }
  return undefined;
}

function add(
  found: UnsupportedPart[],
  position: Position,
  { message, remove }: { readonly message: string; readonly remove: () => void },
): void {
  found.push({ pointer: pointerOf(position), message, remove });
}
