import { describeValue, didYouMean } from "@ghl-edge/core";
import { InvalidOverlayError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../json/json.ts";
import { at, type Position, pointerOf, ROOT } from "../../json/pointer.ts";
import { parseTarget, type Step } from "./target.ts";

/** One action of an overlay. */
export interface OverlayAction {
  readonly target: string;
  readonly steps: readonly Step[];
  /** Reason for the correction. */
  readonly reason: string;
  readonly change: { readonly update: Json } | { readonly remove: true };
  /** `x-expect`: what the target must hold for the action to be still right; objects are compared member by member. */
  readonly expect: Json | undefined;
  /** `x-evidence`: operations of `openapi/evidence` that show the correction to be right. */
  readonly evidence: readonly string[];
  /** JSON Pointer of the action in its file. */
  readonly pointer: string;
}

/** An OpenAPI Overlay 1.0 document. */
export interface Overlay {
  readonly file: string;
  /** Names of the documents it corrects: `v3/contacts`. */
  readonly documents: readonly string[];
  readonly actions: readonly OverlayAction[];
}

const OVERLAY_KEYS = ["overlay", "info", "extends", "actions"];
const ACTION_KEYS = ["target", "description", "update", "remove", "x-expect", "x-evidence"];

/** Checks a parsed overlay file. @throws InvalidOverlayError */
export function readOverlay(value: Json, file: string): Overlay {
  const fail = (message: string, position: Position): never => {
    throw new InvalidOverlayError(message, { file, pointer: pointerOf(position) });
  };
  const refuse = (path: string, expected: string, { got, position }: { got: unknown; position: Position }): never =>
    fail(`${path} must be ${expected}, got ${describeValue(got)}`, position);
  const checkKeys = (object: JsonObject, known: readonly string[], position: Position): void => {
    for (const key of Object.keys(object))
      if (!known.includes(key)) fail(`unknown field "${key}"${didYouMean(key, known)}`, at(position, key));
  };
  if (!isObject(value)) return refuse("overlay", "an object", { got: value, position: ROOT });
  checkKeys(value, OVERLAY_KEYS, ROOT);
  if (value.overlay !== "1.0.0") refuse("overlay", '"1.0.0"', { got: value.overlay, position: at(ROOT, "overlay") });
  if (typeof value.extends !== "string")
    return refuse("extends", "the name of a document", { got: value.extends, position: at(ROOT, "extends") });
  if (!Array.isArray(value.actions) || value.actions.length === 0)
    return refuse("actions", "a non-empty list", { got: value.actions, position: at(ROOT, "actions") });
  const actions = value.actions.map((action, index): OverlayAction => {
    const position = at(ROOT, "actions", index);
    if (!isObject(action)) return refuse("action", "an object", { got: action, position });
    checkKeys(action, ACTION_KEYS, position);
    const { target, description, update, remove } = action;
    if (typeof target !== "string")
      return refuse("target", "a JSONPath", { got: target, position: at(position, "target") });
    const steps = parseTarget(target);
    if (steps === undefined)
      return refuse("target", "in the supported part of JSONPath", { got: target, position: at(position, "target") });
    if (typeof description !== "string" || description.trim() === "")
      return refuse("description", "the reason for the action", {
        got: description,
        position: at(position, "description"),
      });
    if ((update === undefined) === (remove !== true)) {
      const got = update === undefined ? "neither" : "both";
      return fail(`action must have either update or remove: true, got ${got}`, position);
    }
    return {
      target,
      steps,
      reason: description,
      change: update === undefined ? { remove: true } : { update },
      expect: action["x-expect"],
      evidence: evidenceOf(action["x-evidence"], () =>
        refuse("x-evidence", "a list of operations", {
          got: action["x-evidence"],
          position: at(position, "x-evidence"),
        }),
      ),
      pointer: pointerOf(position),
    };
  });
  return { file, documents: expandBraces(value.extends), actions };
}

function evidenceOf(value: Json | undefined, fail: () => never): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0) return fail();
  return value.map((operation) => (typeof operation === "string" ? operation : fail()));
}

/** `{v2,v3}/contacts` → `v2/contacts`, `v3/contacts`: twins are mostly wrong in the same way. */
function expandBraces(text: string): string[] {
  const match = /^(.*)\{([^{}]*)\}(.*)$/.exec(text);
  if (match === null) return [text];
  const [, head = "", choices = "", tail = ""] = match;
  return choices.split(",").flatMap((choice) => expandBraces(head + choice.trim() + tail));
}

/** Documents by name. */
export type NamedDocuments = ReadonlyMap<string, JsonObject>;
