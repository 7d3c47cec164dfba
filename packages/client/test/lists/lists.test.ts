import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Params } from "../../src/call/url.ts";
import { PaginationError } from "../../src/index.ts";
import { lazyList } from "../../src/lists/lazy-list.ts";
import type { PaginationRow } from "../../src/operation-table.ts";
import { fakeServer, json, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

type Page = Record<string, unknown>;
const context = { operation: "pets.list" };

/** A list over a function from parameters to answer, which also notes the parameters. */
function listOf(row: PaginationRow, serve: (params: Params) => unknown, params: Params = {}) {
  const requested: Params[] = [];
  const list = lazyList<Page, unknown>({ g: row, context }, params, async (page) => {
    requested.push(page);
    return serve(page) as Page;
  });
  return { list, requested };
}

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const ids = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ id: from + i }));
const OFFSET: PaginationRow = { s: "offset", i: "items", f: "skip", t: "total" };

/** Serves `total` items, `size` a page, by offset. */
const byOffset = (total: number, size: number, extra: (end: number) => object = () => ({ total })) => {
  return (params: Params) => {
    const from = Number(params.skip ?? 0);
    const end = Math.min(total, from + size);
    return { items: ids(from, end), ...extra(end) };
  };
};

describe("a list", () => {
  it("a list sends nothing until it is used, and the first page once", async () => {
    const { client, sent } = fakeServer((call) =>
      json(byOffset(5, 2)(Object.fromEntries(new URL(call.url).searchParams))),
    );
    Pets.operations.listPets satisfies unknown;
    const list = client.use(Pets).listPets({ limit: 2 });
    await Promise.resolve();
    expect(sent).toHaveLength(0);
    const first = (await list) as unknown as Page;
    expect(first.items).toHaveLength(2);
    expect(await list).toBe(first);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.path).toBe("/list?limit=2");
  });

  it("a list goes over every item, and requests each page once, after being awaited too", async () => {
    const { list, requested } = listOf(OFFSET, byOffset(5, 2), { limit: 2, q: "x" });
    await list;
    expect(await collect(list)).toEqual(ids(0, 5));
    expect(requested).toEqual([
      { limit: 2, q: "x" },
      { limit: 2, q: "x", skip: 2 },
      { limit: 2, q: "x", skip: 4 },
    ]);
  });

  it("a list gives page by page", async () => {
    const { list } = listOf(OFFSET, byOffset(5, 2));
    expect((await collect(list.pages())).map((page) => (page.items as unknown[]).length)).toEqual([2, 2, 1]);
  });

  it.each([
    ["maxItems in a page", { maxItems: 3 }, 3, 2],
    ["maxItems at the end of a page", { maxItems: 4 }, 4, 2],
    ["maxItems 0", { maxItems: 0 }, 0, 0],
    ["maxPages", { maxPages: 1 }, 2, 1],
    ["neither", {}, 5, 3],
  ])("a list stops at %s, without a request too many", async (_, limits, items, requests) => {
    const { list, requested } = listOf(OFFSET, byOffset(5, 2));
    expect(await collect(list.items(limits))).toHaveLength(items);
    expect(requested).toHaveLength(requests);
  });

  it("a list requests no more after a break", async () => {
    const { list, requested } = listOf(OFFSET, byOffset(5, 2));
    for await (const _ of list) break;
    expect(requested).toHaveLength(1);
  });

  it("a list is a promise: then, catch and finally", async () => {
    const { list } = listOf(OFFSET, () => Promise.reject(new Error("down")));
    let ended = false;
    const ending = list.finally(() => {
      ended = true;
    });
    expect(await list.catch((error: Error) => error.message)).toBe("down");
    await rejection(ending);
    expect(ended).toBe(true);
    expect(await Promise.all([listOf(OFFSET, byOffset(1, 1)).list])).toHaveLength(1);
  });

  it("a list fails in the middle with the error of the page, after the items before it", async () => {
    const down = new Error("down");
    const { list } = listOf(OFFSET, (params) => (params.skip ? Promise.reject(down) : byOffset(5, 2)(params)));
    const found: unknown[] = [];
    const walk = async () => {
      for await (const item of list) found.push(item);
    };
    expect(await rejection(walk())).toBe(down);
    expect(found).toHaveLength(2);
  });

  it("a list ends with the signal's reason between two pages", async () => {
    const controller = new AbortController();
    const { client, sent } = fakeServer(() => json({ pets: [{ id: 1 }], total: 9 }));
    const walk = async () => {
      for await (const _ of client.use(Pets).listPets({}, { signal: controller.signal })) controller.abort("enough");
    };
    expect(await rejection(walk())).toBe("enough");
    expect(sent).toHaveLength(1);
  });

  it("a list starts where the caller says", async () => {
    const { list, requested } = listOf(OFFSET, byOffset(10, 3), { skip: "4" });
    expect(await collect(list)).toEqual(ids(4, 10));
    expect(requested.map(({ skip }) => skip)).toEqual(["4", 7]);
  });
});

