import type { CallContext } from "./errors.ts";
import type { PaginationRow } from "./operation-table.ts";
import { itemsOf, walkPages } from "./page-walk.ts";
import type { PageLimits, Paginated } from "./paginated.ts";
import type { Params } from "./url.ts";

/** See `Paginated`. `load` gets the answer for the parameters of one page. */
export function lazyList<Answer, Item>(
  row: PaginationRow,
  context: CallContext,
  params: Params,
  load: (params: Params) => Promise<Answer>,
): Paginated<Answer, Item> {
  let first: Promise<Answer> | undefined;
  const start = (): Promise<Answer> => {
    first ??= load(params);
    return first;
  };

  async function* pages({ maxPages = Infinity, maxItems = Infinity }: PageLimits = {}): AsyncGenerator<Answer, void> {
    const next = walkPages(row, params, context);
    let page: Params | undefined = params;
    while (page && maxPages-- > 0 && maxItems > 0) {
      const answer = await (page === params ? start() : load(page));
      maxItems -= itemsOf(row, answer, context).length;
      yield answer;
      page = next(answer);
    }
  }

  async function* items(limits: PageLimits = {}): AsyncGenerator<Item, void> {
    let { maxItems = Infinity } = limits;
    for await (const answer of pages(limits)) {
      for (const item of itemsOf(row, answer, context)) {
        if (maxItems-- > 0) yield item as Item;
      }
    }
  }

  return {
    // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
    then: (onAnswer, onError) => start().then(onAnswer, onError),
    catch: (onError) => start().catch(onError),
    finally: (onEnd) => start().finally(onEnd),
    pages,
    items,
    [Symbol.asyncIterator]: items,
    [Symbol.toStringTag]: "Paginated",
  };
}
