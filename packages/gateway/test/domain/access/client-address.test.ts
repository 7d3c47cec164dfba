import { expect, test } from "vitest";
import { clientAddress } from "../../../src/domain/access/client-address.ts";

const of = (address: string) => clientAddress(new Headers({ "cf-connecting-ip": address }));

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::ffff", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
])("a client of %s is counted as %s", (address, counted) => {
  expect(of(address)).toBe(counted);
});

test("a request that has not come through Cloudflare has none", () => {
  expect(clientAddress(new Headers())).toBeUndefined();
});
