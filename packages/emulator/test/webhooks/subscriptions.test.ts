import { describe, expect, test } from "vitest";
import { DEFAULT_APP, DEFAULT_COMPANY } from "../../src/index.ts";
import { installApp, LOCATION } from "../support.ts";
import { APP, idOf, listening, OTHER, URL_ } from "./listening.ts";

describe("an app gets", () => {
  const create = { locationId: LOCATION };

  test("an app gets only the events that it listens to, at the URL of the event", async () => {
    const messages = "https://app.example/messages";
    const app = { ...APP, events: ["contactcreate", { name: "OutboundMessage", url: messages }] };
    const { call, emulator, received } = listening([app]);
    const id = idOf(await call("POST", "/contacts/", { body: create }), "contact");
    await call("PUT", `/contacts/${id}`, { body: { city: "Austin" } });
    await call("POST", "/conversations/messages", { body: { type: "SMS", contactId: id, message: "hi" } });
    await emulator.webhooks.settled();
    expect(received.map(({ url, payload }) => [url, payload.type])).toEqual([
      [URL_, "ContactCreate"],
      [messages, "OutboundMessage"],
    ]);
  });

  test("an app gets events only of locations where it is installed, and an agency's installation covers its locations", async () => {
    const second = {
      clientId: "second",
      clientSecret: "s",
      webhookUrl: "https://second.example/",
      installedIn: [DEFAULT_COMPANY.id],
    };
    const { call, emulator, received } = listening([APP, second]);
    await call("POST", "/contacts/", { body: { locationId: OTHER }, token: `pit-${OTHER}` });
    await emulator.webhooks.settled();
    expect(received.map(({ url }) => url)).toEqual(["https://second.example/"]);
    await call("POST", "/contacts/", { body: create });
    await emulator.webhooks.settled();
    expect(received.map(({ url }) => url).toSorted()).toEqual([
      URL_,
      "https://second.example/",
      "https://second.example/",
    ]);
  });

  test("an app without a URL gets no events, and no app gets any where webhooks are off", async () => {
    const { webhookUrl: _none, ...silent } = APP;
    for (const { call, events } of [listening([silent]), listening([APP], { webhooks: false })]) {
      await call("POST", "/contacts/", { body: create });
      expect(await events()).toEqual([]);
    }
  });

  test("an app gets INSTALL with its first token, UNINSTALL at the end, and nothing after it", async () => {
    const { call, emulator, events, received } = listening([{ ...DEFAULT_APP, webhookUrl: URL_, events: [] }]);
    await installApp(emulator);
    await emulator.webhooks.settled();
    expect(received[0]?.payload).toMatchObject({ installType: "Location", locationId: LOCATION });
    emulator.uninstall({ kind: "location", id: LOCATION });
    await call("POST", "/contacts/", { body: create });
    expect(await events()).toEqual(["INSTALL", "UNINSTALL"]);
    await installApp(emulator, { companyId: DEFAULT_COMPANY.id });
    await emulator.webhooks.settled();
    const installs = received.map(({ payload }) => [payload.installType, payload.locationId]);
    expect(installs).toEqual([
      ["Company", undefined],
      ["Location", LOCATION],
      ["Location", OTHER],
    ]);
  });
});
