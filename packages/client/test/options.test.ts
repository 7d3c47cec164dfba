import { describe, expect, it } from "vitest";
import { ConfigurationError, createClient } from "../src/index.ts";
import { fakeServer, json, rejection } from "./fake-server.ts";
import { Pets } from "./pets.ts";

const wrongNumbers = [Number.NaN, -1, Number.NEGATIVE_INFINITY, "5", "", null, {}, true];
const limits = ["timeoutMs", "deadlineMs", "maxAttempts", "baseDelayMs", "maxDelayMs"];
const zeroRefused = ["timeoutMs", "deadlineMs", "maxAttempts"];
const given = (name: string, value: unknown) =>
  /Ms$/.test(name) && !name.includes("Delay") ? { [name]: value } : { retry: { [name]: value } };
const cases = limits.flatMap((name) =>
  [...wrongNumbers, ...(zeroRefused.includes(name) ? [0] : [])].map((value) => [name, value] as const),
);

describe("a number that sets no limit", () => {
  it.each(cases)("%s: %j is refused at construction and in a call, before anything is sent", async (name, value) => {
    const make = () => createClient({ auth: "t", ...given(name, value) });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`${name} must be a number above 0`) }),
    );
    const { client, sent } = fakeServer(() => json({}));
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }, given(name, value) as never));
    expect(error).toMatchObject({ code: "ERR_GHL_CONFIGURATION", operation: "pets.getPet" });
    expect(sent).toHaveLength(0);
  });

  it.each([Number.NaN, -1, "5"])("of a list, %j, is refused", async (value) => {
    const { client, sent } = fakeServer(() => json({ pets: [] }));
    for (const name of ["maxItems", "maxPages"]) {
      const walk = async () => {
        for await (const _ of client
          .use(Pets)
          .listPets()
          .pages({ [name]: value as number }))
          break;
      };
      expect(await rejection(walk())).toMatchObject({ code: "ERR_GHL_CONFIGURATION" });
    }
    expect(sent).toHaveLength(0);
  });
});

it("Infinity is no limit, and a wait or a list may be 0", async () => {
  const { client, sent } = fakeServer(() => json({ pets: [1] }), {
    timeoutMs: Infinity,
    deadlineMs: Infinity,
    retry: { maxAttempts: Infinity, baseDelayMs: 0, maxDelayMs: 0 },
  });
  for await (const _ of client.use(Pets).listPets().items({ maxItems: 0 })) throw new Error("an item");
  expect(sent).toHaveLength(0);
  await client.use(Pets).getPet({ petId: "1" });
});

it.each([[{}], [5], [true], [{ privateIntegrationToken: 5 }], [[]], [() => "t"]])("auth: %j is refused", (auth) => {
  expect(() => createClient({ auth: auth as never })).toThrow(ConfigurationError);
});

it.each(["https://", "http://[", "https://x y.test", 5])("baseUrl: %j is refused", (baseUrl) => {
  expect(() => createClient({ auth: "t", baseUrl: baseUrl as string })).toThrow(ConfigurationError);
});

const unsendable: [string, Record<string, unknown>][] = [
  ["a line break", { "x-app": "a\r\nb: c" }],
  ["a character beyond Latin-1", { "x-app": "\u{1f600}" }],
  ["a number", { "x-app": 5 }],
  ["null", { "x-app": null }],
  ["a name with a space", { "x app": "a" }],
  ["an empty name", { "": "a" }],
];

describe("a header that cannot be sent", () => {
  it.each(unsendable)("%s is refused at construction, and in a call before anything is sent", async (_, headers) => {
    expect(() => createClient({ auth: "t", headers: headers as never })).toThrow(ConfigurationError);
    const { client, sent } = fakeServer(() => json({}));
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }, { headers: headers as never }));
    expect(error).toMatchObject({ code: "ERR_GHL_CONFIGURATION" });
    expect(sent).toHaveLength(0);
  });

  it("takes no permit that would be spent in vain", async () => {
    let permits = 0;
    const { client } = fakeServer(() => json({}), {
      rateLimiter: { acquire: () => ({ release: () => {}, count: ++permits }) },
    });
    await rejection(client.use(Pets).getPet({ petId: "1" }, { headers: { "x-app": "\n" } }));
    expect(permits).toBe(0);
  });
});
