import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkTypes, type TypeBreak } from "../../src/compare/types/check.ts";
import { CLIENT_TYPES, WEB_TYPES } from "../../src/compare/types/client-types.ts";
import { compile, VIRTUAL } from "../../src/compare/types/compile.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { diffOf } from "../support/diff.ts";
import { REPOSITORY } from "../support/repository.ts";
import { baseDocument } from "./corpus/base.ts";

async function breaks(...replaced: [from: string, to: string][]): Promise<TypeBreak[]> {
  const text = replaced.reduce((all, [from, to]) => {
    expect(all).toContain(from);
    return all.replace(from, to);
  }, JSON.stringify(baseDocument()));
  return checkTypes((await diffOf(baseDocument(), JSON.parse(text) as JsonObject)).pairs);
}

const short = (list: readonly TypeBreak[]): string[] => list.map(({ kind, what }) => `${kind} ${what}`);

test("a diff finds nothing in the same documents, nor when words alone differ", async () => {
  expect(await breaks()).toEqual([]);
  expect(await breaks(["Updates an order.", "Changes an order."])).toEqual([]);
});

test.each<[string, [string, string], string[]]>([
  ["a new optional field", ['"count":{', '"more":{"type":"string"},"count":{'], []],
  [
    "a renamed method",
    ['"update-order"', '"save-order"'],
    ["type-name UpdateOrderBody", "method api.updateOrder", 'type-name operations["update-order"]'],
  ],
  ["a value that is no longer taken", ['["asc","desc"]', '["asc"]'], ["arguments api.updateOrder"]],
  ["a value that may come now", ['["open","done"]', '["open","done","lost"]'], ["answer api.updateOrder"]],
  [
    "a parameter that is gone",
    ['{"name":"tags","in":"query"', '{"name":"labels","in":"query"'],
    ["argument-field tags"],
  ],
  ["an optional field that is gone", ['"note":{"type":"string"},"due"', '"due"'], ["answer-field Order.note"]],
  ["a schema of another name", ['"#/components/schemas/Order"', '"#/components/schemas/Money"'], []],
])("a change breaks exactly the types of its positions: %s", async (_, replaced, expected) => {
  const found = short(await breaks(replaced));
  if (expected.length > 0 || replaced[1].includes("more")) expect(found).toEqual(expected);
  else expect(found).toContain('type-name components["schemas"]["Order"]');
});

test("a field of an answer that is gone names the method whose callers read it", async () => {
  const [found] = await breaks(['"note":{"type":"string"},"due"', '"due"']);
  expect(found).toEqual({
    document: "api",
    kind: "answer-field",
    what: "Order.note",
    message: "the field can no longer be read",
    calls: ["api.updateOrder"],
  });
});

test("the types that stand for the client are those of the client", () => {
  const source = join(REPOSITORY, "packages/client/src");
  const read = (file: string): string => readFileSync(join(source, file), "utf8");
  const files = new Map([
    [`${VIRTUAL}/stub.ts`, CLIENT_TYPES],
    [`${VIRTUAL}/web.d.ts`, WEB_TYPES],
    [`${VIRTUAL}/tenancy.ts`, read("tenant/tenancy.ts")],
    [`${VIRTUAL}/paginated.ts`, read("lists/paginated.ts")],
    [
      `${VIRTUAL}/same.ts`,
      `import type * as Stub from "./stub.ts";
import type * as Tenancy from "./tenancy.ts";
import type { Paginated } from "./paginated.ts";
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const all: [true, true, true, true] = [
  true as Same<Stub.Unbound["alt"], Tenancy.Unbound["alt"]>,
  true as Same<Stub.LocationBound["location"], Tenancy.LocationBound["location"]>,
  true as Same<Stub.CompanyBound["company"], Tenancy.CompanyBound["company"]>,
  true as Same<keyof Stub.Tenancy, keyof Tenancy.Tenancy>,
];
declare const real: Paginated<string, number>;
export const paged: Stub.Paginated<string, number> = real;
`,
    ],
  ]);
  expect(compile(files, [`${VIRTUAL}/same.ts`])).toEqual([]);
  const wrong = new Map(files).set(
    `${VIRTUAL}/same.ts`,
    'import type { Unbound } from "./stub.ts";\nexport const x: Unbound["alt"] = 1;\n',
  );
  expect(compile(wrong, [`${VIRTUAL}/same.ts`])).toMatchObject([{ line: 1 }]);
});
