import type { MiddlewareHandler } from "hono";
import { readBindingProps } from "../../domain/binding-props.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";

/**
 * In place of a key: who holds a service binding is said by the binding's `props`, which only the account's tenant can
 * set. Whatever key the request carries is no key here.
 */
export const bindingCaller: MiddlewareHandler<GatewayHono> = async (c, next) => {
  const { caller } = readBindingProps(c.executionCtx.props);
  if (caller === undefined || !c.get("config").apps.has(caller.app))
    throw new GatewayError({ kind: "binding_props", needs: "the name of an app" });
  c.set("apiKey", caller);
  await next();
};
