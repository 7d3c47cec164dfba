import { expect, test } from "vitest";
import { readDestinationUrl } from "../../../src/domain/delivery/destination-url.ts";

const accepted = [
  "https://hooks.acme.dev/ghl",
  "https://acme.dev",
  "https://a-b.c-d.co.uk/x?y=z",
  "https://xn--bcher-kva.de/",
  "https://hooks.acme.xn--p1ai/",
  "https://acme.dev:443/",
  "HTTPS://ACME.DEV/",
  "https://acme.dev./",
];

const schemes = ["http", "ftp", "ws", "wss", "file", "data", "javascript", "gopher", "blob", "about", "unix"];
const privateV4 = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "0",
  "0.0.0.0",
  "10.0.0.1",
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "192.0.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "8.8.8.8",
  "1.1.1.1",
];
/** Spellings of one address that parsers take. */
const spellings = [
  "2130706433",
  "0x7f000001",
  "017700000001",
  "0x7f.1",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "127.0.0.1.",
  "%31%32%37.0.0.1",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "127．0．0．1",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
];
const v6 = [
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[fe80::1]",
  "[fc00::1]",
  "[fd00::1]",
  "[ff02::1]",
  "[64:ff9b::7f00:1]",
  "[2001:db8::1]",
  "[2606:4700::1111]",
  "[0:0:0:0:0:0:0:1]",
  "[::127.0.0.1]",
];
const names = [
  "localhost",
  "LOCALHOST",
  "localhost.",
  "foo.localhost",
  "printer.local",
  "db.internal",
  "metadata.google.internal",
  "router.lan",
  "nas.home",
  "x.home.arpa",
  "intranet",
  "wiki.corp",
  "wiki.intranet",
  "vault.private",
  "server",
  "a",
  "acme.d",
  "acme.1",
  "acme.123",
  "-acme.dev",
  "acme-.dev",
  "ac_me.dev",
  "acme..dev",
  ".acme.dev",
  "acme.dev..",
];
const others = [
  "",
  " ",
  "acme.dev",
  "//acme.dev",
  "/hooks",
  "https:",
  "https://",
  "https:///",
  "https:/acme.dev ",
  "https://user@acme.dev/",
  "https://user:pass@acme.dev/",
  "https://:pass@acme.dev/",
  "https://@acme.dev@evil.dev/",
  "https://acme.dev:8443/",
  "https://acme.dev:80/",
  "https://acme.dev:22/",
  "https://acme.dev:65536/",
  "https://acme.dev:0/",
  "https://acme.dev/#fragment",
  "https://acme.dev\\@evil.dev/",
  "https://acme.dev\t/",
  "https://ac\nme.dev/",
  "https://acme.dev/\u0000",
  "\thttps://acme.dev",
  "https://acme.dev/ ",
  "https://acme.dev\u200b /",
  "https://[acme.dev]/",
  "https://[::1/",
  "https://acme.dev:port/",
  `https://acme.dev/${"a".repeat(2_048)}`,
  `https://${"a".repeat(64)}.dev/`,
  `https://${"a.".repeat(127)}dev/`,
];

const refused = [
  ...schemes.map((scheme) => `${scheme}://acme.dev/`),
  ...["", ":8080", ":443"].flatMap((port) => privateV4.map((host) => `https://${host}${port}/`)),
  ...["", "/latest/meta-data"].flatMap((path) => [...spellings, ...v6].map((host) => `https://${host}${path}`)),
  ...names.map((name) => `https://${name}/`),
  ...others,
];

test("public names by https are taken", () => {
  for (const url of accepted) expect(readDestinationUrl(url, { allowLoopback: false })?.protocol, url).toBe("https:");
});

test(`none of ${refused.length} addresses that lead elsewhere is taken`, () => {
  expect(refused.length).toBeGreaterThan(150);
  const taken = refused.filter((url) => readDestinationUrl(url, { allowLoopback: false }) !== undefined);
  expect(taken).toEqual([]);
});

test("this machine is taken where it is allowed, and nothing else beside", () => {
  const allowed = { allowLoopback: true };
  for (const url of ["http://127.0.0.1:4011/x", "http://localhost:4011/", "http://[::1]:4011/"])
    expect(readDestinationUrl(url, allowed)?.href, url).toBe(url);
  const stillRefused = refused.filter((url) => !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])/.test(url));
  expect(stillRefused.filter((url) => readDestinationUrl(url, allowed) !== undefined)).toEqual([]);
});
