import { describe, expect, it } from "vitest";
import { describeSecret, describeValue } from "../../src/index.ts";

describe("describeValue", () => {
  it("quotes a text and cuts a long one", () => {
    expect(describeValue('a "b"')).toBe('"a \\"b\\""');
    expect(describeValue("x".repeat(41))).toBe(`"${"x".repeat(40)}…"`);
  });

  it("names everything else by its value or its kind", () => {
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
  it("says kind and length of a secret and nothing of its content", () => {
    expect(describeSecret("s3cret")).toBe("a text of 6 characters");
    expect(describeSecret(new Uint8Array(3))).toBe("3 bytes");
    expect(describeSecret(8312)).toBe("a value of type number");
    expect(describeSecret(["s3cret"])).toBe("an array");
  });

  it("says what an unset variable gives", () => {
    expect([undefined, null, "", []].map(describeSecret)).toEqual(["undefined", "null", '""', "an empty array"]);
  });
});
