import { describe, expect, it } from "vitest";
import { type ApiModule, ConfigurationError, type OperationTable } from "../../src/index.ts";
import { createRaw } from "../../src/raw.ts";
import { fakeServer, json, rejection } from "../fake-server.ts";
import { Pets } from "./pets.ts";

interface ShopModule extends ApiModule {
  unbound: { getOrder: (params: { id: string }) => Promise<unknown> };
  location: unknown;
  company: unknown;
}

/** A module of another API, as it was generated from a document with this server. */
const shop = (server?: string): ShopModule =>
  ({
    module: "shop",
    api: "",
    ...(server === undefined ? {} : { server }),
    version: "",
    tokens: "?",
    operations: { getOrder: { p: "/orders/{id}" } },
  }) satisfies OperationTable as OperationTable as ShopModule;

describe("the token of a client without baseUrl", () => {
  it("the token of a client without baseUrl goes to the server of the module's own document, never to HighLevel", async () => {
    const { client, sent } = fakeServer(() => json({}));
    const module = shop("https://shop.example/v1");
    await client.use(module).getOrder({ id: "1" });
    await createRaw<{ "/orders/{id}": { get: { parameters: { path: { id: string } }; responses: object } } }>(
      client,
      module,
    ).GET("/orders/{id}", { params: { path: { id: "2" } } });
    expect(sent.map(({ url }) => url)).toEqual([
      "https://shop.example/v1/orders/1",
      "https://shop.example/v1/orders/2",
    ]);
  });

  it("the token of a client without baseUrl goes nowhere when the document names no server, and no token is requested", async () => {
    let requested = 0;
    const auth = { getAccessToken: () => `t${++requested}` };
    const { client, sent } = fakeServer(() => json({}), { auth });
    const calls = [
      client.use(shop()).getOrder({ id: "1" }),
      client
        .location("L1")
        .use({ ...shop(), location: shop().unbound })
        .getOrder({ id: "1" }),
      client.exchange(
        {
          context: { method: "GET", operation: "x.y" },
          url: "/",
          server: undefined,
          headers: {},
          body: undefined,
          acceptedTokenTypes: "?",
          resource: undefined,
          options: {},
        },
        async () => undefined,
      ),
    ];
    for (const call of calls) {
      expect(await rejection(call)).toMatchObject({ code: "ERR_GHL_CONFIGURATION", message: /baseUrl is missing/ });
      expect(await rejection(call)).toBeInstanceOf(ConfigurationError);
    }
    expect(sent).toEqual([]);
    expect(requested).toBe(0);
  });

  it("the token of a client without baseUrl goes to HighLevel for HighLevel's own modules, whatever else the client is used with", async () => {
    const { client, sent } = fakeServer(() => json({}));
    await client.use(shop("https://shop.example")).getOrder({ id: "1" });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(["shop.example", "services.leadconnectorhq.com"]);
  });

  it("the token of a client without baseUrl goes to baseUrl where there is one, of every module", async () => {
    const { client, sent } = fakeServer(() => json({}), { baseUrl: "https://proxy.example/" });
    await client.use(shop("https://shop.example")).getOrder({ id: "1" });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent.map(({ url }) => url)).toEqual(["https://proxy.example/orders/1", "https://proxy.example/pets/1"]);
  });
});

describe("a JSON body", () => {
  it.each([[false], [0], [""], [null], [[]]])("%j is sent", async (body) => {
    const { client, sent } = fakeServer(() => json({}));
    await client.use(Pets).replacePet({ petId: "1", body });
    expect(sent[0]!.body).toBe(JSON.stringify(body));
    expect(sent[0]!.headers["content-type"]).toBe("application/json");
  });

  it("a JSON body that is not given is not sent", async () => {
    const { client, sent } = fakeServer(() => json({}));
    await client.use(Pets).replacePet({ petId: "1", body: undefined });
    expect(sent[0]!.body).toBeNull();
    expect(sent[0]!.headers).not.toHaveProperty("content-type");
  });
});

it("a client writes an array into a path as its values", async () => {
  const { client, sent } = fakeServer(() => json({}));
  await client.use(Pets).getPet({ petId: ["a,b", "c/d"] });
  expect(sent[0]!.path).toBe("/pets/a%2Cb,c%2Fd");
  expect(await rejection(client.use(Pets).getPet({ petId: [] }))).toMatchObject({ code: "ERR_GHL_PARAMETER" });
});

it("a client takes an empty success of a GET where the document promises no content", async () => {
  const { client } = fakeServer([() => new Response(""), () => json({ ok: true })]);
  const open = { ...Pets, operations: { ...Pets.operations, open: { p: "/open", k: "", v: "", r: "n" } } } as const;
  expect(await client.use(open).open()).toBeUndefined();
  expect(await client.use(open).open()).toEqual({ ok: true });
});

describe("raw calls of another API", () => {
  interface Paths {
    "/orders/{id}": {
      put: {
        parameters: { path: { id: string } };
        requestBody: { content: { "application/octet-stream": Blob | Uint8Array; "text/plain": string } };
        responses: { 200: { content: { "text/event-stream": string } } };
      };
    };
  }
  const params = { path: { id: "1" } };

  it.each<[string, Blob | Uint8Array | string, string]>([
    ["a Blob", new Blob(["a"]), "application/octet-stream"],
    ["a view of bytes", new TextEncoder().encode("xa").subarray(1), "application/octet-stream"],
    ["a text", "a", "text/plain"],
  ])("raw calls of another API send %s as it is", async (_, body, type) => {
    const { client, sent } = fakeServer(() => json({}));
    await createRaw<Paths>(client, shop("https://shop.example")).PUT("/orders/{id}", {
      params,
      body,
      headers: { "content-type": type },
    });
    expect(sent[0]!.body).toBe("a");
    expect(sent[0]!.headers["content-type"]).toBe(type);
  });

  it("raw calls of another API refuse bytes without a media type, which would be sent as {}", async () => {
    const { client, sent } = fakeServer(() => json({}));
    const call = createRaw<Paths>(client, shop("https://shop.example")).PUT("/orders/{id}", {
      params,
      body: new Blob(["a"]),
    });
    expect(await rejection(call)).toMatchObject({ code: "ERR_GHL_PARAMETER", parameter: "body" });
    expect(sent).toEqual([]);
  });

  it("raw calls of another API give an event stream before it ends", async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("data: a\n\n")),
    });
    const { client } = fakeServer(() => new Response(body, { headers: { "content-type": "text/event-stream" } }));
    const { data } = await createRaw<Paths>(client, shop("https://shop.example")).PUT("/orders/{id}", {
      params,
      body: "x",
      headers: { "content-type": "text/plain" },
      parseAs: "stream",
    });
    const { value } = await data!.getReader().read();
    expect(new TextDecoder().decode(value)).toBe("data: a\n\n");
  });
});
