import { describe, expect, it, vi } from "vitest";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { admin, codeOf } from "../../support/calls/admin.ts";
import { install, upstream } from "../../support/calls/gateway.ts";
import { createContact, later, location, path, reported, startedAtMs, step } from "./reconcile-steps.ts";

describe("a refusal of HighLevel", () => {
  it("a refusal of HighLevel concerns one module, and stops no other", async () => {
    await install({ locationId: location, scope: "contacts.readonly contacts.write" });
    await createContact("Missed");
    await upstream.answer("search", [{ status: 400, body: "{}" }]);
    later();
    expect(await step({ modules: ["contacts", "conversations"] })).toEqual({
      modules: [
        { module: "contacts", checked: 0, missed: 0, refused: "ERR_GHL_GATEWAY_UPSTREAM_400" },
        { module: "conversations", checked: 0, missed: 0, refused: "ERR_GHL_GATEWAY_SCOPE" },
      ],
      nextCursor: null,
    });
    expect((await step({ modules: ["conversations", "contacts"] })).modules).toMatchObject([
      { module: "contacts", checked: 1, missed: 1, refused: null },
      { module: "conversations", refused: "ERR_GHL_GATEWAY_SCOPE" },
    ]);
  });

  it.each([
    [500, "{}", "ERR_GHL_GATEWAY_UPSTREAM_500"],
    [200, "<html>", "ERR_GHL_GATEWAY_UPSTREAM_UNREADABLE"],
    [200, '{"contacts":[1]}', "ERR_GHL_GATEWAY_UPSTREAM_UNREADABLE"],
  ])("a refusal of HighLevel with %i %s is named", async (status, body, refused) => {
    await upstream.answer("search", [{ status, body }]);
    expect((await step()).modules).toEqual([{ module: "contacts", checked: 0, missed: 0, refused }]);
  });

  it("a list that is refused once with 429 is read again, and one on a used-up day is not", async () => {
    await createContact("Missed");
    later();
    await upstream.answer("search", [{ status: 429, body: "{}", headers: { "retry-after": "0" } }]);
    expect((await step()).modules).toMatchObject([{ checked: 1, missed: 1, refused: null }]);
    const spent = { "x-ratelimit-limit-daily": "200000", "x-ratelimit-daily-remaining": "0" };
    await upstream.answer("search", [{ status: 429, body: "{}", headers: spent }]);
    expect((await step()).modules).toMatchObject([{ refused: "ERR_GHL_GATEWAY_UPSTREAM_429" }]);
    expect((await step()).modules).toMatchObject([{ refused: "ERR_GHL_GATEWAY_BUDGET_EXHAUSTED" }]);
  });

  it("a list that stands still is not read without end", async () => {
    const contact = { id: "c0ntact00000000000001", locationId: location, searchAfter: [1, "x"] };
    const body = JSON.stringify({ contacts: Array.from({ length: 100 }, () => contact) });
    await upstream.answer("search", [
      { status: 200, body },
      { status: 200, body },
    ]);
    expect((await step()).modules).toMatchObject([{ refused: "ERR_GHL_GATEWAY_UPSTREAM_UNREADABLE" }]);
  });
});

it("an event that cannot be stored fails the step, and the same step reports it", async () => {
  await createContact("Missed");
  later();
  const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(() => Promise.reject(new Error("broken")));
  const answer = await admin("POST", path(), { body: { sinceMs: startedAtMs, modules: ["contacts"] } });
  expect(await codeOf(answer)).toEqual([503, "ERR_GHL_GATEWAY_OBJECT_UNREACHABLE"]);
  store.mockRestore();
  expect((await step()).modules).toMatchObject([{ checked: 1, missed: 1 }]);
  expect(await reported()).toHaveLength(1);
});
