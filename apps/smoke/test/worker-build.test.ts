/** An app over client and webhooks, built for Workers and run in workerd: no Node in the bundle, none at run time. */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type StandIns, startStandIns } from "../project/stand-ins.ts";
import { bundle, type Script, startWorkers, type Workers } from "../project/workers.ts";

const project = inject("project");
const app: Script = { name: "app", file: "worker-app.ts" };

describe("a Worker over client and webhooks", () => {
  let standIns: StandIns;
  let workers: Workers;
  beforeAll(async () => {
    standIns = await startStandIns(project);
    const bindings = { GHL_TOKEN: "token", WEBHOOK_KEY: standIns.webhookKey };
    workers = await startWorkers(project, [{ ...app, bindings }], async (request) =>
      new URL(request.url).origin in standIns.origins ? standIns.answer(request) : undefined,
    );
  });
  afterAll(async () => {
    await workers?.close();
    await standIns?.close();
  });

  it("a Worker over client and webhooks is one file without an import", async () => {
    const { code, imports } = await bundle(project, app);
    expect(imports).toEqual([]);
    // The one exception asks for the module at run time, and only where the runtime calls itself Node.
    const others = code.replaceAll(/getBuiltinModule\?\.\(["'`]node:crypto["'`]\)/g, "");
    expect(others).not.toMatch(/["'`]node:|\brequire\(|\bprocess\.|\bBuffer\b/);
  });

  it("a Worker over client and webhooks does not build once it imports Node, as a control", async () => {
    const script: Script = { ...app, contents: 'import "node:fs"; export default {};' };
    await expect(bundle(project, script)).rejects.toThrow(/node:fs/);
  });

  it("a Worker over client and webhooks makes a typed call", async () => {
    const { status, text } = await workers.fetch("app", "http://worker.example/c1");
    expect({ status, answer: JSON.parse(text) }).toMatchObject({ status: 200, answer: { contact: {} } });
    expect(standIns.log()).toEqual(["v3.contacts.getContact 200"]);
  });

  it("a Worker over client and webhooks accepts a signed webhook, and not one whose bytes were changed", async () => {
    const delivery = await standIns.signedEvent("ContactCreate", { locationId: "L1", email: "ada@example.com" });
    const headers = Object.fromEntries(delivery.headers);
    const body = await delivery.text();
    const url = "http://worker.example/webhooks";
    expect((await workers.fetch("app", url, { method: "POST", headers, body })).status).toBe(200);
    expect((await workers.fetch("app", url, { method: "POST", headers, body: `${body} ` })).status).toBe(401);
    expect(workers.refused).toEqual([]);
  });

  it("a Worker over client and webhooks calls nobody but HighLevel", async () => {
    const contents = 'export default { fetch: () => fetch("https://elsewhere.example/") };';
    const stranger = await startWorkers(
      project,
      [{ name: "stranger", file: "stranger.ts", contents }],
      async () => undefined,
    );
    try {
      expect((await stranger.fetch("stranger", "http://worker.example/")).status).toBe(599);
      expect(stranger.refused).toEqual(["elsewhere.example"]);
    } finally {
      await stranger.close();
    }
  });
});
