import { describe, expect, expectTypeOf, it } from "vitest";
import { Contacts, type paths } from "../src/generated/v3/contacts.gen.ts";
import { ParameterError, TimeoutError } from "../src/index.ts";
import { createRaw } from "../src/raw.ts";
import { fakeServer, json, type Reply, rejection } from "./fake-server.ts";

describe("createRaw", () => {
  it("createRaw sends openapi-fetch calls with the client's token and the operation's Version", async () => {
    const { client, sent } = fakeServer(() => json({ contact: { id: "c1" } }));
    const { data, response } = await createRaw<paths>(client, Contacts).GET("/contacts/{contactId}", {
      params: { path: { contactId: "c 1" } },
    });
    expect(data).toEqual({ contact: { id: "c1" } });
    expect(response.status).toBe(200);
    expect(sent[0]).toMatchObject({
      url: "https://services.leadconnectorhq.com/contacts/c%201",
      method: "GET",
      headers: { authorization: "Bearer pit-secret", version: "v3" },
    });
    expectTypeOf(data).not.toBeAny();
  });

  it("createRaw sends a body again after a 429, and gives errors as openapi-fetch does", async () => {
    const replies: Reply[] = [() => json({}, { status: 429 }), () => json({ message: ["no"] }, { status: 422 })];
    const { client, sent } = fakeServer(replies);
    const raw = createRaw<paths>(client.location("L1"), Contacts);
    const { data, error, response } = await raw.POST("/contacts/", { body: { locationId: "L1", firstName: "A" } });
    expect(data).toBeUndefined();
    expect(error).toEqual({ message: ["no"] });
    expect(response.status).toBe(422);
    const bodies = sent.map(({ body }) => body as string);
    expect(bodies).toEqual([bodies[0], bodies[0]]);
    expect(JSON.parse(bodies[0]!)).toEqual({ locationId: "L1", firstName: "A" });
    expect(sent[0]!.headers["content-type"]).toBe("application/json");
  });

  it("createRaw asks for the token of the handle's tenant", async () => {
    const requested: unknown[] = [];
    const auth = { getAccessToken: (request: object) => `t${requested.push(request)}` };
    const { client } = fakeServer(() => json({}), { auth });
    await createRaw<paths>(client.location("L1"), Contacts).GET("/contacts/{contactId}", {
      params: { path: { contactId: "c1" } },
    });
    expect(requested[0]).toMatchObject({
      resource: { kind: "location", id: "L1" },
      acceptedTokenTypes: ["location", "location-pit"],
    });
  });

  it.each(["", ".", ".."])("createRaw refuses %j as a path parameter before anything is sent", async (contactId) => {
    const { client, sent } = fakeServer(() => json({}));
    const call = async () =>
      createRaw<paths>(client, Contacts).GET("/contacts/{contactId}", { params: { path: { contactId } } });
    expect(await rejection(call())).toBeInstanceOf(ParameterError);
    expect(sent).toHaveLength(0);
  });

  it("createRaw keeps 204 without a body", async () => {
    const { client } = fakeServer(() => new Response(null, { status: 204 }));
    const { data, response } = await createRaw<paths>(client, Contacts).DELETE("/contacts/{contactId}", {
      params: { path: { contactId: "c1" } },
    });
    expect([data, response.status]).toEqual([undefined, 204]);
  });

  it.each([200, 201])("createRaw gives %i without a body as no data, as its document says", async (status) => {
    const { client } = fakeServer(() => new Response("", { status }));
    const raw = createRaw<paths>(client, Contacts);
    const { data, error, response } = await raw.POST("/contacts/", { body: { locationId: "L1" } });
    expect([data, error, response.status]).toEqual([undefined, undefined, status]);
  });

  it("createRaw reads an error within a size", async () => {
    const { client } = fakeServer(() => new Response("x".repeat(5_000_000), { status: 400 }));
    const { error } = await createRaw<paths>(client, Contacts).GET("/contacts/{contactId}", {
      params: { path: { contactId: "c1" } },
    });
    expect(String(error)).toHaveLength(65_536);
  });

  it("createRaw has the client's time limits and heeds the signal of a call", async () => {
    const { client } = fakeServer(() => new Promise<never>(() => {}), { timeoutMs: 20, retry: false });
    const raw = createRaw<paths>(client, Contacts);
    const init = { params: { path: { contactId: "c1" } } };
    expect(await rejection(raw.GET("/contacts/{contactId}", init))).toBeInstanceOf(TimeoutError);
    const controller = new AbortController();
    const call = raw.GET("/contacts/{contactId}", { ...init, signal: controller.signal });
    controller.abort("enough");
    expect(await rejection(call)).toBe("enough");
  });
});
