import type { MiddlewareHandler } from "hono";
import type { Access } from "../../domain/administration-model.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";

/** Holds a caller to its app and to reading, where the path names an app and no resource. */
export const checkAppCaller =
  (needs: Access): MiddlewareHandler<GatewayHono> =>
  async (c, next) => {
    const { name, app, access } = c.get("apiKey");
    Object.assign(c.get("log"), { keyName: name, app });
    if (app !== c.req.param("app"))
      throw new GatewayError({ kind: "api_key_scope", problem: "It belongs to another app." });
    if (needs === "write" && access !== "write")
      throw new GatewayError({ kind: "api_key_scope", problem: "It is read-only." });
    await next();
  };
