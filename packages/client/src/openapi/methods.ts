import { exchange } from "../call/exchange.ts";
import type { MethodsOf } from "../call/methods.ts";
import type { Params } from "../call/url.ts";
import type { CallOptions } from "../call-options.ts";
import { GhlError, makeError } from "../errors/errors.ts";
import { lazyList } from "../lists/lazy-list.ts";
import { documentedReader } from "./answer.ts";
import { writeBody } from "./body.ts";
import { writeParameters } from "./parameters.ts";
import { Unwritable } from "./value.ts";

/**
 * Makes the methods of a module of another API. It supports every style of parameters, every kind of body and every kind of
 * answer that an OpenAPI document can describe. Generated modules refer to it; application code does not call it.
 *
 * @param core - Options of the client
 * @param resource - Tenant of the handle
 * @param table - Operation table of the module
 * @returns One method per operation
 * @example
 * ```ts
 * import { createClient, type ApiModule } from "@ghl-edge/client";
 * import { openApi } from "@ghl-edge/client/openapi";
 *
 * const Pets = {
 *   module: "pets",
 *   api: "",
 *   version: "",
 *   tokens: "?",
 *   methodsOf: openApi,
 *   operations: { getPet: { p: "/pets/{id}", a: [{ n: "id", i: "p" }] } },
 * } as unknown as ApiModule & { unbound: { getPet(params: { id: string }): Promise<unknown> } };
 * const client = createClient({ auth: null, baseUrl: "https://pets.example.com" });
 * console.log(await client.use(Pets).getPet({ id: "1" }));
 * ```
 */
export const openApi: MethodsOf = (core, resource, table) => {
  const methods: ReturnType<MethodsOf> = {};
  for (const [name, row] of Object.entries(table.operations)) {
    const { m: method = "GET", p: path, k: acceptedTokenTypes = table.tokens, s: scopes, g } = row;
    const context = { operation: `${table.module}.${name}`, method, path, scopes };

    const call = async (params: Params = {}, options: CallOptions = {}): Promise<unknown> => {
      let written: ReturnType<typeof writeParameters>;
      let body: ReturnType<typeof writeBody>;
      try {
        written = writeParameters(row, params, context);
        body = writeBody(row, params.body, { context, headers: options.headers });
      } catch (cause) {
        if (cause instanceof GhlError) throw cause;
        const what =
          cause instanceof Unwritable
            ? `the body ${cause.message}`
            : `a parameter must be writable, got one that throws ${(cause as Error).name}`;
        throw makeError("PARAMETER", what, { ...context, cause });
      }
      return exchange(
        core,
        {
          context,
          url: written.url,
          server: row.h ?? table.server,
          headers: { accept: row.o ?? "application/json", "content-type": body?.type, ...written.headers },
          body: body?.content,
          acceptedTokenTypes,
          resource,
          options,
        },
        documentedReader(row, { core, context, options }),
      );
    };
    methods[name] = g
      ? (params = {}, options) => lazyList({ g, context }, params, (page) => call(page, options))
      : call;
  }
  return methods;
};
