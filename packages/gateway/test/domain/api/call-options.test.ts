import { expect, test } from "vitest";
import { readCallOptions } from "../../../src/domain/api/call-options.ts";

const read = (headers: Record<string, string>) => readCallOptions(new Headers(headers));

test("a call without call options waits ten seconds, with normal priority", () => {
  expect(read({})).toEqual({ maxWaitMs: 10_000, priority: "normal" });
});

test.each([
  ["0", 0],
  ["2.5", 2_500],
  ["60", 60_000],
])("a call waits %s seconds", (text, maxWaitMs) =>
  expect(read({ "x-gateway-max-wait": text })).toMatchObject({ maxWaitMs }),
);

test.each(["-1", "61", "1e1", "ten", "", "0x10", "1.2345", "Infinity"])("a call refuses to wait %j", (text) =>
  expect(read({ "x-gateway-max-wait": text })).toMatchObject({ header: "X-Gateway-Max-Wait" }),
);

test("a call takes the three priority classes and no other", () => {
  expect(read({ "x-gateway-priority": "bulk" })).toMatchObject({ priority: "bulk" });
  expect(read({ "x-gateway-priority": "urgent" })).toMatchObject({ header: "X-Gateway-Priority" });
});
