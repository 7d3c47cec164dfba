import { env } from "cloudflare:workers";
import { isolate } from "../../../src/worker.ts";
import { installLocation } from "../../support/calls/gateway.ts";
import { APP, COMPANY, LOCATIONS, SCOPES } from "../../support/setup/settings.ts";

export const OURS = LOCATIONS.slice(24, 29);
export const [FIRST] = OURS as [string];

/** Installs the app at a company and at five of its locations. */
export async function installOurs(): Promise<void> {
  // Only the row is written, because a company's installation takes time to notify all its locations.
  const company = { kind: "company", id: COMPANY } as const;
  const change = { actor: "test", requestId: "test", nowMs: Date.now() };
  await isolate
    .readDirectory(env)
    .installations.installed({ app: APP, resource: company, companyId: COMPANY, scopes: SCOPES }, change);
  for (const location of OURS) await installLocation(location);
}
