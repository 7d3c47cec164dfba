import type { Resource } from "@ghl-edge/core";
import type { CallOptions } from "../call-options.ts";
import type { ClientSettings } from "../client-options.ts";
import { orMakeError } from "../errors/errors.ts";
import { type ListOperation, lazyList } from "../lists/lazy-list.ts";
import type { BodyContent, FormEncoder, OperationRow, OperationTable } from "../operation-table.ts";
import { resolveTenant, type TenantOperation } from "../tenant/tenant.ts";
import { answerReader } from "./answer.ts";
import { encodeJson } from "./body.ts";
import { exchange } from "./exchange.ts";
import { type Params, urlOf } from "./url.ts";

/** HighLevel's host. A token must never reach the host of another API, so that a module of another API never uses it. */
export const HOST = "https://services.leadconnectorhq.com";

/** A method at run time. The generated module has its types. */
export type Method = (params?: Params, options?: CallOptions) => unknown;

/** Makes one method per row of a table. */
export type MethodsOf = (
  core: ClientSettings,
  bound: Resource | undefined,
  table: OperationTable,
) => Record<string, Method>;

/** The methods of a module of HighLevel. */
export const methodsOf: MethodsOf = (core, bound, table) => {
  const methods: Record<string, Method> = {};
  for (const name in table.operations) {
    const row = table.operations[name] as OperationRow;
    const { m: method = "GET", p: path, b: bodyKind, r: answerKind } = row;
    const context = { operation: `${table.module}.${name}`, method, path, scopes: row.s };
    const operation = { k: table.tokens, ...row, context } as ListOperation & TenantOperation;
    const read = answerReader(answerKind, { context, now: core.now });

    const call = async (given: Params = {}, options: CallOptions = {}): Promise<unknown> => {
      const { params, inBody, resource } = resolveTenant(given, bound, operation);
      let url: string;
      let body: BodyContent | undefined;
      try {
        url = urlOf(params, context, row.x);
        if (bodyKind && (params.body !== undefined || inBody)) {
          const encode = bodyKind === "j" ? encodeJson : (table.encodeForm as FormEncoder)(bodyKind);
          body = encode(params.body, inBody, context);
        }
      } catch (cause) {
        throw orMakeError("PARAMETER", `a parameter must be writable, got one that throws ${(cause as Error).name}`, {
          ...context,
          cause,
        });
      }
      return exchange(
        core,
        {
          context,
          url,
          server: table.api ? HOST : table.server,
          headers: {
            accept: answerKind === "b" ? "*/*" : "application/json",
            version: (row.v ?? table.version) || undefined,
            "content-type": typeof body === "string" ? "application/json" : undefined,
          },
          body,
          acceptedTokenTypes: operation.k,
          resource,
          options,
        },
        read,
      );
    };
    methods[name] = row.g ? (params = {}, options) => lazyList(operation, params, (page) => call(page, options)) : call;
  }
  return methods;
};
