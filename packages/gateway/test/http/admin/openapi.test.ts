import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/app.ts";
import type { ApiKey, Page } from "../../../src/domain/administration-model.ts";
import { openApiDocument } from "../../../src/http/admin/openapi.ts";
import type { AdminAction } from "../../../src/services/administration/action.ts";
import { adminActions } from "../../../src/services/administration/actions/actions.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer } from "../../support/calls/admin.ts";
import { call, deliver, installFromMarketplace } from "../../support/calls/gateway.ts";
import { addWorkflowReceiver } from "../../support/calls/workflows.ts";
import { mismatches, schemas } from "../../support/checks/schema.ts";
import { addEndpoint, arrived, dispatcher } from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";
import { FIRST, installOurs } from "./installations-of-tests.ts";

const PENDING = LOCATIONS[33]!;

type Schema = Readonly<Record<string, unknown>>;

interface Document {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly operationId: string;
        readonly responses: Record<number, { readonly content: { "application/json": { schema: Schema } } }>;
      }
    >
  >;
}

beforeAll(installOurs);

describe("/openapi.json", () => {
  it("/openapi.json has every route under /admin, and no other", async () => {
    const document = (await (await call("/openapi.json")).json()) as Document;
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = createApp(isolate)
      .routes.filter(({ method, path }) => path.startsWith("/admin") && method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect(documented.sort()).toEqual(served.sort());
    expect(served.length).toBe(Object.keys(adminActions).length);
    const refs = JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g);
    for (const [, name] of refs) expect(schemas).toHaveProperty(name!);
  });

  it("/openapi.json is sent once to a client that asks again with its ETag", async () => {
    const first = await call("/openapi.json");
    expect(first.headers.get("content-type")).toContain("application/json");
    const etag = first.headers.get("etag");
    expect(etag).toMatch(/^"[\w-]+"$/);
    await first.body?.cancel();
    const again = await call("/openapi.json", { headers: { "if-none-match": etag! } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const other = await call("/openapi.json", { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
    await other.body?.cancel();
  });

  it("/openapi.json describes what is in every answer", async () => {
    const { apiKey } = await administer<{ apiKey: ApiKey }>("POST", "/admin/api-keys", {
      name: "documented",
      app: APP,
      resources: [{ kind: "location", id: FIRST }],
    });
    await administer("PUT", "/admin/operators/doc@example.com", { role: "viewer" });
    await installFromMarketplace(PENDING);
    const [removed, remaining] = [await addEndpoint(), await addEndpoint()];
    const { receiver: taking } = await addWorkflowReceiver();
    await deliver("ContactCreate", { locationId: FIRST });
    for (const endpoint of [removed, remaining])
      await vi.waitFor(async () => expect(await dispatcher(endpoint).status()).toMatchObject({ due: 0 }));
    const [received] = await arrived(removed, 1);
    const example = {
      app: APP,
      kind: "location",
      name: "doc@example.com",
      inbox: `location:${FIRST}:${new Date().toISOString().slice(0, 10)}`,
      eventId: received!.headers["webhook-id"]!,
    };
    const idFor = (name: string, path: string): string => {
      if (name === "approveInstallation") return PENDING;
      const ids = {
        "api-keys": apiKey.id,
        endpoints: removed.endpoint.id,
        "workflow-receivers": taking.id,
      } as Readonly<Record<string, string>>;
      return ids[path.split("/")[2]!] ?? FIRST;
    };
    const settings = { name: "documented", kind: "https", target: DESTINATION + remaining.path };
    const bodies: Record<string, unknown> = {
      NewApiKey: { name: "again", app: APP },
      OperatorRole: { role: "admin" },
      PrivateToken: { token: "pit-documented" },
      NewEndpoint: { ...settings, app: APP, state: "disabled" },
      EndpointSettings: { ...settings, shards: 2, types: ["Contact*"], filter: { id: ["1"] } },
      SecretRotation: { overlapHours: 1 },
      DeadLetters: { dryRun: true },
      NewWorkflowReceiver: {
        app: APP,
        name: "documented",
        kind: "action",
        location: null,
        auth: { kind: "basic", name: "flow" },
        callback: { url: DESTINATION + remaining.path },
      },
      WorkflowReceiverSettings: { name: "documented", location: FIRST },
      WorkflowSecretRotation: { of: "auth", overlapHours: 1 },
      Reconcile: { sinceMs: Date.now() },
      DataRemoval: {},
      Rewrap: { limit: 1 },
      Replay: { app: APP, endpoint: remaining.endpoint.id, filter: { ids: [example.eventId] }, dryRun: false },
    };
    const { paths } = openApiDocument() as unknown as Document;
    for (const [operationId, { http, input }] of Object.entries<AdminAction>(adminActions)) {
      const { method, path, body, status = 200 } = http;
      const values: Record<string, string> = { ...example, id: idFor(operationId, path) };
      const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(values[name]!));
      const needsApp = method === "get" && input.entries.app?.type === "string" && !path.includes("{app}");
      const target = needsApp ? `${filled}?app=${APP}` : filled;
      const response = await admin(method.toUpperCase(), target, { body: body && bodies[body] });
      expect(response.status, operationId).toBe(status);
      if (status === 204) continue;
      const shown: unknown = await response.json();
      const { schema } = paths[path]![method]!.responses[status]!.content["application/json"];
      expect(mismatches(shown, schema), operationId).toEqual([]);
      // An empty list would match any schema of its items.
      if (String(schema.$ref).endsWith("Page")) expect((shown as Page<unknown>).items, operationId).not.toEqual([]);
    }
    const problem = await (await admin("GET", "/admin/audit?limit=x")).json();
    expect(mismatches(problem, schemas.Problem!)).toEqual([]);
  });
});
