import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ApiModule, OperationRow, OperationTable, Paginated, PaginationRow } from "../../src/index.ts";
import { fakeServer, json } from "../fake-server.ts";

const PAGE_SIZE = 2;
const PAGES = 3;

interface Case {
  readonly title: string;
  readonly module: ApiModule;
  readonly name: string;
  readonly row: OperationRow;
  readonly paging: PaginationRow;
}

/** Every paginated operation of every generated module. */
async function listCases(): Promise<Case[]> {
  const cases: Case[] = [];
  for (const file of globSync("src/generated/v*/*.gen.ts", { exclude: ["**/*.d.ts"] }).sort()) {
    const exported = Object.values(
      (await import(/* @vite-ignore */ `../../${file}`)) as Record<string, OperationTable>,
    );
    for (const [name, row] of Object.entries(exported[0]!.operations)) {
      const { api, module } = exported[0]!;
      if (row.g) {
        cases.push({ title: `${api} ${module}.${name}`, module: exported[0] as ApiModule, name, row, paging: row.g });
      }
    }
  }
  return cases;
}

/** Puts a value at a dot-separated path; a number among the names makes an array. */
function put(into: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split(".");
  let at = into;
  for (const [index, name] of names.slice(0, -1).entries()) {
    at[name] ??= /^\d+$/.test(names[index + 1]!) ? [] : {};
    at = at[name] as Record<string, unknown>;
  }
  at[names.at(-1)!] = value;
}

/** Number of the page that a request asks for, from 0, read as HighLevel would. */
function pageAsked(paging: PaginationRow, fields: Record<string, unknown>): number {
  if (paging.s === "offset") return Number(fields[paging.f!] ?? 0) / PAGE_SIZE;
  if (paging.s === "page") return Number(fields[paging.f!] ?? paging.o ?? 1) - (paging.o ?? 1);
  const [name] = Object.keys(paging.c!);
  return fields[name!] === undefined ? 0 : Number(String(fields[name!]).replace(/^.*-/, ""));
}

function answerOf(paging: PaginationRow, page: number): unknown {
  const items = page >= PAGES ? [] : [0, 1].map((i) => ({ number: page * PAGE_SIZE + i }) as Record<string, unknown>);
  const answer: Record<string, unknown> = {};
  for (const path of Object.values(paging.c ?? {})) {
    const next = `after-${page + 1}`;
    if (!path.startsWith("$last.")) put(answer, path, page < PAGES - 1 ? next : null);
    else for (const item of items) put(item, path.slice("$last.".length), next);
  }
  if (paging.t) put(answer, paging.t, PAGES * PAGE_SIZE);
  if (paging.m) put(answer, paging.m, page < PAGES - 1);
  if (paging.i === "") return items;
  put(answer, paging.i, items);
  return answer;
}

const cases = await listCases();

it("the list cases cover both generations", () => {
  for (const api of ["v2", "v3"]) {
    expect(cases.filter(({ module }) => module.api === api).length).toBeGreaterThanOrEqual(70);
  }
});

describe("a list of three pages", () => {
  it.each(cases)("a list of three pages is read to its end: $title", async ({ module, name, row, paging }) => {
    const requested: Record<string, unknown>[] = [];
    const { client, sent } = fakeServer((call) => {
      const query = Object.fromEntries(new URL(call.url).searchParams);
      const fields = paging.w ? (JSON.parse(call.body as string) as Record<string, unknown>) : query;
      requested.push(fields);
      return json(answerOf(paging, pageAsked(paging, fields)));
    });
    const params: Record<string, unknown> = { keep: "me" };
    for (const [, parameter] of row.p.matchAll(/\{([^}]+)\}/g)) params[parameter!] = "p1";
    const tenants = { locationId: "L", location_id: "L", companyId: "C", altId: "L", altType: "location" };
    const body: Record<string, unknown> = { size: PAGE_SIZE };
    for (const [field, position] of Object.entries(row.t ?? {})) {
      (/b/i.test(position) ? body : params)[field] = tenants[field as keyof typeof tenants];
    }
    if (row.b) params.body = body;
    const methods = client.use(module) as Record<string, (params: object) => Paginated<unknown, { number: number }>>;

    const numbers: number[] = [];
    for await (const item of methods[name]!(params)) numbers.push(item.number);

    expect(numbers).toEqual([0, 1, 2, 3, 4, 5]);
    const toldTheEnd = paging.t || paging.m || Object.values(paging.c ?? {}).some((path) => !path.startsWith("$last."));
    expect(sent).toHaveLength(toldTheEnd ? PAGES : PAGES + 1);
    for (const { path, method } of sent) {
      expect(method).toBe(row.m ?? "GET");
      expect(path).toContain("keep=me");
    }
    for (const fields of requested.slice(1)) {
      if (paging.f) expect(typeof fields[paging.f]).toBe(paging.w && !paging.n ? "number" : "string");
    }
  });
});
