import { readAnswer } from "./answer.ts";
import { encodeJson } from "./body.ts";
import type { CallOptions } from "./call-options.ts";
import type { Core } from "./client-options.ts";
import { orMakeError } from "./errors.ts";
import { exchange } from "./exchange.ts";
import { lazyList } from "./lazy-list.ts";
import type { BodyContent, OperationTable } from "./operation-table.ts";
import type { Resource } from "./resource.ts";
import { resolveTenant } from "./tenant.ts";
import { type Params, urlOf } from "./url.ts";

/** HighLevel's. The token of one API must never reach the host of another: a module without generation never goes here. */
export const HOST = "https://services.leadconnectorhq.com";

/** A method as it is at run time; its types are the generated module's. */
type Method = (params?: Params, options?: CallOptions) => unknown;

/** Makes one method per row of a table. */
export type MethodsOf = (core: Core, bound: Resource | undefined, table: OperationTable) => Record<string, Method>;

/** The methods of a module of HighLevel. */
export const methodsOf: MethodsOf = (core, bound, table) => {
  const methods: Record<string, Method> = {};
  for (const name in table.operations) {
    const {
      m: method = "GET",
      p: path,
      k: acceptedTokenTypes = table.tokens,
      s: scopes,
      v,
      t,
      b,
      r,
      x,
      g,
    } = table.operations[name]!;
    const context = { operation: `${table.module}.${name}`, method, path, scopes };
    const encode = b === "j" ? encodeJson : table.encodeForm!;

    const call = async (given: Params = {}, options: CallOptions = {}): Promise<unknown> => {
      const { params, inBody, resource } = resolveTenant(t, acceptedTokenTypes, given, bound, context);
      let url: string;
      let body: BodyContent | undefined;
      try {
        url = urlOf(path, params, x, context);
        if (b && (params.body !== undefined || inBody)) body = encode(params.body, inBody, context, b);
      } catch (cause) {
        throw orMakeError(cause, "PARAMETER", "a value cannot be sent", context);
      }
      return exchange(
        core,
        {
          context,
          url,
          server: table.api ? HOST : table.server,
          headers: {
            accept: r === "b" ? "*/*" : "application/json",
            version: (v ?? table.version) || undefined,
            "content-type": typeof body === "string" ? "application/json" : undefined,
          },
          body,
          acceptedTokenTypes,
          resource,
          options,
        },
        (response, token, text) => readAnswer(response, r, token, context, core.now, text),
      );
    };
    methods[name] = g ? (params = {}, options) => lazyList(g, context, params, (page) => call(page, options)) : call;
  }
  return methods;
};
