import { describe, expect, it } from "vitest";
import { admin, codeOf } from "../../support/calls/admin.ts";
import { APP, DESTINATION } from "../../support/setup/settings.ts";

const HOOK = "https://services.leadconnectorhq.com/hooks/lOcAtIoN/webhook-trigger/5ecre7-0000";
const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];

describe("input that is not what the document says is refused", () => {
  const good = { name: "n", app: APP, kind: "https", target: `${DESTINATION}/refused` };
  it.each<[string, object]>([
    ["no name", { name: undefined }],
    ["a name with controls", { name: "a\nb" }],
    ["no kind", { kind: undefined }],
    ["an unknown kind", { kind: "http" }],
    ["no target", { target: undefined }],
    ["http", { target: "http://hooks.destination.dev/" }],
    ["this machine", { target: "http://127.0.0.1:8080/" }],
    ["an address literal", { target: "https://[::1]/" }],
    ["a private name", { target: "https://db.internal/" }],
    ["credentials", { target: "https://a:b@example.com/" }],
    ["a target that is no text", { target: { href: HOOK } }],
    ["a binding that is not there", { kind: "service", target: "NOBODY" }],
    ["a binding of another kind", { kind: "queue", target: "OVERFLOW" }],
    ["a binding's name in small letters", { kind: "queue", target: "tests" }],
    ["a workflow without a target", { kind: "workflow", target: undefined }],
    ["a workflow elsewhere", { kind: "workflow", target: "https://example.com/hooks/a" }],
    ["a workflow by another path", { kind: "workflow", target: "https://services.leadconnectorhq.com/contacts/" }],
    [
      "what is shown of a workflow, for a new one",
      { kind: "workflow", target: "https://services.leadconnectorhq.com/hooks/…" },
    ],
    ["an unknown format", { format: "json" }],
    ["ordered by a text", { ordered: "true" }],
    ["an empty batch", { batchSize: 0 }],
    ["a batch that is too large", { batchSize: 101 }],
    ["no shards", { shards: 0 }],
    ["too many shards", { shards: 17 }],
    ["half a shard", { shards: 1.5 }],
    ["types as a text", { types: "ContactCreate" }],
    ["too many types", { types: Array.from({ length: 101 }, () => "ContactCreate") }],
    ["a type that is a number", { types: [1] }],
    ["no resources at all", { resources: [] }],
    ["a filter of nothing", { filter: {} }],
    ["an unknown state", { state: "on" }],
    ["a misspelt restriction", { resource: [{ kind: "location", id: "a" }] }],
  ])("input that differs from the document is refused: %s", async (_what, wrong) => {
    expect(await codeOf(await admin("POST", "/admin/endpoints", { body: { ...good, ...wrong } }))).toEqual(INVALID);
  });

  it.each([
    ["ContactCreated", 'types[1] must be the name of an event, got "ContactCreated".'],
    ["Contakt*", 'types[1] must be the name of an event, got "Contakt*".'],
    ["INSTALL", 'types[1] must be the name of an event, got "INSTALL"; did you mean "AppInstall"?'],
    ["contactcreate", 'types[1] must be the name of an event, got "contactcreate"; did you mean "ContactCreate"?'],
    [
      "endpoint_disabled",
      'types[1] must be the name of an event, got "endpoint_disabled"; did you mean "endpoint.disabled"?',
    ],
  ])("the type %s, with what may be meant", async (type, detail) => {
    const response = await admin("POST", "/admin/endpoints", { body: { ...good, types: ["ContactUpdate", type] } });
    expect(await response.json()).toMatchObject({ status: 400, detail });
  });

  it.each<[object, string]>([
    [{ resource: [] }, 'unknown field "resource"; did you mean "resources"?'],
    [{ name: "" }, 'name must be a text of 1 to 100 characters, got "".'],
    [{ kind: "http" }, 'kind must be one of https, queue, service, workflow, got "http".'],
    [{ shards: 17 }, "shards must be a whole number from 1 to 16, got 17."],
    [{ resources: [{ kind: "location", id: "a:b" }] }, 'resources[0].id must be an id of HighLevel\'s, got "a:b".'],
  ])("%j, by its path, what belongs there and what is there", async (wrong, detail) => {
    const response = await admin("POST", "/admin/endpoints", { body: { ...good, ...wrong } });
    expect(await response.json()).toMatchObject({ status: 400, detail });
  });

  it("a target is never quoted", async () => {
    const target = "http://hooks.destination.dev/s3cret";
    const response = await admin("POST", "/admin/endpoints", { body: { ...good, target } });
    expect(await response.text()).not.toContain("s3cret");
  });

  it("a filter is refused by its path", async () => {
    const filter = { contact: { tags: [{ contains: "vip" }] } };
    const response = await admin("POST", "/admin/endpoints", { body: { ...good, filter } });
    expect(((await response.json()) as { detail: string }).detail).toMatch(/^filter\.contact\.tags /);
  });

  it("an endpoint of an unknown app is refused", async () => {
    expect(await codeOf(await admin("POST", "/admin/endpoints", { body: { ...good, app: "other" } }))).toEqual([
      404,
      "ERR_GHL_GATEWAY_APP_UNKNOWN",
    ]);
  });
});
