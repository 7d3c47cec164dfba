import { eventNames } from "@ghl-edge/webhooks";
import { gatewayEventNames } from "@ghl-edge/webhooks/gateway";
import { describe, expect, it } from "vitest";
import { meantEventName, namesOf } from "../../../src/domain/events/event-names.ts";

describe("names of events", () => {
  it("names of events stand for themselves, with * for all that begin so, or for nothing", () => {
    expect(namesOf("ContactCreate")).toEqual(["ContactCreate"]);
    expect(namesOf("unknown")).toEqual(["unknown"]);
    expect(namesOf("grant.*")).toEqual(gatewayEventNames.filter((name) => name.startsWith("grant.")));
    expect(namesOf("*")).toHaveLength(eventNames.length + gatewayEventNames.length + 1);
    for (const nobodys of ["", "contactcreate", "Contact", "C*ontact", "nothing*"])
      expect(namesOf(nobodys)).toEqual([]);
  });

  it.each([
    ["INSTALL", "AppInstall"],
    ["contact.create", "ContactCreate"],
    ["EndpointDisabled", "endpoint.disabled"],
    ["quota", undefined],
  ])("%s may be meant as %s", (type, name) => {
    expect(meantEventName(type)).toBe(name);
  });
});
