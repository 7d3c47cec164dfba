import type { BeforeAfter } from "../before-after.ts";
import { annotation } from "./annotations.ts";
import { memberPath, type Position, step } from "./change.ts";
import { type Comparison, reportChange } from "./comparison.ts";
import type { Node } from "./node.ts";
import type { Variant } from "./variant-model.ts";

/** Properties, which of them are required, and what is said of all others. */
export function compareObjects(
  comparison: Comparison,
  { before, after }: BeforeAfter<Variant>,
  position: Position,
): void {
  for (const name of new Set([...namesOf(before), ...namesOf(after)])) {
    compareProperty(comparison, { before, after }, { name, position });
  }
  compareOthers(comparison, { before, after }, step(position, "{*}"));
}

function namesOf({ properties, required }: Variant): string[] {
  return [...properties.keys(), ...required.keys()];
}

function compareProperty(
  comparison: Comparison,
  { before, after }: BeforeAfter<Variant>,
  { name, position }: { readonly name: string; readonly position: Position },
): void {
  const was =
    before.properties.get(name) ?? (before.required.has(name) ? { node: [true], home: undefined } : undefined);
  const is = after.properties.get(name) ?? (after.required.has(name) ? { node: [true], home: undefined } : undefined);
  const [demanded, demands] = [before.required.has(name), after.required.has(name)];
  const home = was === undefined ? is?.home : is === undefined ? was.home : was.home === is.home ? was.home : undefined;
  const here = step(position, memberPath(name), home);
  if (was === undefined && is !== undefined) {
    // a request does not carry what is read-only, so it cannot be demanded of one
    const required = demands && annotation(comparison.after, is.node, "readOnly") !== true;
    reportChange(comparison, required ? "property-added-required" : "property-added", { position: here });
  } else if (was !== undefined && is === undefined) {
    reportChange(comparison, "property-removed", { position: here });
  } else if (was !== undefined && is !== undefined) {
    if (demanded !== demands) {
      const saidBy = demands ? after.required.get(name) : before.required.get(name);
      reportChange(comparison, demands ? "property-now-required" : "property-now-optional", {
        position: step(position, memberPath(name), saidBy === home ? home : undefined),
      });
    }
    comparison.compareNodes(comparison, { before: was.node, after: is.node }, here);
  }
}

/** An object without a word on other properties is taken as open: HighLevel sends and takes more than it documents. */
function compareOthers(comparison: Comparison, { before, after }: BeforeAfter<Variant>, position: Position): void {
  const [was, is] = [before.others, after.others];
  if (was === is) return;
  const isSchema = (others: Variant["others"]): others is Node => others !== undefined && others !== false;
  if (isSchema(was) && isSchema(is)) comparison.compareNodes(comparison, { before: was, after: is }, position);
  else if (isSchema(is)) {
    // of an open object everything was possible before
    const open = was === undefined && before.properties.size === 0;
    if (open) comparison.compareNodes(comparison, { before: [true], after: is }, position);
    else reportChange(comparison, "property-added", { position });
  } else if (isSchema(was)) {
    const open = is === undefined && after.properties.size === 0;
    if (open) comparison.compareNodes(comparison, { before: was, after: [true] }, position);
    else reportChange(comparison, "property-removed", { position });
  } else if (is === false) reportChange(comparison, "other-properties-forbidden", { position });
  else if (was === false) reportChange(comparison, "other-properties-allowed", { position });
}
