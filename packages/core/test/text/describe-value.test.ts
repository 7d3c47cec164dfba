import { describe, expect, it } from "vitest";
import { describeSecret, describeValue } from "../../src/index.ts";

describe("describeValue", () => {
  it("a text is quoted, and cut where it is long", () => {
    expect(describeValue('a "b"')).toBe('"a \\"b\\""');
    expect(describeValue("x".repeat(41))).toBe(`"${"x".repeat(40)}…"`);
  });

  it("everything else is named by its value or its kind", () => {
    expect([1, true, null, undefined, 2n, [], [1], {}].map(describeValue)).toEqual([
      "1",
      "true",
      "null",
      "undefined",
      "2",
      "an empty array",
      "an array",
      "a value of type object",
    ]);
  });
});

describe("describeSecret", () => {
  it("a secret is described by its kind and its length", () => {
    expect(describeSecret("s3cret")).toBe("a text of 6 characters");
    expect(describeSecret(new Uint8Array(3))).toBe("3 bytes");
    expect(describeSecret(8312)).toBe("a value of type number");
    expect(describeSecret(["s3cret"])).toBe("an array");
  });

  it("the value of an unset variable is named", () => {
    expect([undefined, null, "", []].map(describeSecret)).toEqual(["undefined", "null", '""', "an empty array"]);
  });
});
