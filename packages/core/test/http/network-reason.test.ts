import { expect, test } from "vitest";
import { networkReason } from "../../src/index.ts";

const coded = (code: unknown) => Object.assign(new Error("connect 127.0.0.1:1"), { code });

test("the system's code is the reason, however deep it lies", () => {
  expect(networkReason(new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }))).toBe("ECONNREFUSED");
  expect(networkReason(new TypeError("fetch failed", { cause: coded("UND_ERR_SOCKET") }))).toBe("UND_ERR_SOCKET");
  expect(networkReason(new Error("a", { cause: new Error("b", { cause: coded("ENOTFOUND") }) }))).toBe("ENOTFOUND");
});

test("the network reason without a code is the innermost message of plain words", () => {
  expect(networkReason(new Error("Network connection lost."))).toBe("Network connection lost.");
  expect(networkReason(new TypeError("fetch failed", { cause: new Error("other side closed") }))).toBe(
    "other side closed",
  );
});

test.each([
  new Error("error sending request for url (https://x.test/?token=pit-1)"),
  new Error('"Bearer pit-1" is an invalid header value'),
  Object.assign(new Error("invalid value: pit-1"), { code: "pit-1 abc" }),
  new Error("long ".repeat(50)),
  "pit-1",
  null,
  undefined,
])("a message that may quote something is not repeated (%s)", (error) => {
  expect(networkReason(error)).toBe("the connection failed");
});

test("a circle of causes ends", () => {
  const error = new Error("x-1");
  error.cause = error;
  expect(networkReason(error)).toBe("the connection failed");
});
