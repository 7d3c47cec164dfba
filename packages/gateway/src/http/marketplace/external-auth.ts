import { createExternalAuthHandler } from "@ghl-edge/marketplace/external-auth";
import type { Context } from "hono";
import * as v from "valibot";
import { checkInput } from "../../domain/input-problem.ts";
import { CallbackError } from "../../domain/marketplace/backend-callback.ts";
import { callBackend } from "../backend-callback.ts";
import type { GatewayHono } from "../context.ts";
import { checkRateLimit } from "../middleware/rate-limit.ts";
import { bufferedRequest } from "../request-body.ts";
import { configured, noteError } from "./part.ts";

/** A few credentials and ids; HighLevel publishes no limit. */
const MAX_BODY_BYTES = 262_144;

/** The back end's answer. It may have other fields, but nothing besides a boolean is taken as a decision. */
const decision = v.object({ allow: v.boolean() });

function allows(answer: unknown): boolean {
  const checked = checkInput(decision, answer);
  if ("problem" in checked) throw new CallbackError("ERR_GHL_GATEWAY_DESTINATION_UNREADABLE");
  return checked.value.allow;
}

function shownHeaders(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : [])));
}

/**
 * Any method `/marketplace/external-auth/:app`: HighLevel asks whether a user may install, and the app's back end decides. No answer
 * is 500 and not 401, because the user's credentials may be right. HighLevel installs upon neither.
 */
export async function externalAuth(c: Context<GatewayHono>): Promise<Response> {
  const { app, part } = configured(c, "externalAuth");
  await checkRateLimit(c, "LIMIT_CALLBACKS", app.name);
  const handle = createExternalAuthHandler({
    verify: async (request, { request: { headers } }) => {
      const data = { ...request, headers: shownHeaders(headers, part.headers) };
      return allows(
        await callBackend(c.get("destinations"), part.callback, { type: "external_auth.verify", app: app.name, data }),
      );
    },
    onError: noteError(c),
  });
  return handle(await bufferedRequest(c.req.raw, { maxBytes: MAX_BODY_BYTES, budget: c.get("isolate").requestBytes }));
}
