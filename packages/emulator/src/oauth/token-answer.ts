import type { EmulatorContext } from "../core/context.ts";
import type { Installation } from "../core/state.ts";
import { issueAccessToken } from "./access-token.ts";

/** A 200 of `POST /oauth/token`, snake_case as the live page shows it. Times in seconds. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly scope: string;
  readonly userType: "Company" | "Location";
  readonly companyId: string;
  readonly locationId?: string;
  readonly userId: string;
  readonly approvedLocations?: readonly string[];
  readonly installToFutureLocations?: boolean;
  readonly isBulkInstallation: boolean;
  readonly traceId: string;
}

export function tokenAnswer(context: EmulatorContext, installation: Installation, refreshToken: string): TokenAnswer {
  const { resource } = installation;
  return {
    access_token: issueAccessToken(context, installation),
    token_type: "Bearer",
    expires_in: Math.floor(context.options.accessTokenLifetimeMs / 1000),
    refresh_token: refreshToken,
    scope: installation.scopes.join(" "),
    userType: resource.kind === "company" ? "Company" : "Location",
    companyId: installation.companyId,
    ...(resource.kind === "location" ? { locationId: resource.id } : {}),
    userId: installation.userId,
    ...(installation.bulk
      ? {
          approvedLocations: installation.approvedLocations ?? [],
          installToFutureLocations: installation.future ?? false,
        }
      : {}),
    isBulkInstallation: installation.bulk,
    traceId: context.random.uuid(),
  };
}
