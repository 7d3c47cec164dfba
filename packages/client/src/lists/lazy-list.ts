import type { Params } from "../call/url.ts";
import { checkNumbers } from "../client-options.ts";
import { type CallContext, makeError } from "../errors/errors.ts";
import type { PaginationRow } from "../operation-table.ts";
import type { PageLimits, Paginated } from "./paginated.ts";

type Fields = Record<string, unknown>;

/** Follows a dot-separated path; `$last` is the last of `items`. Returns `undefined` if the path leads nowhere. */
function pick(answer: unknown, path: string, items: readonly unknown[] = []): unknown {
  return path
    ? path.split(".").reduce<unknown>((value, key) => (key === "$last" ? items.at(-1) : Object(value)[key]), answer)
    : answer;
}

/** Parts of an operation that its list needs. */
export interface ListOperation {
  readonly g: PaginationRow;
  readonly context: CallContext;
}

const isEmpty = (value: unknown): boolean => value == null || value === "";

/**
 * See `Paginated`. `load` fetches the page with the parameters that it receives.
 *
 * Three signs end a list, in this order of trust: the answer says that there is no more; the total is reached; a page is
 * empty or has no cursor. A short page does not end it, because the server may cap the page size or filter afterwards. An
 * operation whose answers have none of these signs costs one more request, and never loses an item.
 */
export function lazyList<Answer, Item>(
  {
    context,
    g: { s: strategy, i: itemsPath, f: field = "", c: cursor, o: origin = 1, t: totalPath, m: morePath, w, n },
  }: ListOperation,
  params: Params,
  load: (params: Params) => Promise<Answer>,
): Paginated<Answer, Item> {
  let first: Promise<Answer> | undefined;
  const start = (): Promise<Answer> => (first ??= load(params));
  const fail = (what: string): never => {
    throw makeError("PAGINATION", what, context);
  };

  /** A list that is absent or `null` is an empty one. */
  const itemsOf = (answer: Answer): Item[] => {
    const items = pick(answer, itemsPath) ?? [];
    return Array.isArray(items) ? items : fail(`the answer must hold a list, got ${typeof items}`);
  };

  async function* pages(limits: PageLimits = {}): AsyncGenerator<Answer, void> {
    checkNumbers(limits, context);
    let { maxPages = Infinity, maxItems = Infinity } = limits;
    const given = Object(w ? params.body : params) as Fields;
    const isOffset = strategy === "offset";
    let position = Number(given[field] ?? (isOffset ? 0 : origin));
    // If the caller starts in the middle of a list, this count is too low. The total then ends the list late, never early.
    let seen = isOffset ? position : 0;
    const met = new Set<string>();
    let page = params;
    while (maxPages-- > 0 && maxItems > 0) {
      const answer = await (page === params ? start() : load(page));
      const items = itemsOf(answer);
      maxItems -= items.length;
      seen += items.length;
      position = isOffset ? seen : position + 1;
      yield answer;

      const more = morePath && pick(answer, morePath, items);
      const total = totalPath && pick(answer, totalPath, items);
      // An absent value says nothing. `false`, `null` and an empty text mean "no more".
      if (more === undefined ? !isEmpty(total) && seen >= Number(total) : !more) return;
      if (!items.length && !(more && cursor)) return;

      const moved: Fields = {};
      for (const name in cursor) moved[name] = pick(answer, cursor[name]!, items);
      if (!cursor) moved[field] = n ? `${position}` : position;
      if (Object.values(moved).every(isEmpty)) {
        if (more) fail("the answer must hold a cursor for the next page, got none");
        return;
      }
      // A counted list repeats itself with a page equal to the one before, the others with a cursor seen before.
      let trace: string;
      try {
        trace = JSON.stringify(cursor ? moved : items);
      } catch {
        return fail("the page is nested too deeply");
      }
      if (met.has(trace)) fail("the same page came again");
      if (!cursor) met.clear();
      met.add(trace);
      page = w ? { ...params, body: { ...given, ...moved } } : { ...params, ...moved };
    }
  }

  async function* items(limits: PageLimits = {}): AsyncGenerator<Item, void> {
    let { maxItems = Infinity } = limits;
    for await (const answer of pages(limits)) {
      for (const item of itemsOf(answer)) if (maxItems-- > 0) yield item;
    }
  }

  return {
    // biome-ignore lint/suspicious/noThenProperty: the list is made to be awaited
    then: (onAnswer, onError) => start().then(onAnswer, onError),
    catch: (onError) => start().catch(onError),
    finally: (onEnd) => start().finally(onEnd),
    pages,
    items,
    [Symbol.asyncIterator]: items,
    [Symbol.toStringTag]: "Paginated",
  };
}
