import { appIdOf } from "@ghl-edge/core";

/**
 * Returns the id of the only version that an emulated app has. HighLevel gives each version of an app an id of its own, which
 * is never that of the app: this one is the app's with another last digit.
 */
export function versionIdOf(clientId: string): string {
  const appId = appIdOf(clientId);
  return `${appId.slice(0, -1)}${appId.endsWith("1") ? "2" : "1"}`;
}
