import { matchRoute } from "@ghl-edge/client/routes";
import { bearerOf } from "../api/bearer.ts";
import type { EmulatorState } from "../core/state.ts";
import { readOAuthBody } from "../oauth/body.ts";
import type { RequestProperties } from "./fault.ts";

async function grantProperties(state: EmulatorState, request: Request): Promise<Partial<RequestProperties>> {
  const body = await readOAuthBody(request.clone());
  const grantType = body.get("grant_type");
  const grant = state.refreshTokens.get(body.get("refresh_token") ?? "") ?? state.codes.get(body.get("code") ?? "");
  return {
    ...(grantType === undefined ? {} : { grantType }),
    ...(grant === undefined ? {} : { resourceId: grant.installation.resource.id }),
  };
}

/** Reads the properties of a request that are known before it is executed. */
export async function readRequestProperties(state: EmulatorState, request: Request): Promise<RequestProperties> {
  const { method, url, headers } = request;
  const path = new URL(url).pathname;
  if (path === "/oauth/token" && method === "POST") return { method, path, ...(await grantProperties(state, request)) };
  const route = matchRoute(method, path, headers.get("version") === "v3" ? "v3" : "v2") ?? matchRoute(method, path);
  const token = state.accessTokens.get(bearerOf(headers) ?? "");
  return {
    method,
    path,
    ...(route === undefined ? {} : { operation: `${route.api}.${route.module}.${route.name}` }),
    ...(token === undefined ? {} : { resourceId: token.resource.id }),
  };
}
