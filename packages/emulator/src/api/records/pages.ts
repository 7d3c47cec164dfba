import { visible } from "./behaviours.ts";
import type { Behaviour, Collection, Fields, RecordCall } from "./call.ts";
import type { StoredRecord } from "./store.ts";

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

type Filter = (record: StoredRecord, call: RecordCall) => boolean;

interface ListSettings {
  readonly items: string;
  readonly filter?: Filter;
  /** Request field with the page size. Default `limit`. */
  readonly size?: string;
}

/** Query and body fields alike, as numbers. */
function numberOf(call: RecordCall, name: string): number | undefined {
  const value = Number(call.query.get(name) ?? call.body[name] ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined;
}

function sizeOf(call: RecordCall, name = "limit"): number {
  return Math.min(Math.max(numberOf(call, name) ?? DEFAULT_SIZE, 1), MAX_SIZE);
}

function filtered(collection: Collection, call: RecordCall, filter: Filter | undefined): StoredRecord[] {
  return visible(collection, call).filter((record) => filter?.(record, call) ?? true);
}

const dataOf = (records: readonly StoredRecord[]): Fields[] => records.map(({ data }) => data);

/** `skip` or `offset`: an index. `items: ""`: the answer is the list itself. */
export const byOffset =
  (
    collection: Collection,
    {
      items,
      filter,
      size,
      param,
      total,
      more,
    }: ListSettings & { param: string; total?: string | ((count: number) => Fields); more?: string },
  ): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const from = numberOf(call, param) ?? 0;
    const page = all.slice(from, from + sizeOf(call, size));
    if (items === "") return { body: dataOf(page) };
    return {
      body: {
        [items]: dataOf(page),
        ...(typeof total === "function" ? total(all.length) : total === undefined ? {} : { [total]: all.length }),
        ...(more === undefined ? {} : { [more]: from + page.length < all.length }),
      },
    };
  };

/** `page`, from 1. */
export const byPage =
  (collection: Collection, { items, filter, size }: ListSettings): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const limit = sizeOf(call, size);
    const from = (Math.max(numberOf(call, "page") ?? 1, 1) - 1) * limit;
    return { body: { [items]: dataOf(all.slice(from, from + limit)), total: all.length } };
  };

/** Records after the one with this time and id, or all records when there is none. */
function behind(
  all: readonly StoredRecord[],
  atMs: number | undefined,
  id: string | undefined,
): readonly StoredRecord[] {
  if (atMs === undefined) return all;
  const index = all.findIndex((record) => record.id === id);
  return index === -1 ? all.filter((record) => record.createdAtMs < atMs) : all.slice(index + 1);
}

/**
 * `startAfter` (time) and `startAfterId` of the last one seen; the answer's `meta` has those of the next page, of the
 * last page too: only its `nextPageUrl` says where the end is.
 */
export const byStartAfter =
  (collection: Collection, { items, filter, total }: ListSettings & { total?: string }): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const limit = sizeOf(call);
    const startAfterId = call.query.get("startAfterId") ?? undefined;
    const rest = behind(all, numberOf(call, "startAfter"), startAfterId);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const currentPage = Math.floor((all.length - rest.length) / limit) + 1;
    const hasNext = rest.length > page.length;
    const meta = {
      total: all.length,
      currentPage,
      nextPage: hasNext ? currentPage + 1 : null,
      prevPage: currentPage > 1 ? currentPage - 1 : null,
      ...(last === undefined ? {} : { startAfter: last.createdAtMs, startAfterId: last.id }),
      nextPageUrl: null as string | null,
    };
    if (hasNext && last !== undefined)
      meta.nextPageUrl = `?${new URLSearchParams({ limit: String(limit), startAfter: String(last.createdAtMs), startAfterId: last.id })}`;
    return { body: { [items]: dataOf(page), ...(total === undefined ? {} : { [total]: all.length }), meta } };
  };

/** `searchAfter` in the body: each item carries its own. `page` works too. */
export const bySearchAfter =
  (collection: Collection, { items, filter, size }: ListSettings): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const limit = sizeOf(call, size);
    const { searchAfter } = call.body;
    const [atMs, id] = Array.isArray(searchAfter) ? (searchAfter as unknown[]) : [];
    const rest = behind(all, typeof atMs === "number" ? atMs : undefined, typeof id === "string" ? id : undefined);
    const from = searchAfter === undefined ? (Math.max(numberOf(call, "page") ?? 1, 1) - 1) * limit : 0;
    const page = rest.slice(from, from + limit);
    const shown = page.map(({ data, createdAtMs, id: own }) => ({ ...data, searchAfter: [createdAtMs, own] }));
    return { body: { [items]: shown, total: all.length } };
  };

/** `startAfterDate` is the `sort` value of the last one seen. Each item has a value of its own, or some would be skipped. */
export const bySortValue =
  (collection: Collection, { items, filter }: ListSettings): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const after = numberOf(call, "startAfterDate") ?? Infinity;
    const sortOf = (record: StoredRecord): number => record.createdAtMs + record.order;
    const page = all.filter((record) => sortOf(record) < after).slice(0, sizeOf(call));
    return { body: { [items]: page.map((record) => ({ ...record.data, sort: [sortOf(record)] })), total: all.length } };
  };

/** Pages by `lastMessageId`, the last one that the client has seen. `nextPage` says whether there are more. */
export const byLastId =
  (collection: Collection, { items, filter, param }: ListSettings & { param: string }): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const lastId = call.query.get(param);
    const rest = lastId === null ? all : all.slice(all.findIndex(({ id }) => id === lastId) + 1);
    const page = rest.slice(0, sizeOf(call));
    return {
      body: { [param]: page.at(-1)?.id ?? lastId ?? "", nextPage: page.length < rest.length, [items]: dataOf(page) },
    };
  };

/** An opaque `cursor`; the answer's `nextCursor` is null on the last page. */
export const byCursor =
  (collection: Collection, { items, filter }: ListSettings): Behaviour =>
  (call) => {
    const all = filtered(collection, call, filter);
    const from = Number.parseInt(atob(call.query.get("cursor") ?? "") || "0", 36);
    const limit = sizeOf(call);
    const page = all.slice(from, from + limit);
    const more = from + limit < all.length;
    const nextCursor = more ? btoa((from + limit).toString(36)) : null;
    return { body: { [items]: dataOf(page), nextCursor, total: all.length } };
  };