describe("the end of a list", () => {
  it.each<[string, PaginationRow, (end: number) => object, number]>([
    ["a total", OFFSET, () => ({ total: 4 }), 2],
    ["a total as text", OFFSET, () => ({ total: "4" }), 2],
    ["hasMore", { ...OFFSET, m: "meta.more" }, (end) => ({ meta: { more: end < 4 }, total: 99 }), 2],
    ["a next value that is null", { ...OFFSET, m: "next" }, (end) => ({ next: end < 4 ? "/x" : null }), 2],
    ["an empty page, where nothing else is said", OFFSET, () => ({}), 3],
    ["an empty page, where hasMore is absent", { ...OFFSET, m: "more" }, () => ({}), 3],
  ])("the end of a list is known by %s", async (_, row, extra, requests) => {
    const { list, requested } = listOf(row, byOffset(4, 2, extra));
    expect(await collect(list)).toEqual(ids(0, 4));
    expect(requested).toHaveLength(requests);
  });

  it("the end of a list is not a short page: the server may cap or filter", async () => {
    const pages = [ids(0, 3), ids(3, 4), ids(4, 7), []];
    const { list } = listOf({ s: "page", i: "", f: "page" }, (params) => pages[Number(params.page ?? 1) - 1], {
      limit: 100,
    });
    expect(await collect(list)).toEqual(ids(0, 7));
  });

  it.each([undefined, null])("the end of a list is a list that is %s", async (items) => {
    const { list } = listOf(OFFSET, () => ({ items }));
    expect(await collect(list)).toEqual([]);
  });
});

describe("strategies", () => {
  it("the page strategy counts from the first page, as text where the document says so", async () => {
    const row: PaginationRow = { s: "page", i: "items", f: "page", t: "total", o: 0, n: "s" };
    const { list, requested } = listOf(row, ({ page }) => ({
      items: ids(Number(page ?? 0) * 2, Number(page ?? 0) * 2 + 2),
      total: 6,
    }));
    expect(await collect(list)).toHaveLength(6);
    expect(requested).toEqual([{}, { page: "1" }, { page: "2" }]);
  });

  it("the page strategy trusts no total where the caller starts in the middle", async () => {
    const serve = ({ page }: Params) => ({
      items: ids((Number(page) - 1) * 2, Math.min(6, Number(page) * 2)),
      total: 6,
    });
    const row: PaginationRow = { s: "page", i: "items", f: "page", t: "total" };
    const blind = listOf(row, serve, { page: 2 });
    expect(await collect(blind.list)).toEqual(ids(2, 6));
    expect(blind.requested).toHaveLength(3);
  });

  it("the cursor strategy takes values from the answer and from its last item, into the body", async () => {
    const row: PaginationRow = {
      s: "cursor",
      i: "items",
      c: { searchAfter: "$last.sort", page: "meta.next" },
      t: "total",
      w: "b",
    };
    const { list, requested } = listOf(
      row,
      ({ body }) => {
        const at = Number((body as Page).page ?? 1);
        return { items: [{ id: at, sort: [at, "x"] }], meta: { next: at + 1 }, total: 3 };
      },
      { body: { query: "q" } },
    );
    expect(await collect(list)).toHaveLength(3);
    expect(requested.map(({ body }) => body)).toEqual([
      { query: "q" },
      { query: "q", searchAfter: [1, "x"], page: 2 },
      { query: "q", searchAfter: [2, "x"], page: 3 },
    ]);
  });

  it("the cursor strategy goes on over an empty page if there is more", async () => {
    const row: PaginationRow = { s: "cursor", i: "items", c: { token: "next" }, m: "next" };
    const pages: Record<string, object> = {
      "": { items: ids(0, 1), next: "a" },
      a: { items: [], next: "b" },
      b: { items: ids(1, 2), next: "" },
    };
    const { list } = listOf(row, ({ token }) => pages[String(token ?? "")]);
    expect(await collect(list)).toEqual(ids(0, 2));
  });
});

