import type { Module } from "../ir/model.ts";
import { callText } from "./call-text.ts";
import { routeKey, sdkNames } from "./sdk-name.ts";

/** Names, route, scopes and call of one operation, for a developer who wants to call it. */
export interface OperationEntry {
  /** `v2`, `v3`. */
  readonly api: string;
  readonly module: string;
  /** Name of the module's table and interface: `Contacts`. */
  readonly typeName: string;
  /** Name of the method. */
  readonly name: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** `Version` header. */
  readonly version: string;
  /** One letter per token type (`lLcC`), `""` anonymous, `"?"` unknown. */
  readonly tokens: string;
  /** Any of which is enough; empty: none known. */
  readonly scopes: readonly string[];
  readonly deprecated: boolean;
  /** The call with what it requires, on a client that is called `ghl`. */
  readonly call: string;
  /** Name in the official SDK: `contacts.getContact`; undefined where it does not have the operation. */
  readonly sdk?: string;
}

/** The operations of modules, in their order. The official SDK's names need the modules of v2. */
export function operationEntries(modules: readonly Module[]): OperationEntry[] {
  const sdk = sdkNames(modules);
  return modules.flatMap((module) =>
    module.operations.map((operation): OperationEntry => {
      const { id, name, method, path, version, tokens, scopes, deprecated } = operation;
      const official = sdk.get(routeKey(method, path));
      return {
        api: module.api,
        module: module.name,
        typeName: module.typeName,
        name,
        operationId: id,
        method,
        path,
        version,
        tokens,
        scopes,
        deprecated,
        call: callText(module, operation),
        ...(official === undefined ? {} : { sdk: official }),
      };
    }),
  );
}

/** `import { Contacts } from "@ghl-edge/client/v3/contacts";` */
export function importText({ api, module, typeName }: OperationEntry): string {
  return `import { ${typeName} } from "@ghl-edge/client/${api}/${module}";`;
}
