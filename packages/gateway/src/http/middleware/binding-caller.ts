import { describeValue } from "@ghl-edge/core";
import type { MiddlewareHandler } from "hono";
import { readBindingProps } from "../../domain/access/binding-props.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";

/**
 * Identifies a caller by the `props` of its service binding instead of a key. They are set in the
 * Cloudflare account, which no request can do. A key in the request is ignored.
 */
export const bindingCaller: MiddlewareHandler<GatewayHono> = async (c, next) => {
  const { caller, problem } = readBindingProps(c.executionCtx.props);
  if (problem !== undefined) throw new GatewayError({ kind: "binding_props", problem });
  if (caller === undefined || !c.get("config").apps.has(caller.app)) {
    const expected = `props.app must be the name of an app in APPS, got ${describeValue(caller?.app)}`;
    throw new GatewayError({ kind: "binding_props", problem: expected });
  }
  c.set("apiKey", caller);
  await next();
};
