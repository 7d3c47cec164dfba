import { createHash } from "node:crypto";
import { toHex } from "@ghl-edge/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { md5 } from "../../src/user-context/md5.ts";
import { PROPERTY_TIMEOUT_MS } from "../runs.ts";

test("MD5 is Node's at every length around a block", () => {
  for (let length = 0; length <= 200; length++) {
    const message = new Uint8Array(length).fill(length);
    expect(toHex(md5(message))).toBe(createHash("md5").update(message).digest("hex"));
  }
});

test(
  "MD5 is Node's for any bytes",
  () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (message) => {
        expect(toHex(md5(message))).toBe(createHash("md5").update(message).digest("hex"));
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
