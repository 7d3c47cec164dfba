import type { ParsedWebhook } from "@ghl-edge/webhooks";
import { expect, test } from "vitest";
import { quarantineReason } from "../../src/domain/events/inbox-event.ts";

const parsed = (freshness: string, isLifecycle: boolean) => ({ verified: { freshness, isLifecycle } }) as ParsedWebhook;

test.each([
  ["fresh", false, undefined, undefined],
  ["fresh", true, undefined, undefined],
  ["stale", false, "stale", "stale"],
  ["stale", true, "stale", "stale"],
  ["early", false, "early", "early"],
  ["undated", false, "undated", undefined],
  // An old UNINSTALL without a date looks like a new one, whatever the app says.
  ["undated", true, "undated", "undated"],
])(
  "a %s event (of the app's lifecycle: %s) is quarantined as %s; where undated ones are accepted as %s",
  (freshness, isLifecycle, strict, lenient) => {
    const event = parsed(freshness, isLifecycle);
    expect(quarantineReason(event, { undated: "quarantine" })).toBe(strict);
    expect(quarantineReason(event, { undated: "accept" })).toBe(lenient);
  },
);
