import { createExternalAuthHandler } from "@ghl-edge/marketplace/external-auth";
import type { Context } from "hono";
import { CallbackError } from "../../domain/backend-callback.ts";
import { callBackend } from "../backend-callback.ts";
import type { GatewayHono } from "../context.ts";
import { checkRateLimit } from "../middleware/rate-limit.ts";
import { heldRequest } from "../request-body.ts";
import { configured, noteError } from "./part.ts";

/** A few credentials and ids; HighLevel publishes no limit. */
const MAX_BODY_BYTES = 262_144;

/** `{ "allow": true }` or `{ "allow": false }`; nothing else is understood as either. */
function allows(answer: unknown): boolean {
  const { allow } = Object(answer) as { readonly allow?: unknown };
  if (typeof allow !== "boolean") throw new CallbackError("ERR_GHL_GATEWAY_RECEIVER_UNREADABLE");
  return allow;
}

function shownHeaders(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : [])));
}

/**
 * Any method `/marketplace/external-auth/:app`: HighLevel asks whether a user may install; the developer's receiver says. No answer
 * is 500 and not 401, because the user's credentials may be right; HighLevel installs upon neither.
 */
export async function externalAuth(c: Context<GatewayHono>): Promise<Response> {
  const { app, part } = configured(c, "externalAuth");
  await checkRateLimit(c, "LIMIT_CALLBACKS", app.name);
  const handle = createExternalAuthHandler({
    verify: async (request, { request: { headers } }) => {
      const data = { ...request, headers: shownHeaders(headers, part.headers) };
      return allows(
        await callBackend(c.get("receivers"), part.callback, { type: "external_auth.verify", app: app.name, data }),
      );
    },
    onError: noteError(c),
  });
  return handle(await heldRequest(c.req.raw, MAX_BODY_BYTES));
}
