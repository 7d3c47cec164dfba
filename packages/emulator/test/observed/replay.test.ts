import { createClient } from "@ghl-edge/client";
import { expect, test } from "vitest";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import { everythingSeen, exampleOf, type Seen, treeOf } from "./evidence.ts";

const seen = everythingSeen().filter(({ answers }) => answers !== undefined);
const LOCATION = DEFAULT_COMPANY.locations[0]!.id;

/** Common type of all methods of the client. */
type Method = (params: Record<string, unknown>) => Promise<unknown> & Partial<AsyncIterable<unknown>>;
type Handle = Record<string, Method>;

interface Table {
  readonly operations: Readonly<Record<string, { readonly g?: { readonly i: string } }>>;
}

async function moduleOf({ api, module }: Seen): Promise<Table> {
  const exported = (await import(/* @vite-ignore */ `@ghl-edge/client/${api}/${module}`)) as Record<string, Table>;
  return Object.values(exported)[0]!;
}

async function methodOf(one: Seen, fetch: (request: Request) => Promise<Response>): Promise<Method> {
  const client = createClient({ auth: "token", fetch, retry: false });
  const handle = client.location(LOCATION).use((await moduleOf(one)) as never) as Handle;
  return (params) => handle[one.name]!.call(handle, params);
}

/** The items of a list's answer, where its row says that they are; undefined for an operation that is no list. */
async function itemsOf(one: Seen, answer: unknown): Promise<unknown> {
  const row = (await moduleOf(one)).operations[one.name]?.g;
  if (row === undefined) return undefined;
  const steps = row.i === "" ? [] : row.i.split(".");
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step] ?? null, answer);
}

/** A path parameter for each name in braces, the tenants, and the body that was seen. */
function paramsOf({ path, requests }: Seen): Record<string, unknown> {
  const params: Record<string, unknown> = { companyId: DEFAULT_COMPANY.id, locationId: LOCATION };
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) if (name !== "locationId") params[name!] = "x1";
  const body = requests === undefined ? {} : (exampleOf(treeOf(requests.paths)) as Record<string, unknown>);
  return { ...params, body };
}

/** The page behind the last: no items, no flag that says there is more. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value === "boolean") return false;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, emptied(member)]));
}

test("there is evidence of both generations and all degrees of sureness", () => {
  expect(seen.length).toBeGreaterThan(150);
  expect(new Set(seen.map(({ api }) => api))).toEqual(new Set(["v2", "v3"]));
  expect(new Set(seen.map(({ sureness }) => sureness))).toEqual(new Set(["recorded", "reported", "claimed"]));
});

/** Lists whose items one author saw as something else than a list. */
const NO_LISTS = ["listTags"];

test.each(seen)("the client takes the answer that was seen: $title", async (one) => {
  const answer = exampleOf(treeOf(one.answers!.paths));
  let calls = 0;
  const fetch = async (): Promise<Response> => Response.json(calls++ === 0 ? answer : emptied(answer));
  const method = await methodOf(one, fetch);
  expect(await method(paramsOf(one))).toEqual(answer);

  const items = await itemsOf(one, answer);
  if (items === undefined || (NO_LISTS.includes(one.name) && one.sureness === "claimed")) return;
  calls = 0;
  const walked: unknown[] = [];
  for await (const item of method(paramsOf(one)) as unknown as AsyncIterable<unknown>) walked.push(item);
  // Items that are not where the row has them would make a list without any.
  expect(walked).toEqual(items);
});
