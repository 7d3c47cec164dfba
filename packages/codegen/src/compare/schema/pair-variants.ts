import type { Comparison } from "./comparison.ts";
import { distance } from "./distance.ts";
import type { Variant } from "./variant-model.ts";

export interface VariantPairs {
  /** Pairs to compare, and the path segment that distinguishes each pair from its siblings. */
  readonly pairs: readonly (readonly [before: Variant, after: Variant, part: string])[];
  readonly removed: readonly Variant[];
  readonly added: readonly Variant[];
}

/**
 * Pairs the variants of both sides: first equal ones, then by the name of their schema, then those that differ least.
 * Their order makes no difference.
 */
export function pairVariants(
  comparison: Comparison,
  before: readonly Variant[],
  after: readonly Variant[],
): VariantPairs {
  const [one, other] = [before[0], after[0]];
  if (one !== undefined && other !== undefined && before.length === 1 && after.length === 1) {
    return comparable(one, other) || one.type === other.type
      ? { pairs: [[one, other, ""]], removed: [], added: [] }
      : { pairs: [], removed: before, added: after };
  }
  const { prints } = comparison;
  const [left, right] = [new Set(before), new Set(after)];
  const pairs: [Variant, Variant][] = [];
  const take = (a: Variant, b: Variant): void => {
    pairs.push([a, b]);
    left.delete(a);
    right.delete(b);
  };
  const pairBy = (keyOf: (variant: Variant, side: "before" | "after") => string | undefined): void => {
    for (const a of left) {
      const key = keyOf(a, "before");
      const twin = key === undefined ? undefined : [...right].find((b) => keyOf(b, "after") === key);
      if (twin !== undefined) take(a, twin);
    }
  };
  pairBy((variant, side) => prints[side].ofVariant(variant));
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
    // a variant that is listed twice counts once
    removed: [...left].filter((a) => !after.some((b) => prints.before.ofVariant(a) === prints.after.ofVariant(b))),
    added: [...right].filter((b) => !before.some((a) => prints.before.ofVariant(a) === prints.after.ofVariant(b))),
  };
}

/** Two variants that have something to be compared by. */
function comparable(a: Variant, b: Variant): boolean {
  const numbers = ["integer", "number"];
  if (a.type !== b.type)
    return a.type === "any" || b.type === "any" || (numbers.includes(a.type) && numbers.includes(b.type));
  if (a.type !== "object" || a.properties.size === 0 || b.properties.size === 0) return true;
  return [...a.properties.keys()].some((name) => b.properties.has(name));
}

/** `<Card>` or `<object>`: only among several variants that have fields. */
function partOf(variant: Variant, all: readonly Variant[]): string {
  const nested = all.filter(({ type }) => type === "object" || type === "array");
  if (nested.length < 2 || !nested.includes(variant)) return "";
  return `<${variant.label ?? variant.type}>`;
}
