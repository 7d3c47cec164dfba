import { ConfigurationError } from "../errors.ts";
import type { UserType } from "./token-set.ts";

/** HighLevel's one API host. */
export const API_BASE_URL = "https://services.leadconnectorhq.com";

/** An app of HighLevel's marketplace, as its settings page shows it. */
export interface AppCredentials {
  /** `<app id>-<8 characters>` */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Must equal a registered one to the letter. */
  readonly redirectUri?: string | undefined;
  /** Asked for in exchanges; the answer's `userType` decides. Default: left out. */
  readonly userType?: UserType | undefined;
}

/** Checks credentials once, when something is made with them. */
export function checkCredentials(app: AppCredentials): void {
  for (const name of ["clientId", "clientSecret"] as const)
    if (typeof app[name] !== "string" || app[name] === "") throw new ConfigurationError(`${name} is missing`);
  if (app.redirectUri !== undefined && !URL.canParse(app.redirectUri))
    throw new ConfigurationError("redirectUri is no URL");
}

/** The address secrets are sent to: https, or plain http on this machine only; without query or fragment. */
export function checkBaseUrl(baseUrl: string): URL {
  if (!URL.canParse(baseUrl)) throw new ConfigurationError("baseUrl is no URL");
  const url = new URL(baseUrl);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local))
    throw new ConfigurationError("baseUrl is not https");
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    throw new ConfigurationError("baseUrl has more than a host and a path");
  return url;
}
