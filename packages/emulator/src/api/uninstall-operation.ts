import type { Resource } from "@ghl-edge/core";
import { uninstall } from "../control/installations.ts";
import type { EmulatorContext } from "../core/context.ts";
import { locationRefused, type Refusal } from "../core/errors.ts";
import type { AccessToken } from "../core/state.ts";
import { type Fields, text } from "./records/call.ts";

/** `DELETE /marketplace/app/{appId}/installations`: an app takes itself out of a location or company. */
export const UNINSTALL = "uninstall-application";

export function uninstallByApp(context: EmulatorContext, caller: AccessToken, body: Fields): Refusal | undefined {
  const locationId = text(body.locationId);
  const companyId = text(body.companyId);
  let resource: Resource = caller.resource;
  if (locationId !== undefined) resource = { kind: "location", id: locationId };
  else if (companyId !== undefined) resource = { kind: "company", id: companyId };
  const isOwn = resource.kind === caller.resource.kind && resource.id === caller.resource.id;
  if (!isOwn && (caller.resource.kind === "location" || resource.kind === "company")) return locationRefused;
  uninstall(context, resource, caller.clientId);
  return undefined;
}
