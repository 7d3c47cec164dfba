/** Limits that stop a list before its end: whole numbers, 0 or above. No page after the last one needed is requested. */
export interface PageLimits {
  /** Upper bound of pages. Default: no limit. */
  readonly maxPages?: number | undefined;
  /** Upper bound of items. Default: no limit. */
  readonly maxItems?: number | undefined;
}

/**
 * The answer of a list operation. Nothing is sent until it is awaited or iterated.
 *
 * - `await list` is the first page, as HighLevel answered it;
 * - `for await (const item of list)` goes over every item of every page;
 * - `list.items({ maxItems })` and `list.pages({ maxPages })` do the same with a limit, or page by page.
 *
 * The first page is requested once, however the list is used. An iteration rejects with `PaginationError` when the
 * server sends the same page or cursor again, and with the errors of an ordinary call otherwise.
 */
export interface Paginated<Answer, Item> extends Promise<Answer>, AsyncIterable<Item> {
  /** Iterates over the items of all pages, up to a limit. */
  items(limits?: PageLimits): AsyncGenerator<Item, void, undefined>;
  /** Iterates over the pages, up to a limit. */
  pages(limits?: PageLimits): AsyncGenerator<Answer, void, undefined>;
}
