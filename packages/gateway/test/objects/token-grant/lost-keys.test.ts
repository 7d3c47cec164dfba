import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Rewrapped } from "../../../src/services/administration/token-keys.ts";
import {
  call,
  install,
  installCompany,
  installFromMarketplace,
  installLocation,
  keyed,
  refreshes,
  upstream,
} from "../../support/calls/gateway.ts";
import { addWorkflowReceiver } from "../../support/calls/workflows.ts";
import { addEndpoint, arrived, destination, dispatcher, removeEndpoint } from "../../support/endpoints/endpoints.ts";
import { storeEvents } from "../../support/endpoints/events.ts";
import { deployed, deployKeys, restart } from "../../support/setup/config.ts";
import { APP, DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";

const UNREADABLE = "ERR_GHL_GATEWAY_SEAL_BROKEN";
let next = 200;
const newLocation = (): string => LOCATIONS[next++]!;
const today = (): string => new Date().toISOString().slice(0, 10);
const grant = (id: string, kind = "location") => env.TOKEN_GRANT.getByName(`${APP}:${kind}:${id}`);
const coordinator = (id: string, kind = "location") => env.RESOURCE_COORDINATOR.getByName(`${APP}:${kind}:${id}`);
const proxied = (id: string) => call(`/api/location/${id}/contacts/c1`, { headers: keyed });

async function loseKey(id: string): Promise<void> {
  deployKeys("k2");
  await restart(grant(id), coordinator(id));
}

async function eventsOf(inbox: string, name: string): Promise<unknown[]> {
  const stub = env.WEBHOOK_INBOX.getByName(`${APP}:${inbox}:${today()}`);
  const listed = await stub.events({ names: [name] }, 10);
  const whole = await Promise.all(listed.map(({ dedupeKey }) => stub.event(`evt_${dedupeKey.slice(0, 32)}`)));
  return whole.map((event) => JSON.parse(new TextDecoder().decode(event!.body)));
}

const reported = (id: string, name: string, events: unknown[]) =>
  vi.waitFor(async () => expect(await eventsOf(`location:${id}`, name)).toEqual(events), {
    timeout: 10_000,
    interval: 50,
  });

afterEach(async () => {
  vi.restoreAllMocks();
});

describe("the key of a grant is gone", () => {
  it("the location has to be authorized again, which is reported once, and HighLevel is sent nothing", async () => {
    const id = newLocation();
    await installLocation(id);
    await loseKey(id);
    const since = (await upstream.log()).length;
    for (let round = 0; round < 2; round++) {
      const refused = await proxied(id);
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        403,
        "ERR_GHL_GATEWAY_REAUTH_REQUIRED",
      ]);
      await restart(grant(id), coordinator(id));
    }
    await reported(id, "grant.reauth_required", [{ source: "refreshable", code: UNREADABLE }]);
    expect(await (await deployed("GET", `/admin/installations/${APP}/location/${id}`)).json()).toMatchObject({
      state: "reauth_required",
    });
    expect(await refreshes(since)).toEqual([]);
  });

  it("a new installation works, and is reported as restored", async () => {
    const id = newLocation();
    await installLocation(id);
    await loseKey(id);
    expect((await install({ locationId: id })).status).toBe(200);
    expect((await proxied(id)).status).toBe(200);
    await restart(grant(id), coordinator(id));
    expect((await proxied(id)).status).toBe(200);
    expect(await grant(id).keyUse()).toEqual({ keyId: "k2", readable: true });
    await reported(id, "grant.restored", [{ source: "refreshable", code: null }]);
  });

  it("an operator can remove it", async () => {
    const id = newLocation();
    await installLocation(id);
    await loseKey(id);
    const removed = await deployed("DELETE", `/admin/installations/${APP}/location/${id}`);
    expect([removed.status, await removed.json()]).toEqual([200, expect.objectContaining({ state: "uninstalled" })]);
  });

  it("everything works again when the key comes back, as long as nothing new was sealed", async () => {
    const id = newLocation();
    await installLocation(id);
    await loseKey(id);
    expect((await proxied(id)).status).toBe(403);
    await reported(id, "grant.reauth_required", [{ source: "refreshable", code: UNREADABLE }]);
    deployKeys("k2", "k1");
    await restart(grant(id), coordinator(id));
    expect((await proxied(id)).status).toBe(200);
    await reported(id, "grant.restored", [{ source: "refreshable", code: null }]);
  });

  it("a private integration token and a pending approval are as if they were not there", async () => {
    const [own, pending] = [newLocation(), newLocation()];
    const tenant = { app: APP, resource: { kind: "location", id: own } } as const;
    await grant(own).storePrivateToken(tenant, "pit-of-the-tests");
    expect((await installFromMarketplace(pending)).status).toBe(202);
    await loseKey(own);
    await loseKey(pending);
    expect(await grant(own).accessToken({ ...tenant, acceptedTokenTypes: "private" })).toEqual({
      ok: false,
      reason: "reauth_required",
      answerCode: UNREADABLE,
    });
    const approved = await deployed("POST", `/admin/installations/${APP}/location/${pending}/approve`, { body: {} });
    expect(((await approved.json()) as { code: string }).code).toBe("ERR_GHL_GATEWAY_NOTHING_PENDING");
    await reported(own, "grant.reauth_required", [{ source: "private", code: UNREADABLE }]);
    await reported(pending, "grant.reauth_required", [{ source: "pending_approval", code: UNREADABLE }]);
    expect((await installFromMarketplace(pending)).status).toBe(202);
    await grant(own).storePrivateToken(tenant, "pit-of-the-tests-2");
    expect(await grant(own).accessToken({ ...tenant, acceptedTokenTypes: "private" })).toMatchObject({ ok: true });
  });

  it("a token that was minted from a company's is minted again", async () => {
    const id = newLocation();
    await installCompany([...LOCATIONS]);
    expect((await proxied(id)).status).toBe(200);
    await loseKey(id);
    expect((await proxied(id)).status).toBe(200);
    expect(await eventsOf(`location:${id}`, "grant.reauth_required")).toEqual([]);
  });
});

