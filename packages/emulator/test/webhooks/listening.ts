import { allRoutes } from "@ghl-edge/client/routes";
import { DEFAULT_APP, DEFAULT_COMPANY, type EmulatedApp, type EmulatorOptions } from "../../src/index.ts";
import { ask, clockedEmulator, json, LOCATION } from "../support.ts";

export const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
export const OTHER = DEFAULT_COMPANY.locations[1]!.id;
export const URL_ = "https://app.example/webhooks";
export const APP: EmulatedApp = { ...DEFAULT_APP, webhookUrl: URL_, installedIn: [LOCATION] };

export type Json = Record<string, unknown>;

/** An emulator whose webhooks are kept, with a private token of each location to make changes with. */
export function listening(apps: readonly EmulatedApp[] = [APP], options: EmulatorOptions = {}) {
  const received: { url: string; body: string; request: Request; payload: Json }[] = [];
  const { emulator, clock } = clockedEmulator({
    apps,
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [LOCATION, OTHER].map((id) => ({
      token: `pit-${id}`,
      resource: { kind: "location", id },
      scopes: ALL_SCOPES,
    })),
    fetch: async (request) => {
      const body = await request.clone().text();
      received.push({ url: request.url, body, request, payload: JSON.parse(body) as Json });
      return new Response();
    },
    ...options,
  });
  const call = async (
    method: string,
    path: string,
    { body, token = `pit-${LOCATION}` }: { body?: unknown; token?: string } = {},
  ): Promise<Json> => {
    const init = {
      method,
      headers: { authorization: `Bearer ${token}`, version: "v3", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const response = await ask(emulator, path, init);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return json(response);
  };
  /** Names of the events since the last call. */
  const events = async (): Promise<string[]> => {
    await emulator.webhooks.settled();
    return received.splice(0).map(({ payload }) => String(payload.type));
  };
  return { emulator, clock, call, events, received };
}

export const idOf = (answer: Json, member: string): string => {
  const record = (answer[member] ?? answer) as Json;
  return String(record.id ?? record._id);
};
