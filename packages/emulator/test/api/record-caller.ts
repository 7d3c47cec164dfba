import { allRoutes } from "@ghl-edge/client/routes";
import { DEFAULT_COMPANY, type Emulator } from "../../src/index.ts";
import { ask, clockedEmulator, LOCATION } from "../support.ts";

export const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
export const OTHER = DEFAULT_COMPANY.locations[1]!.id;
export const DATED = "2021-07-28";

export type Json = Record<string, unknown>;
export interface CallOptions {
  readonly body?: unknown;
  readonly version?: string;
  readonly token?: string;
}
export type Call = (method: string, path: string, options?: CallOptions) => Promise<Response>;

export function caller(checks: "lenient" | "strict"): { emulator: Emulator; clock: { nowMs: number }; call: Call } {
  const { emulator, clock } = clockedEmulator({
    checks,
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [LOCATION, OTHER].map((id) => ({
      token: `pit-${id}`,
      resource: { kind: "location", id },
      scopes: ALL_SCOPES,
    })),
  });
  const call: Call = (method, path, { body, version = "v3", token = `pit-${LOCATION}` } = {}) =>
    ask(emulator, path, {
      method,
      headers: { authorization: `Bearer ${token}`, version, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { emulator, clock, call };
}
