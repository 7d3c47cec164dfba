import { expect, test } from "vitest";
import { call, open } from "./calls.ts";
import { everythingSeen } from "./evidence.ts";

const taken = everythingSeen().filter(({ requests, method }) => requests !== undefined && method !== "GET");

test.each(taken)("strictness refuses nothing that was seen to be taken: $title", async (one) => {
  const response = await call(open("strict"), one);
  // An id that nobody has created is refused for a reason of its own.
  expect([response.ok || response.status === 404, response.ok ? "" : await response.text()]).toEqual([
    true,
    response.ok ? "" : expect.stringContaining("404"),
  ]);
});
