import type { BeforeAfter } from "../before-after.ts";
import type { Alternative } from "./alternative-model.ts";
import { annotation } from "./annotations.ts";
import { type Comparison, tell } from "./comparison.ts";
import { memberPath, type Spot, step } from "./fact.ts";
import type { Node } from "./node.ts";

/** Properties, which of them are required, and what is said of all others. */
export function compareObjects(comparison: Comparison, { before, after }: BeforeAfter<Alternative>, spot: Spot): void {
  for (const name of new Set([...namesOf(before), ...namesOf(after)])) {
    compareProperty(comparison, { before, after }, { name, spot });
  }
  compareOthers(comparison, { before, after }, step(spot, "{*}"));
}

function namesOf({ properties, required }: Alternative): string[] {
  return [...properties.keys(), ...required.keys()];
}

function compareProperty(
  comparison: Comparison,
  { before, after }: BeforeAfter<Alternative>,
  { name, spot }: { readonly name: string; readonly spot: Spot },
): void {
  const was =
    before.properties.get(name) ?? (before.required.has(name) ? { node: [true], home: undefined } : undefined);
  const is = after.properties.get(name) ?? (after.required.has(name) ? { node: [true], home: undefined } : undefined);
  const [demanded, demands] = [before.required.has(name), after.required.has(name)];
  const home = was === undefined ? is?.home : is === undefined ? was.home : was.home === is.home ? was.home : undefined;
  const here = step(spot, memberPath(name), home);
  if (was === undefined && is !== undefined) {
    // a request does not carry what is read-only, so it cannot be demanded of one
    const required = demands && annotation(comparison.after, is.node, "readOnly") !== true;
    tell(comparison, required ? "property-added-required" : "property-added", { spot: here });
  } else if (was !== undefined && is === undefined) {
    tell(comparison, "property-removed", { spot: here });
  } else if (was !== undefined && is !== undefined) {
    if (demanded !== demands) {
      const saidBy = demands ? after.required.get(name) : before.required.get(name);
      tell(comparison, demands ? "property-now-required" : "property-now-optional", {
        spot: step(spot, memberPath(name), saidBy === home ? home : undefined),
      });
    }
    comparison.compareNodes(comparison, { before: was.node, after: is.node }, here);
  }
}

/** An object without a word on other properties is taken as open: HighLevel sends and takes more than it documents. */
function compareOthers(comparison: Comparison, { before, after }: BeforeAfter<Alternative>, spot: Spot): void {
  const [was, is] = [before.others, after.others];
  if (was === is) return;
  const isSchema = (others: Alternative["others"]): others is Node => others !== undefined && others !== false;
  if (isSchema(was) && isSchema(is)) comparison.compareNodes(comparison, { before: was, after: is }, spot);
  else if (isSchema(is)) {
    // of an open object everything was possible before
    const open = was === undefined && before.properties.size === 0;
    if (open) comparison.compareNodes(comparison, { before: [true], after: is }, spot);
    else tell(comparison, "property-added", { spot });
  } else if (isSchema(was)) {
    const open = is === undefined && after.properties.size === 0;
    if (open) comparison.compareNodes(comparison, { before: was, after: [true] }, spot);
    else tell(comparison, "property-removed", { spot });
  } else if (is === false) tell(comparison, "other-properties-forbidden", { spot });
  else if (was === false) tell(comparison, "other-properties-allowed", { spot });
}
