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
  /**
   * Iterates over the items of all pages, up to a limit.
   *
   * @param limits - Where to stop. Default: at the end of the list
   * @returns The items, in order. A page is requested when its first item is needed
   * @throws {PaginationError} when the server sends the same page or cursor again (`ERR_GHL_PAGINATION`)
   * @throws {ConfigurationError} when a limit is negative or not a number (`ERR_GHL_CONFIGURATION`)
   */
  items(limits?: PageLimits): AsyncGenerator<Item, void, undefined>;
  /**
   * Iterates over the pages, up to a limit.
   *
   * @param limits - Where to stop. Default: at the end of the list
   * @returns The pages, in order. A page is requested when it is needed
   * @throws {PaginationError} when the server sends the same page or cursor again (`ERR_GHL_PAGINATION`)
   * @throws {ConfigurationError} when a limit is negative or not a number (`ERR_GHL_CONFIGURATION`)
   */
  pages(limits?: PageLimits): AsyncGenerator<Answer, void, undefined>;
}
