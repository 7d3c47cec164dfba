import { nameFromPath, pascalCase } from "./method-name.ts";
import type { Module, Operation } from "./model.ts";

/** Names that a generated file imports, declares or takes from the language and the platform. */
const RESERVED = new Set(
  (
    "Array ArrayBuffer ArrayBufferView Blob CallOptions CompanyBound EventStream FormData Headers LocationBound Omit " +
    "OperationTable Paginated Partial Pick Promise Readonly ReadonlyArray Record Tenancy TenantArguments Unbound Uint8Array WithRequired"
  ).split(" "),
);

/** Objects of the language and of fetch: code that imports a type of such a name could no longer use them. */
const BUILT_IN = (
  "AsyncIterable AsyncIterator BigInt Boolean Date Error File Function Infinity Iterable Iterator JSON Map Math NaN Number Object Proxy " +
  "Reflect RegExp Request Response Set String Symbol URL WeakMap WeakSet"
).split(" ");

/** Returns the names that no type of a file may have, because the file or code that imports from it already uses them. */
export function reservedTypeNames({ typeName, operations }: Pick<Module, "typeName" | "operations">): string[] {
  const own = [typeName, `${typeName}Module`, ...operations.map(({ name }) => `${pascalCase(name)}Params`)];
  return [...RESERVED, ...BUILT_IN, ...own];
}

/** Name of the interface of a module: `Api` is added while another type of the file has the name. */
export function freeTypeName(module: string, operations: readonly Operation[]): string {
  const taken = new Set([...RESERVED, ...operations.map(({ name }) => `${pascalCase(name)}Params`)]);
  let name = pascalCase(module);
  while (taken.has(name) || taken.has(`${name}Module`)) name += "Api";
  return name;
}

/**
 * Other people's documents name operations alike: the same operationId twice, or two that differ only in what no name of
 * a method shows (`get-pet`, `get_pet`). All of such are named by method and path, which differ always, so that no name
 * depends on the order of the document.
 */
export function distinctOperations(operations: readonly Operation[]): Operation[] {
  const count = (names: readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  // `getPet` and `GetPet` have one type of parameters
  const names = count(operations.map(({ name }) => pascalCase(name)));
  const ids = count(operations.map(({ id }) => id));
  return operations.map((operation) => {
    const { method, path } = operation;
    const shared = (names.get(pascalCase(operation.name)) ?? 0) > 1;
    const name = shared ? nameFromPath(method, path) : operation.name;
    return { ...operation, name, id: (ids.get(operation.id) ?? 0) > 1 ? `${method} ${path}` : operation.id };
  });
}
