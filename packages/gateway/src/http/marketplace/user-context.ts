import { decryptUserContext, type UserContext, UserContextError } from "@ghl-edge/marketplace/user-context";
import type { Context } from "hono";
import { mayUseResource } from "../../domain/caller.ts";
import type { Resource } from "../../domain/resource.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";
import { configured } from "./part.ts";

async function decrypt(payload: unknown, sharedSecrets: readonly string[]): Promise<UserContext> {
  try {
    return await decryptUserContext(payload, { sharedSecret: sharedSecrets });
  } catch (error) {
    throw error instanceof UserContextError ? new GatewayError({ kind: "user_context_refused" }) : error;
  }
}

/** Where the page is shown: an agency's user may be inside of one of its locations. */
function resourceOf({ activeLocation, companyId }: UserContext): Resource {
  return activeLocation === undefined ? { kind: "company", id: companyId } : { kind: "location", id: activeLocation };
}

/** `POST /marketplace/user-context/:app`: who looks at a custom page, for a back end that need not know the shared secret. */
export async function userContext(c: Context<GatewayHono>): Promise<Response> {
  const { part } = configured(c, "userContext");
  const { value } = await readJson(c);
  const context = await decrypt(value.payload, part.sharedSecrets);
  // Of which one is not told: the key is not for it.
  if (!mayUseResource(c.get("apiKey"), resourceOf(context)))
    throw new GatewayError({
      kind: "api_key_scope",
      problem: "It is not for the location or company of this context.",
    });
  return c.json(context, 200, { "cache-control": "no-store" });
}
