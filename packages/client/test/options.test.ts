import { describe, expect, it } from "vitest";
import { Opportunities } from "../src/generated/v3/opportunities.gen.ts";
import { type CallOptions, type ClientOptions, ConfigurationError, createClient } from "../src/index.ts";
import { fakeServer, json, rejection, type Sent } from "./fake-server.ts";
import { Pets } from "./openapi/pets.ts";

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

  it.each([Number.NaN, -1, "5"])("a list refuses the number %j", async (value) => {
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

it.each([
  ["localhost", "localhost"],
  ["https://user:s3cret@api.example/v1", "https://…"],
  ["https://api.example/v1?key=s3cret", "https://api.example/…"],
])("createClient with the baseUrl %s shows no user and no query", (baseUrl, shown) => {
  expect(() => createClient({ auth: null, baseUrl: baseUrl.replace(/@.*/, "$&?x") })).toThrow(
    `baseUrl must be an http(s) URL without query or fragment, got "${shown}"`,
  );
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["an empty object", {}],
])("createClient with %s says that auth is missing and what it takes", (_, options) => {
  expect(() => createClient(options as never)).toThrow(
    expect.objectContaining({
      code: "ERR_GHL_CONFIGURATION",
      message: "createClient: auth must be a token, a token provider or null, got undefined",
    }),
  );
  // @ts-expect-error a client without a decision about its token does not compile
  expect(() => createClient()).toThrow(ConfigurationError);
});

it.each([[{}], [5], [true], [{ privateIntegrationToken: 5 }], [[]], [() => "t"]])("auth: %j is refused", (auth) => {
  expect(() => createClient({ auth: auth as never })).toThrow(ConfigurationError);
});

it.each(["https://", "http://[", "https://x y.test", 5])("baseUrl: %j is refused", (baseUrl) => {
  expect(() => createClient({ auth: "t", baseUrl: baseUrl as string })).toThrow(ConfigurationError);
});

const undefinedOptions = {
  baseUrl: undefined,
  timeoutMs: undefined,
  deadlineMs: undefined,
  retry: undefined,
  rateLimiter: undefined,
  userAgent: undefined,
  headers: { "x-app": undefined },
} satisfies Partial<ClientOptions>;
const undefinedCallOptions = {
  signal: undefined,
  timeoutMs: undefined,
  deadlineMs: undefined,
  retry: { maxAttempts: undefined, baseDelayMs: undefined, maxDelayMs: undefined },
  idempotent: undefined,
  headers: { "x-app": undefined },
  resource: undefined,
  priority: undefined,
} satisfies CallOptions;

const undefinedFields = {
  locationId: undefined,
  altId: undefined,
  altType: undefined,
  tags: undefined,
  skip: undefined,
};
const leftOut = [
  ["findPets", {}, undefinedFields],
  ["findPets", undefined, undefined],
  ["shelter", {}, undefinedFields],
  ["shelterOrder", {}, undefinedFields],
  ["either", {}, undefinedFields],
  ["listPets", {}, undefinedFields],
  ["optional", {}, { body: undefined }],
  ["createPet", { body: { owner: {} } }, { body: { owner: { name: undefined }, ...undefinedFields } }],
  ["form", { body: { name: "Rex" } }, { body: { ...undefinedFields, name: "Rex" } }],
] as const;

it.each(leftOut)("an undefined number counts as left out: %s(%j)", async (method, params, undefinedParams) => {
  const { client, sent } = fakeServer(() => json({ pets: [] }));
  const { client: other, sent: sentByOther } = fakeServer(() => json({ pets: [] }), undefinedOptions);
  await client.location("L1").use(Pets)[method](params);
  await other.location("L1").use(Pets)[method](undefinedParams, undefinedCallOptions);
  const wire = ({ path, method, headers, body }: Sent) => ({ path, method, headers, body });
  expect(sentByOther.map(wire)).toEqual(sent.map(wire));
});

it("a method whose only parameter is the tenant takes no argument on a handle", async () => {
  const { client, sent } = fakeServer(() => json({}));
  await client.location("L1").use(Opportunities).getPipelines();
  expect(sent[0]!.path).toBe("/opportunities/pipelines?locationId=L1");
  // @ts-expect-error without a handle the location is the caller's to name
  expect(await rejection(client.use(Opportunities).getPipelines())).toMatchObject({
    code: "ERR_GHL_TENANT_REQUIRED",
    field: "locationId",
  });
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

  it("a header that cannot be sent takes no permit that would be spent in vain", async () => {
    let permits = 0;
    const { client } = fakeServer(() => json({}), {
      rateLimiter: { acquire: () => ({ release: () => {}, count: ++permits }) },
    });
    await rejection(client.use(Pets).getPet({ petId: "1" }, { headers: { "x-app": "\n" } }));
    expect(permits).toBe(0);
  });
});
