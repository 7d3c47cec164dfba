import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { commentAbove, commentLines } from "../../../src/output/emit/field-comment.ts";

describe("a doc comment on a field", () => {
  test.each<[string, JsonObject, string | undefined]>([
    ["nothing to say", { type: "string" }, undefined],
    ["a format", { type: "string", format: "date-time" }, "* Format: date-time. "],
    [
      "a format that may be null",
      { anyOf: [{ type: "string", format: "date" }, { type: "null" }] },
      "* Format: date. ",
    ],
    ["no format of a file", { type: "string", format: "binary" }, undefined],
    ["a range", { type: "number", minimum: 0, maximum: 100 }, "* 0 to 100. "],
    ["one end of a range", { type: "number", exclusiveMinimum: 0 }, "* Greater than 0. "],
    ["lengths", { type: "string", minLength: 2, maxLength: 5 }, "* 2 to 5 characters. "],
    ["one length", { type: "string", maxLength: 1 }, "* At most 1 character. "],
    ["an exact count", { type: "array", minItems: 3, maxItems: 3 }, "* 3 items. "],
    ["a pattern that would end the comment", { type: "string", pattern: "^a*/$" }, "* Pattern: `^a*\\/$`. "],
    ["a default", { type: "number", default: 20 }, "* Default: `20`. "],
    ["no default that is long", { default: "x".repeat(61) }, undefined],
    ["a deprecation alone", { deprecated: true }, "* @deprecated "],
  ])("a doc comment on a field describes its schema: %s", (_, schema, expected) =>
    expect(commentLines(schema, undefined)).toBe(expected),
  );

  test("a doc comment on a field puts the sentence first and the deprecation on a line of its own, where compilers look for it", () => {
    const comment = commentLines({ deprecated: true, default: "a" }, "Id of the pet.");
    expect(commentAbove(comment, "  ")).toBe('  /**\n   * Id of the pet. Default: `"a"`.\n   * @deprecated\n   */\n');
  });
});
