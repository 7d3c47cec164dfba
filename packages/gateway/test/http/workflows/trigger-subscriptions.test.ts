import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../support/calls/admin.ts";
import { addWorkflowReceiver, eventsIn, run } from "../../support/calls/workflows.ts";
import { LOCATIONS } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(186, 190);
const nextLocation = (): string => locations.shift()!;

describe("a trigger's subscription", () => {
  const target = "https://services.leadconnectorhq.com/workflows-marketplace/triggers/execute/abc/def";
  const subscription = (locationId: string, more: object = {}) => ({
    triggerData: { id: "t1", key: "order_paid", filters: [], eventType: "CREATED", targetUrl: target, ...more },
    meta: { key: "order_paid", version: 1 },
    extras: { locationId, workflowId: "w1", companyId: "co1" },
  });

  it("a trigger's subscription is an event with its target, and is stored nowhere else", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver({ kind: "trigger", name: "triggers" });
    const sent = subscription(location);
    expect((await run(receiver, sent)).status).toBe(200);
    expect((await run(receiver, subscription(location, { eventType: "deleted", targetUrl: "" }))).status).toBe(200);
    expect(await eventsIn(location)).toMatchObject([
      {
        name: "workflow.trigger",
        source: "workflow",
        data: { receiver: "triggers", key: "order_paid", change: "created", targetUrl: target, subscription: sent },
      },
      { data: { change: "deleted", targetUrl: null } },
    ]);
    const { results } = await env.DIRECTORY.prepare("SELECT * FROM workflow_receiver").all();
    expect(JSON.stringify(results)).not.toContain("triggers/execute");
  });

  it("a trigger's subscription whose target is not HighLevel's is refused, and so is a malformed one", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver({ kind: "trigger" });
    const UNREADABLE = [400, "ERR_GHL_GATEWAY_WORKFLOW_UNREADABLE"];
    const elsewhere = await run(receiver, subscription(location, { targetUrl: "https://s3cret.example/execute/x" }));
    const text = await elsewhere.clone().text();
    expect(await codeOf(elsewhere)).toEqual(UNREADABLE);
    expect(text).toContain("triggerData.targetUrl");
    expect(text).not.toContain("s3cret");
    for (const body of ["", "[]", "no JSON", "{}"]) expect(await codeOf(await run(receiver, body))).toEqual(UNREADABLE);
    expect((await run(receiver, undefined, { method: "GET" })).headers.get("allow")).toBe("POST");
    expect(await eventsIn(location)).toEqual([]);
  });
});
