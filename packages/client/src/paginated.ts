/** Where to stop before the list ends: whole numbers, 0 or above. The last page needed is the last one asked for. */
export interface PageLimits {
  readonly maxPages?: number | undefined;
  readonly maxItems?: number | undefined;
}

/**
 * The answer of a list operation. Nothing is sent until it is awaited or iterated.
 *
 * - `await list` is the first page, as HighLevel answered it;
 * - `for await (const item of list)` goes over every item of every page;
 * - `list.items({ maxItems })` and `list.pages({ maxPages })` do the same with a limit, or page by page.
 *
 * The first page is asked for once, however the list is used. An iteration rejects with `PaginationError` when the
 * server sends the same page or cursor again, and with the errors of an ordinary call otherwise.
 */
export interface Paginated<Answer, Item> extends Promise<Answer>, AsyncIterable<Item> {
  items(limits?: PageLimits): AsyncGenerator<Item, void, undefined>;
  pages(limits?: PageLimits): AsyncGenerator<Answer, void, undefined>;
}
