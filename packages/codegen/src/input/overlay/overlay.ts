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

const OVERLAY_KEYS = new Set(["overlay", "info", "extends", "actions"]);
const ACTION_KEYS = new Set(["target", "description", "update", "remove", "x-expect", "x-evidence"]);

/** Checks a parsed overlay file. @throws InvalidOverlayError */
export function readOverlay(value: Json, file: string): Overlay {
  const fail = (message: string, position: Position): never => {
    throw new InvalidOverlayError(message, { file, pointer: pointerOf(position) });
  };
  if (!isObject(value)) return fail("overlay must be an object", ROOT);
  for (const key of Object.keys(value)) if (!OVERLAY_KEYS.has(key)) fail(`unknown field "${key}"`, at(ROOT, key));
  if (value.overlay !== "1.0.0") fail("overlay must be 1.0.0", at(ROOT, "overlay"));
  if (typeof value.extends !== "string") return fail("extends must name a document", at(ROOT, "extends"));
  if (!Array.isArray(value.actions) || value.actions.length === 0) return fail("no actions", at(ROOT, "actions"));
  const actions = value.actions.map((action, index): OverlayAction => {
    const position = at(ROOT, "actions", index);
    if (!isObject(action)) return fail("action must be an object", position);
    for (const key of Object.keys(action)) if (!ACTION_KEYS.has(key)) fail(`unknown field "${key}"`, at(position, key));
    const { target, description, update, remove } = action;
    if (typeof target !== "string") return fail("target must be a JSONPath", at(position, "target"));
    const steps = parseTarget(target);
    if (steps === undefined) return fail(`not in the supported part of JSONPath: ${target}`, at(position, "target"));
    if (typeof description !== "string" || description.trim() === "") {
      return fail("every action says why, in description", at(position, "description"));
    }
    if ((update === undefined) === (remove !== true))
      return fail("an action has either update or remove: true", position);
    return {
      target,
      steps,
      reason: description,
      change: update === undefined ? { remove: true } : { update },
      expect: action["x-expect"],
      evidence: evidenceOf(action["x-evidence"], () =>
        fail("x-evidence must list operations", at(position, "x-evidence")),
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
