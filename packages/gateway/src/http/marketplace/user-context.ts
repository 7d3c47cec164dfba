import type { Resource } from "@ghl-edge/core";
import { decryptUserContext, type UserContext, UserContextError } from "@ghl-edge/marketplace/user-context";
import type { Context } from "hono";
import * as v from "valibot";
import { mayUseResource } from "../../domain/access/caller.ts";
import { checkInput } from "../../domain/input-problem.ts";
import { GatewayError } from "../../platform/errors.ts";
import { invalid } from "../../services/administration/shared.ts";
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

/** A payload that is missing is refused as one that cannot be decrypted: the answer does not say which it was. */
const userContextBody = v.strictObject({ payload: v.optional(v.unknown()) });

/** Returns the resource that the page is shown for: a user of a company may be inside one of its locations. */
function resourceOf({ activeLocation, companyId }: UserContext): Resource {
  return activeLocation === undefined ? { kind: "company", id: companyId } : { kind: "location", id: activeLocation };
}

/** `POST /marketplace/user-context/:app`: returns the user of a custom page, so that the back end need not know the shared secret. */
export async function userContext(c: Context<GatewayHono>): Promise<Response> {
  const { part } = configured(c, "userContext");
  const checked = checkInput(userContextBody, (await readJson(c)).value);
  if ("problem" in checked) throw invalid(checked.problem.message);
  const context = await decrypt(checked.value.payload, part.sharedSecrets);
  // The id stays out of the message, because the key has no right to see it.
  if (!mayUseResource(c.get("apiKey"), resourceOf(context)))
    throw new GatewayError({
      kind: "api_key_scope",
      problem: "It is not for the location or company of this context.",
    });
  return c.json(context, 200, { "cache-control": "no-store" });
}