describe("a server that does not go on", () => {
  it.each<[string, PaginationRow, unknown]>([
    ["ignores the offset", { s: "offset", i: "items", f: "skip" }, { items: ids(0, 2) }],
    ["ignores the page", { s: "page", i: "items", f: "page", t: "total" }, { items: ids(0, 2), total: 9 }],
    ["repeats its cursor", { s: "cursor", i: "items", c: { after: "next" } }, { items: ids(0, 2), next: "x" }],
    ["repeats its last item", { s: "cursor", i: "items", c: { after: "$last.id" } }, { items: ids(0, 2) }],
    [
      "says more and sends no cursor",
      { s: "cursor", i: "items", c: { after: "next" }, m: "more" },
      { items: [1], more: true },
    ],
    ["sends a list that is none", OFFSET, { items: { a: 1 } }],
  ])("a server that does not go on and %s is an error, not an endless loop", async (_, row, answer) => {
    const { list, requested } = listOf(row, () => answer);
    const error = await rejection(collect(list));
    expect(error).toBeInstanceOf(PaginationError);
    expect(error).toMatchObject({ code: "ERR_GHL_PAGINATION", operation: "pets.list" });
    expect(requested.length).toBeLessThanOrEqual(2);
  });

  it("a server that goes round in a circle of cursors is an error, not an endless loop", async () => {
    const row: PaginationRow = { s: "cursor", i: "items", c: { after: "next" } };
    const next: Record<string, string> = { "": "a", a: "b", b: "c", c: "a" };
    const { list, requested } = listOf(row, ({ after }) => ({ items: [after], next: next[String(after ?? "")] }));
    expect(await rejection(collect(list))).toBeInstanceOf(PaginationError);
    expect(requested).toHaveLength(4);
  });
});

it("a list loses and repeats no item, whatever the strategy, the sizes and the contents of the answers", async () => {
  const shape = fc.record({
    strategy: fc.constantFrom("offset", "page", "cursor" as const),
    pages: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 8 }),
    cap: fc.integer({ min: 1, max: 7 }),
    tellsTotal: fc.boolean(),
    tellsMore: fc.boolean(),
    inBody: fc.boolean(),
    strings: fc.boolean(),
    first: fc.constantFrom(undefined, 0, 1),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ strategy, pages, cap, tellsTotal, tellsMore, inBody, strings, first }) => {
      // with `page` the server may return fewer than requested; with the others any number
      const starts = [0];
      for (const size of pages) starts.push(starts.at(-1)! + size);
      const total = starts.at(-1)!;
      const origin = first ?? 1;
      const answerAt = (from: number, to: number, next: unknown) => ({
        data: { items: ids(from, to) },
        ...(tellsTotal && { total }),
        ...(tellsMore && { more: to < total }),
        ...(strategy === "cursor" && to < total && { next }),
      });
      const row: PaginationRow = {
        s: strategy,
        i: "data.items",
        ...(strategy === "cursor" ? { c: { after: "next" } } : { f: "at" }),
        ...(first !== undefined && { o: first }),
        ...(tellsTotal && { t: "total" }),
        ...(tellsMore && { m: "more" }),
        ...(inBody && { w: "b" as const }),
        ...(strings && { n: "s" as const }),
      };
      const { list, requested } = listOf(
        row,
        (params) => {
          const fields = (inBody ? params.body : params) as Page;
          if (strategy === "offset") {
            const from = Number(fields.at ?? 0);
            return answerAt(from, Math.min(total, from + cap), undefined);
          }
          const index = strategy === "page" ? Number(fields.at ?? origin) - origin : Number(fields.after ?? 0);
          return answerAt(starts[index] ?? total, starts[index + 1] ?? total, index + 1);
        },
        inBody ? { body: { limit: 7 } } : { limit: 7 },
      );
      expect(await collect(list)).toEqual(ids(0, total));
      const needed = strategy === "offset" ? Math.ceil(total / cap) : pages.length;
      expect(requested.length).toBeLessThanOrEqual(needed + 1);
      if (tellsMore || (tellsTotal && total > 0)) expect(requested.length).toBe(Math.max(1, needed));
    }),
    { numRuns: 1000 },
  );
});
