import { expect, test } from "vitest";
import { createOurs } from "./ours.ts";
import { recoverFromDeadGrants, recoverFromOddAnswers, recoverFromRevocations } from "./scenarios.ts";

const HOUR_MS = 3_600_000;

// The official SDK 3.1.0 comes back from 21, 5 and 50 (docs/design/benchmarks.md).
test("each of 21 odd answers of the token endpoint costs no call", async () => {
  expect(await recoverFromOddAnswers(createOurs)).toEqual({ recovered: 21, failedCalls: 0, of: 21 });
});

test("five revocations of an access token within a day cost no call", async () => {
  expect(await recoverFromRevocations(createOurs, 3 * HOUR_MS)).toEqual({ recovered: 5, failedCalls: 0, of: 5 });
});

test("five revocations within minutes are recovered from, too, after the documented pauses", async () => {
  const { recovered, failedCalls } = await recoverFromRevocations(createOurs, 1_000);
  expect(recovered).toBe(5);
  // Calls once a minute: until the tokens are 1, 5, 15 and 60 minutes old.
  expect(failedCalls).toBeLessThanOrEqual(1 + 5 + 15 + 60 + 4);
});

test("50 dead grants beside a company's cost no call", async () => {
  expect(await recoverFromDeadGrants(createOurs)).toEqual({ recovered: 50, failedCalls: 0, of: 50 });
});
