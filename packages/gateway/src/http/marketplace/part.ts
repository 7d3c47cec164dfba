import type { MarketplaceError } from "@ghl-edge/marketplace";
import type { Context } from "hono";
import { CallbackError } from "../../domain/marketplace/backend-callback.ts";
import type { AppConfig } from "../../platform/config.ts";
import type { MarketplaceConfig } from "../../platform/config-marketplace.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";

/** Returns the app in the path and the configuration of one part. */
export function configured<Name extends keyof MarketplaceConfig>(
  c: Context<GatewayHono>,
  name: Name,
): { readonly app: AppConfig; readonly part: NonNullable<MarketplaceConfig[Name]> } {
  const app = c.get("config").apps.get(c.req.param("app") ?? "");
  if (app === undefined) throw new GatewayError({ kind: "app_unknown" });
  c.get("log").app = app.name;
  const part = app.marketplace[name];
  if (part === undefined) throw new GatewayError({ kind: "marketplace_off", part: name });
  return { app, part };
}

/** Logs the code of a handler's error, and the code of the failed callback behind it. */
export const noteError =
  (c: Context<GatewayHono>) =>
  ({ code, cause }: MarketplaceError): void => {
    c.get("log").code = code;
    if (cause instanceof CallbackError) c.get("log").outcome = cause.code;
  };