describe("the key of a directory's row is gone", () => {
  it("an endpoint's deliveries wait, which is reported, until its secret is rotated and its target given again", async () => {
    const endpoint = await addEndpoint({ types: ["ContactCreate"] });
    deployKeys("k2");
    const [id] = await storeEvents([{ location: newLocation(), atMs: Date.now() }]);
    await vi.waitFor(
      async () => {
        const found = await eventsOf("none", "secrets.unreadable");
        expect(found).toContainEqual({ of: "endpoint", id: endpoint.endpoint.id });
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await destination.received(endpoint)).toEqual([]);
    expect((await dispatcher(endpoint).status()).due).toBe(1);
    const at = `/admin/endpoints/${endpoint.endpoint.id}`;
    const settings = { name: "again", kind: "https", target: DESTINATION + endpoint.path, types: ["ContactCreate"] };
    // The secret that signs is sealed together with the address, and may open again.
    expect((await deployed("PUT", at, { body: settings })).status).toBe(400);
    const rotated = await deployed("POST", `${at}/secrets`, { body: {} });
    expect(rotated.status).toBe(201);
    expect((await dispatcher(endpoint).status()).due).toBe(1);
    expect((await deployed("PUT", at, { body: settings })).status).toBe(200);
    expect((await arrived(endpoint, 1))[0]?.headers["webhook-id"]).toBe(id);
    await removeEndpoint(endpoint);
  });

  it("an endpoint can be removed", async () => {
    const endpoint = await addEndpoint({ types: ["ContactCreate"] });
    deployKeys("k2");
    expect((await deployed("DELETE", `/admin/endpoints/${endpoint.endpoint.id}`)).status).toBe(204);
  });

  it("a workflow receiver lets nobody in and refuses nobody for good, until its secret is rotated", async () => {
    const made = await addWorkflowReceiver();
    deployKeys("k2");
    const path = `/workflows/${APP}/${made.receiver.id}`;
    const send = (secret: string | null) =>
      deployed("POST", path, { body: { locationId: newLocation() }, headers: { "x-secret": secret ?? "" } });
    expect((await send(made.secret)).status).toBe(429);
    expect(await eventsOf("none", "secrets.unreadable")).toContainEqual({
      of: "workflow_receiver",
      id: made.receiver.id,
    });
    const rotated = await deployed("POST", `/admin/workflow-receivers/${made.receiver.id}/secrets`, {
      body: {
        of: "auth",
      },
    });
    const { secret } = (await rotated.json()) as { secret: string };
    expect((await send(secret)).status).toBe(200);
    expect((await send(made.secret)).status).toBe(401);
  });
});

describe("sealing everything by another key", () => {
  async function walk(limit: number): Promise<Rewrapped[]> {
    const steps: Rewrapped[] = [];
    for (let cursor: string | null = null; ; ) {
      const response = await deployed("POST", "/admin/token-keys/rewrap", {
        body: cursor === null ? { limit } : { limit, cursor },
      });
      expect(response.status, await response.clone().text()).toBe(200);
      const step = (await response.json()) as Rewrapped;
      steps.push(step);
      if (step.nextCursor === null) return steps;
      cursor = step.nextCursor;
    }
  }

  const use = ({ keys }: Rewrapped, id: string) => keys.find((key) => key.id === id);

  it("sealing everything by another key ends after bounded steps with what each key seals, then the earlier key may go", async () => {
    const ids = [newLocation(), newLocation(), newLocation()];
    for (const id of ids) await installLocation(id);
    // Served by the company, and not in the directory.
    const derived = LOCATIONS[7]!;
    await installCompany([derived]);
    const endpoint = await addEndpoint({ types: ["ContactCreate"] });
    const made = await addWorkflowReceiver();
    deployKeys("k2", "k1");
    const restartAll = async (): Promise<void> => {
      const { results } = await env.DIRECTORY.prepare("SELECT kind, resource_id AS id FROM installation").all<{
        kind: string;
        id: string;
      }>();
      const all = [...results, { kind: "location", id: derived }];
      await restart(...all.flatMap(({ kind, id }) => [grant(id, kind), coordinator(id, kind)]));
    };
    await restartAll();
    expect(await (await deployed("GET", "/admin/token-keys")).json()).toEqual({ activeId: "k2", ids: ["k1", "k2"] });
    const steps = await walk(2);
    const last = steps.at(-1)!;
    expect(last.unreachable).toBe(0);
    expect(use(last, "k1")).toMatchObject({
      configured: true,
      grants: 0,
      cachedTokens: 0,
      endpoints: 0,
      workflowReceivers: 0,
    });
    expect(use(last, "k2")!.grants).toBeGreaterThanOrEqual(5);
    expect(use(last, "k1")?.unreadable).toBe(0);
    // Grants grow by at most the size of a step.
    const grants = steps.map((step) => use(step, "k2")!.grants);
    expect(grants.every((count, index) => index === 0 || count - grants[index - 1]! <= 2)).toBe(true);
    deployKeys("k2");
    await restartAll();
    for (const id of [...ids, derived]) expect((await proxied(id)).status).toBe(200);
    expect(
      await env.DIRECTORY.prepare("SELECT secrets FROM endpoint WHERE id = ?")
        .bind(endpoint.endpoint.id)
        .first("secrets"),
    ).toMatch(/^k2\./);
    expect(
      await env.DIRECTORY.prepare("SELECT secrets FROM workflow_receiver WHERE id = ?")
        .bind(made.receiver.id)
        .first("secrets"),
    ).toMatch(/^k2\./);
    await removeEndpoint(endpoint);
  });

  it("sealing everything by another key says which key is missing, and for how many", async () => {
    const id = newLocation();
    await installLocation(id);
    await loseKey(id);
    deployKeys("k3", "k2");
    await restart(grant(id));
    // A grant reports itself to the directory a moment after its installation.
    await vi.waitFor(
      async () => {
        const key = use((await walk(100)).at(-1)!, "k1");
        expect(key).toMatchObject({ configured: false });
        expect(key!.unreadable).toBeGreaterThanOrEqual(1);
      },
      { timeout: 60_000, interval: 100 },
    );
  });

  it("sealing everything by another key refuses a cursor that is not its own", async () => {
    for (const cursor of [
      "x",
      btoa('["{}"]'),
      btoa('["{\\"phase\\":\\"endpoint\\",\\"after\\":\\"\\",\\"unreachable\\":-1,\\"uses\\":{}}"]'),
    ])
      expect((await deployed("POST", "/admin/token-keys/rewrap", { body: { cursor } })).status).toBe(400);
    expect((await deployed("POST", "/admin/token-keys/rewrap", { body: { limit: 101 } })).status).toBe(400);
  });
});
