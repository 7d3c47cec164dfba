import type { MiddlewareHandler } from "hono";
import type { GatewayHono } from "../context.ts";
import { findApiKey, presentedKey } from "../domain/api-key.ts";
import { GatewayError } from "../errors.ts";

/** Lets a request pass that carries one of the gateway's keys. */
export const requireApiKey: MiddlewareHandler<GatewayHono> = async (c, next) => {
  const presented = presentedKey(c.req.raw.headers);
  if (presented === undefined) throw new GatewayError({ kind: "api_key_missing" });
  const key = await findApiKey(c.var.config.apiKeys, presented);
  if (key === undefined) throw new GatewayError({ kind: "api_key_unknown" });
  c.set("apiKey", key);
  c.var.log.keyName = key.name;
  c.var.log.app = key.app;
  await next();
};
