import { OverlayNoEffectError, OverlayTargetError } from "../../errors.ts";
import { equalJson, isObject, type Json, setMember } from "../../json/json.ts";
import { pointerOf } from "../../json/pointer.ts";
import type { NamedDocuments, Overlay, OverlayAction } from "./overlay.ts";
import { type Selected, select } from "./target.ts";

/**
 * Applies overlays to the documents they name, in place, in the given order. Returns how many actions were applied,
 * an action counting once per document.
 *
 * It is our own, because the Overlay specification ignores an action without a match: ours fails, so that a correction that is no longer
 * needed is noticed.
 *
 * @throws OverlayTargetError when an action's document or target is gone, or no longer holds what it expects
 * @throws OverlayNoEffectError when an action would change nothing
 */
export function applyOverlays(documents: NamedDocuments, overlays: readonly Overlay[]): number {
  let applied = 0;
  for (const overlay of overlays) {
    for (const name of overlay.documents) {
      const document = documents.get(name);
      if (document === undefined) {
        throw new OverlayTargetError(`document ${name} not found`, { file: overlay.file, pointer: "#/extends" });
      }
      for (const action of overlay.actions) {
        const position = { file: overlay.file, pointer: action.pointer };
        const selected = select(document, action.steps);
        if (selected.length === 0)
          throw new OverlayTargetError(`target ${action.target} not found in ${name}`, position);
        for (const node of selected) applyAction(action, node, { name, position });
        applied += 1;
      }
    }
  }
  return applied;
}

function applyAction(
  action: OverlayAction,
  node: Selected,
  { name, position }: { readonly name: string; readonly position: { file: string; pointer: string } },
): void {
  if (action.expect !== undefined && !holds(node.value, action.expect)) {
    const message = `${name} ${pointerOf(node.position)} must hold what x-expect says, got another value`;
    throw new OverlayTargetError(message, position);
  }
  if ("remove" in action.change) {
    remove(node);
    return;
  }
  const changed = merge(node.value, action.change.update);
  if (changed === undefined) {
    throw new OverlayNoEffectError(`${name} ${pointerOf(node.position)} has the value of the update already`, position);
  }
  replace(node, changed);
}

/** The value with the update merged in; undefined when that changes nothing. */
function merge(value: Json, update: Json): Json | undefined {
  if (Array.isArray(value)) {
    // Overlay 1.0, Action Object: an update of an array is an entry to append
    const entries = (Array.isArray(update) ? update : [update]).filter(
      (entry) => !value.some((item) => equalJson(item, entry)),
    );
    return entries.length === 0 ? undefined : [...value, ...structuredClone(entries)];
  }
  if (isObject(value) && isObject(update)) {
    const result = { ...value };
    let changed = false;
    for (const [key, part] of Object.entries(update)) {
      const before = Object.hasOwn(value, key) ? value[key] : undefined;
      const after = before === undefined ? structuredClone(part) : merge(before, part);
      if (after === undefined) continue;
      setMember(result, key, after);
      changed = true;
    }
    return changed ? result : undefined;
  }
  return equalJson(value, update) ? undefined : structuredClone(update);
}

/** Objects are compared member by member, `null` stands for a member that is not there. */
function holds(value: Json | undefined, expected: Json): boolean {
  if (expected === null) return value === undefined || value === null;
  if (isObject(value) && isObject(expected)) {
    return Object.entries(expected).every(([key, part]) =>
      holds(Object.hasOwn(value, key) ? value[key] : undefined, part),
    );
  }
  return equalJson(value, expected);
}

function replace({ parent, position, value }: Selected, changed: Json): void {
  if (parent === undefined) {
    if (isObject(value) && isObject(changed)) Object.assign(value, changed);
  } else if (Array.isArray(parent)) parent[Number(position.key)] = changed;
  else setMember(parent, position.key, changed);
}

function remove({ parent, position, value }: Selected): void {
  if (Array.isArray(parent)) parent.splice(parent.indexOf(value), 1);
  else if (parent !== undefined) delete parent[position.key];
}
