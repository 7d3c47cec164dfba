import { expect, test } from "vitest";
import { describeThrown } from "../../src/index.ts";

test("an error is its name and where it was thrown, without its message", () => {
  const text = describeThrown(new RangeError("pit-secret\n  second line"));
  expect(text).toMatch(/^RangeError\n\s+at /);
  expect(text).not.toContain("secret");
  expect(text).not.toContain("second line");
  expect(text.split("\n").length).toBeLessThanOrEqual(6);
});

test.each([
  ["pit-secret", "string"],
  [undefined, "undefined"],
  [{ secret: 1 }, "object"],
])("%j is %s", (thrown, text) => {
  expect(describeThrown(thrown)).toBe(text);
});
