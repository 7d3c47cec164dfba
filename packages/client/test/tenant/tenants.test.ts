import { describe, expect, it } from "vitest";
import { TenantRequiredError } from "../../src/index.ts";
import { fakeServer, json, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

const ok = () => json({ ok: true });

describe("tenants", () => {
  it("a tenant handle fills the location into query, path, body and altId with altType", async () => {
    const { client, sent } = fakeServer(ok);
    const pets = client.location("L1").use(Pets);
    await pets.findPets();
    await pets.shelter();
    await pets.shelterOrder();
    await pets.createPet({ body: { name: "Rex" } });
    await pets.optional();
    expect(sent.map(({ path }) => path)).toEqual([
      "/pets/?locationId=L1",
      "/shelters/L1",
      "/orders/?altId=L1&altType=location",
      "/pets/",
      "/optional/",
    ]);
    expect(JSON.parse(sent[3]!.body as string)).toEqual({ name: "Rex", locationId: "L1" });
    expect(JSON.parse(sent[4]!.body as string)).toEqual({ locationId: "L1" });
  });

  it("a tenant handle fills the company, and never a location with a company's id", async () => {
    const { client, sent } = fakeServer(ok);
    const pets = client.company("C1").use(Pets);
    await pets.agency();
    await pets.either();
    expect(sent.map(({ path }) => path)).toEqual(["/agencies/C1", "/either/?companyId=C1"]);
    expect(await rejection(pets.findPets())).toMatchObject({ code: "ERR_GHL_TENANT_REQUIRED", field: "locationId" });
  });

  it("a tenant handle lets what the caller names win, and changes nothing that the caller owns", async () => {
    const { client, sent } = fakeServer(ok);
    const pets = client.location("L1").use(Pets);
    const body = Object.freeze({ locationId: "L2" });
    await pets.findPets(Object.freeze({ locationId: "L2" }));
    await pets.createPet(Object.freeze({ body }));
    expect(sent[0]!.path).toBe("/pets/?locationId=L2");
    expect(JSON.parse(sent[1]!.body as string)).toEqual({ locationId: "L2" });
  });

  it.each(["findPets", "shelter", "shelterOrder", "createPet", "agency"] as const)(
    "%s without tenant is refused before anything is sent",
    async (name) => {
      const { client, sent } = fakeServer(ok);
      const error = await rejection(client.use(Pets)[name]({ locationId: "", altId: null }));
      expect(error).toBeInstanceOf(TenantRequiredError);
      expect(sent).toHaveLength(0);
    },
  );

  it("a client without a tenant sends an operation whose tenant is optional", async () => {
    const { client, sent } = fakeServer(ok);
    await client.use(Pets).either();
    await client.use(Pets).optional({ body: { a: 1 } });
    expect(sent.map(({ path, body }) => [path, body])).toEqual([
      ["/either/", null],
      ["/optional/", '{"a":1}'],
    ]);
  });

  it("a tenant handle does not bind to an empty id", () => {
    const { client } = fakeServer(ok);
    expect(() => client.location("")).toThrow(TenantRequiredError);
    expect(() => client.company("")).toThrow(TenantRequiredError);
  });
});
