import { expect, test } from "vitest";
import { failuresOf } from "../test-report.ts";

const counts = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0 };

test("a failed test is repeated with its file, its name and a message of limited length", () => {
  const assertionResults = [
    { status: "passed", fullName: "a fine test" },
    { status: "failed", fullName: "a broken test", failureMessages: ["expected 1 to be 2", "x".repeat(9_000)] },
  ];
  const report = { ...counts, testResults: [{ status: "failed", name: "/root/test/a.test.ts", assertionResults }] };
  const [failure, ...others] = failuresOf(report, "/root/");
  expect(others).toEqual([]);
  expect(failure).toMatch(/^✗ test\/a\.test\.ts > a broken test\nexpected 1 to be 2\nx+$/);
  expect(failure!.length).toBeLessThan(2_000);
});

test("a file that cannot be loaded is repeated with its error", () => {
  const file = { status: "failed", name: "/root/test/b.test.ts", message: "SyntaxError", assertionResults: [] };
  expect(failuresOf({ ...counts, testResults: [file] }, "/root/")).toEqual(["✗ test/b.test.ts\nSyntaxError"]);
});

test("a passed file is not repeated", () => {
  const file = { status: "passed", name: "/root/test/c.test.ts", assertionResults: [] };
  expect(failuresOf({ ...counts, testResults: [file] }, "/root/")).toEqual([]);
});
