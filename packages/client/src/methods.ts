import { readAnswer } from "./answer.ts";
import { encodeBody } from "./body.ts";
import type { CallOptions } from "./call-options.ts";
import type { Core } from "./client-options.ts";
import { ParameterError } from "./errors.ts";
import { exchange } from "./exchange.ts";
import { lazyList } from "./lazy-list.ts";
import type { OperationTable } from "./operation-table.ts";
import type { Resource } from "./resource.ts";
import { resolveTenant } from "./tenant.ts";
import { type Params, urlOf } from "./url.ts";

/** A method as it is at run time; its types are the generated module's. */
type Method = (params?: Params, options?: CallOptions) => unknown;

/** Makes one method per row of the table. */
export function methodsOf(core: Core, bound: Resource | undefined, table: OperationTable): Record<string, Method> {
  const methods: Record<string, Method> = {};
  for (const name in table.operations) {
    const row = table.operations[name]!;
    const context = { operation: `${table.module}.${name}`, method: row.m ?? "GET", path: row.p };
    const tokenKinds = row.k ?? table.tokens;
    const version = row.v ?? table.version;

    const call = async (params: Params = {}, options: CallOptions = {}): Promise<unknown> => {
      const tenant = resolveTenant(row, tokenKinds, params, bound, context);
      let url: string;
      let body: ReturnType<typeof encodeBody>;
      try {
        url = urlOf(row.p, { ...params, ...tenant.params }, row.x, context);
        body = encodeBody(row.b, params.body, tenant.body);
      } catch (cause) {
        throw cause instanceof ParameterError ? cause : new ParameterError("a value cannot be sent", context, cause);
      }
      const wire = {
        context,
        url,
        headers: {
          accept: row.r ? "*/*" : "application/json",
          version: version || undefined,
          "content-type": body?.[0],
        },
        body: body?.[1],
        tokenKinds,
        resource: tenant.resource,
        options,
      };
      return exchange(core, wire, (response, token) => readAnswer(response, row.r, token, context, core.now));
    };
    methods[name] = row.g
      ? (params = {}, options) => lazyList(row.g!, context, params, (page) => call(page, options))
      : call;
  }
  return methods;
}
