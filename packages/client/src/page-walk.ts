import { type CallContext, PaginationError } from "./errors.ts";
import type { PaginationRow } from "./operation-table.ts";
import type { Params } from "./url.ts";

/** Follows a dot-separated path; `$last` is the last of `items`. Nothing there → `undefined`. */
function pick(answer: unknown, path: string, items: readonly unknown[] = []): unknown {
  if (path === "") return answer;
  return path.split(".").reduce<unknown>((value, key) => (key === "$last" ? items.at(-1) : Object(value)[key]), answer);
}

/** The items of a page. A list that is absent or `null` is an empty one. */
export function itemsOf(row: PaginationRow, answer: unknown, context: CallContext): readonly unknown[] {
  const items = pick(answer, row.i) ?? [];
  if (Array.isArray(items)) return items;
  throw new PaginationError("the answer holds no list", context);
}

const isEmpty = (value: unknown): boolean => value == null || value === "";

/**
 * Walks a list: given the parameters of the first page, the returned function takes the answer of each page and gives
 * the parameters of the next, or `undefined` after the last one.
 *
 * A list ends, in this order of trust: when the answer says that there is no more; when the total is reached; when a
 * page is empty or has no cursor. A page that is only short does not end it: the server may cap the page size, or
 * filter afterwards. So an operation whose answers tell nothing costs one more request, and never loses an item.
 */
export function walkPages(
  row: PaginationRow,
  first: Params,
  context: CallContext,
): (answer: unknown) => Params | undefined {
  const { f: field = "", c: cursor, s: strategy, o: origin = 1, z: size = "", t, m } = row;
  const start = Object(row.w ? first.body : first) as Params;
  let page = isEmpty(start[field]) ? origin : Number(start[field]);
  // items before and in the pages met; not a number where the caller starts in the middle of a list of unknown extent
  let seen =
    strategy === "offset"
      ? Number(start[field] ?? 0)
      : strategy === "page"
        ? page - origin && (page - origin) * Number(start[size])
        : Object.keys(cursor!).every((name) => isEmpty(start[name]))
          ? 0
          : Number.NaN;
  const met = new Set<string>();

  return (answer) => {
    const items = itemsOf(row, answer, context);
    const more = m && pick(answer, m, items);
    const total = t && pick(answer, t, items);
    seen += items.length;
    page++;
    // absent says nothing; `false`, `null` and an empty text do
    if (more === undefined ? !isEmpty(total) && seen >= Number(total) : !more) return undefined;
    if (!items.length && !(more && cursor)) return undefined;

    const moved: Record<string, unknown> = {};
    if (!cursor) moved[field] = row.n ? `${strategy === "page" ? page : seen}` : strategy === "page" ? page : seen;
    for (const name in cursor) moved[name] = pick(answer, cursor[name]!, items);
    if (Object.values(moved).every(isEmpty)) {
      if (more) throw new PaginationError("the server has more, but sent no cursor", context);
      return undefined;
    }
    // of a list that is counted, two pages with the same items; of the others, a cursor met before
    const trace = JSON.stringify(cursor ? moved : items);
    if (met.has(trace)) throw new PaginationError("the server sent the same page again", context);
    if (!cursor) met.clear();
    met.add(trace);
    return row.w ? { ...first, body: { ...start, ...moved } } : { ...first, ...moved };
  };
}
