import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../../src/input/evidence/load.ts";
import { operationKey } from "../../../src/input/evidence/operations.ts";
import type { Shape } from "../../../src/input/evidence/shape/shape.ts";
import type { Json } from "../../../src/json/json.ts";
import { workspaceModules } from "../../../src/output/generate/workspace.ts";
import type { Module, Operation } from "../../../src/output/ir/model.ts";
import { OPENAPI, REPOSITORY } from "../../support/repository.ts";

/** The client's reader of lists and its rows, by path: the packages do not depend on each other. */
const CLIENT = join(REPOSITORY, "packages/client/src");
type Params = Record<string, unknown>;
interface LazyList {
  lazyList(
    operation: { g: Params; context: Params },
    params: Params,
    load: (params: Params) => Promise<Json>,
  ): { items(): AsyncIterable<Json> };
}
type Table = { operations: Record<string, { g?: Params }> };

interface Listed {
  readonly title: string;
  readonly module: Module;
  readonly operation: Operation;
  readonly shape: Shape;
}

const evidence = readEvidence(`${OPENAPI}/evidence`, "openapi/evidence");

/** Every paged operation with every answer that was seen of it. */
const LISTED: Listed[] = workspaceModules(REPOSITORY, "openapi").flatMap((module) => {
  const observations = evidence.find((file) => file.module === module.name)?.observations() ?? [];
  return module.operations.flatMap((operation) => {
    if (operation.pagination === undefined) return [];
    const key = operationKey(`${operation.method} ${operation.path}`);
    const items = operation.pagination.items;
    return observations
      .filter((one) => operationKey(one.operation) === key)
      .flatMap(({ answers, sureness }) => {
        // what one source claims and the documents contradict is listed in claims.txt, and holds for no type
        if (answers === undefined || (sureness === "claimed" && !isList(answers.shape, items))) return [];
        return [{ title: `${key} of ${module.api} (${sureness})`, module, operation, shape: answers.shape }];
      });
  });
});

const COUNT = 1_000;

/** A value of the shape: lists hold one item, counts are high, and where several kinds were seen it is none of null. */
function valueLike(shape: Shape, name = ""): Json {
  if (shape.members.size > 0) {
    return Object.fromEntries([...shape.members].map(([key, member]) => [key, valueLike(member, key)]));
  }
  if (shape.items !== undefined) return [valueLike(shape.items)];
  const kind = [...shape.kinds.keys()].find((one) => one !== "null") ?? "null";
  return { object: {}, array: [], string: `${name} seen`, number: COUNT, boolean: true, null: null }[kind];
}

function isList(shape: Shape, path: string): boolean {
  const list = listOf(shape, path);
  return list?.items !== undefined || list?.kinds.has("array") === true;
}

/** Returns the shape of the list. */
function listOf(shape: Shape, path: string): Shape | undefined {
  let position: Shape | undefined = shape;
  for (const step of path === "" ? [] : path.split(".")) position = position?.members.get(step);
  return position;
}

describe("a list", async () => {
  const { lazyList } = (await import(join(CLIENT, "lists/lazy-list.ts"))) as LazyList;

  test("a list is known for these operations", () => {
    expect(new Set(LISTED.map(({ operation }) => operation.path)).size).toBeGreaterThanOrEqual(13);
  });

  test.each(LISTED)(
    "a list is read from the observed answer of $title, and its next page is requested",
    async ({ module, operation, shape }) => {
      const table = (await import(join(CLIENT, `generated/${module.api}/${module.name}.gen.ts`))) as Record<
        string,
        Table
      >;
      const row = table[module.typeName]?.operations[operation.name]?.g;
      expect(row).toBeDefined();
      const items = operation.pagination?.items ?? "";
      expect(isList(shape, items), `${items} is a list`).toBe(true);
      const isEmpty = listOf(shape, items)?.items === undefined;
      const requests: Params[] = [];
      const read: Json[] = [];
      const load = async (params: Params): Promise<Json> => {
        requests.push(params);
        return requests.length === 1 ? valueLike(shape) : {};
      };
      for await (const item of lazyList({ g: row ?? {}, context: {} }, { body: {} }, load).items()) read.push(item);
      expect(read).toHaveLength(isEmpty ? 0 : 1);
      // some sources saw the records only, and nothing of the answer around them
      if (isEmpty || !shape.kinds.has("object")) return;
      expect(requests).toHaveLength(2);
      for (const field of Object.keys(operation.pagination?.cursor ?? {})) {
        const next = operation.pagination?.inBody === true ? (requests[1]?.body as Params) : requests[1];
        expect(next?.[field], field).toBeTruthy();
      }
    },
  );
});
