import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, vi } from "vitest";
import type { Endpoint } from "../../../src/domain/delivery/endpoint.ts";
import type { EndpointStatus } from "../../../src/services/administration/endpoints.ts";
import { admin, administer } from "../../support/calls/admin.ts";
import type { Received } from "../../support/endpoints/destination.ts";
import type { TestEndpoint } from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";

export const HOUR_MS = 3_600_000;
export const HOOK = "https://services.leadconnectorhq.com/hooks/lOcAtIoN/webhook-trigger/5ecre7-0000";
export const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
export const UNKNOWN = [404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"];
export const location = LOCATIONS[40]!;
export const made: string[] = [];

export interface Created {
  readonly endpoint: Endpoint;
  readonly secret: string | null;
}

export async function create(settings: Record<string, unknown>): Promise<Created> {
  const created = await administer<Created>("POST", "/admin/endpoints", { name: "test", app: APP, ...settings });
  made.push(created.endpoint.id);
  return created;
}

/** Creates an endpoint whose destination is the server of the tests. */
export async function receiving(settings: Record<string, unknown> = {}): Promise<TestEndpoint> {
  const path = `/${crypto.randomUUID()}`;
  const { endpoint, secret } = await create({ kind: "https", target: DESTINATION + path, ...settings });
  return { endpoint, path, secret: secret! };
}

export const at = ({ endpoint }: Pick<Created, "endpoint">, rest = ""): string =>
  `/admin/endpoints/${endpoint.id}${rest}`;
export const statusOf = (one: Pick<Created, "endpoint">) => administer<EndpointStatus>("GET", at(one, "/status"));
export const test = (one: Pick<Created, "endpoint">) => administer<{ eventId: string }>("POST", at(one, "/test"));
export const opens = (secret: string, { body, headers }: Received): Promise<boolean> =>
  verifyGatewayDelivery({ body, headers, secrets: [secret] }).then(
    () => true,
    () => false,
  );

export const broken = () => Promise.reject(new Error("broken"));

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const id of made.splice(0)) await admin("DELETE", `/admin/endpoints/${id}`);
});
