import type { Alternative } from "./alternative-model.ts";
import type { Comparison } from "./comparison.ts";
import { distance } from "./distance.ts";

export interface Variants {
  /** What is compared with what, and the word in the path that tells it from its siblings. */
  readonly pairs: readonly (readonly [before: Alternative, after: Alternative, part: string])[];
  readonly removed: readonly Alternative[];
  readonly added: readonly Alternative[];
}

/**
 * Which form of the one side is which of the other: the same ones, then by the name of their schema, then the ones that
 * differ least. The
 * order in which they stand has no say.
 */
export function pairVariants(
  comparison: Comparison,
  before: readonly Alternative[],
  after: readonly Alternative[],
): Variants {
  const [one, other] = [before[0], after[0]];
  if (one !== undefined && other !== undefined && before.length === 1 && after.length === 1) {
    return comparable(one, other) || one.type === other.type
      ? { pairs: [[one, other, ""]], removed: [], added: [] }
      : { pairs: [], removed: before, added: after };
  }
  const { prints } = comparison;
  const [left, right] = [new Set(before), new Set(after)];
  const pairs: [Alternative, Alternative][] = [];
  const take = (a: Alternative, b: Alternative): void => {
    pairs.push([a, b]);
    left.delete(a);
    right.delete(b);
  };
  const pairBy = (keyOf: (form: Alternative, side: "before" | "after") => string | undefined): void => {
    for (const a of left) {
      const key = keyOf(a, "before");
      const twin = key === undefined ? undefined : [...right].find((b) => keyOf(b, "after") === key);
      if (twin !== undefined) take(a, twin);
    }
  };
  pairBy((form, side) => prints[side].ofForm(form));
  pairBy(({ label, type }) => (label === undefined ? undefined : `${type} ${label}`));
  const candidates = [...left].flatMap((a) =>
    [...right]
      .filter((b) => comparable(a, b))
      .map((b) => ({
        a,
        b,
        far: distance(prints, { a, b }),
        exact: a.type === b.type,
      })),
  );
  candidates.sort((x, y) => Number(y.exact) - Number(x.exact) || x.far - y.far);
  for (const { a, b } of candidates) if (left.has(a) && right.has(b)) take(a, b);
  pairs.sort(([a], [b]) => before.indexOf(a) - before.indexOf(b));
  return {
    pairs: pairs.map(([a, b]) => [a, b, partOf(a, before)] as const),
    // said twice is said once
    removed: [...left].filter((a) => !after.some((b) => prints.before.ofForm(a) === prints.after.ofForm(b))),
    added: [...right].filter((b) => !before.some((a) => prints.before.ofForm(a) === prints.after.ofForm(b))),
  };
}

/** Two forms that have something to be compared by. */
function comparable(a: Alternative, b: Alternative): boolean {
  const numbers = ["integer", "number"];
  if (a.type !== b.type)
    return a.type === "any" || b.type === "any" || (numbers.includes(a.type) && numbers.includes(b.type));
  if (a.type !== "object" || a.properties.size === 0 || b.properties.size === 0) return true;
  return [...a.properties.keys()].some((name) => b.properties.has(name));
}

/** `<Card>` or `<object>`: only among several forms that have fields. */
function partOf(form: Alternative, all: readonly Alternative[]): string {
  const nested = all.filter(({ type }) => type === "object" || type === "array");
  if (nested.length < 2 || !nested.includes(form)) return "";
  return `<${form.label ?? form.type}>`;
}
