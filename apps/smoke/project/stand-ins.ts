/** Servers on loopback that the examples call. The emulator of the fresh project stands for HighLevel, a few lines for `pets.example`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { importFrom } from "./sources.ts";

type EmulatorPackage = typeof import("@ghl-edge/emulator");
type NodePackage = typeof import("@ghl-edge/emulator/node");

const SCOPES = ["contacts.readonly", "contacts.write", "opportunities.readonly"];

/** The tokens that examples have, each with the location they use it for. */
const TOKENS: Readonly<Record<string, string>> = {
  "pit-00000000-0000-0000-0000-000000000000": "ve9EPM428h8vShlRW1KT",
  "pit-root": "ve9EPM428h8vShlRW1KT",
  token: "L1",
  "token-1": "ve9EPM428h8vShlRW1KT",
};

/** The stand-ins, and what they were asked. */
export interface StandIns {
  /** Origin that an example calls → origin that answers. */
  readonly origins: Readonly<Record<string, string>>;
  /** HighLevel without a server, for Workers. */
  answer(request: Request): Promise<Response>;
  /** `v3.contacts.getContact 200` per request to the emulator, in order. */
  log(): string[];
  /** SPKI, base64: verifies what `signedEvent` gives. */
  readonly webhookKey: string;
  /** A delivery of an event as HighLevel would send it. */
  signedEvent(name: string, payload: Readonly<Record<string, unknown>>): Promise<Request>;
  close(): Promise<void>;
}

export async function startStandIns(project: string): Promise<StandIns> {
  const { createEmulator } = (await importFrom(project, "@ghl-edge/emulator")) as EmulatorPackage;
  const { serve } = (await importFrom(project, "@ghl-edge/emulator/node")) as NodePackage;
  let delivery: Request | undefined;
  const emulator = createEmulator({
    privateTokens: Object.entries(TOKENS).map(([token, id]) => ({
      token,
      resource: { kind: "location", id },
      scopes: SCOPES,
    })),
    fetch: async (request) => {
      delivery = request;
      return new Response();
    },
  });
  // The emulator answers every page alike, which the client rightly refuses to walk through: a list that ends.
  const list = { opportunities: [{ id: "o1", name: "Roof" }], meta: { total: 1 } };
  const answer = async (request: Request): Promise<Response> =>
    new URL(request.url).pathname === "/opportunities/search" ? Response.json(list) : emulator.fetch(request);
  const highLevel = await serve({ fetch: answer }, { port: 0 });
  const pets = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: "1", name: "Mia", kind: "cat" }));
  });
  await new Promise<void>((resolve) => pets.listen(0, "127.0.0.1", resolve));
  return {
    origins: {
      "https://services.leadconnectorhq.com": highLevel.url,
      "https://pets.example": `http://127.0.0.1:${(pets.address() as AddressInfo).port}`,
    },
    answer,
    log: () => emulator.log.map(({ operation, status }) => `${operation} ${status}`),
    webhookKey: await emulator.publicKey(),
    async signedEvent(name, payload) {
      await emulator.sendEvent(name, payload, { url: "https://you.example/webhooks" });
      if (!delivery) throw new Error("the emulator sent nothing");
      return delivery;
    },
    async close() {
      await highLevel.close();
      await new Promise((resolve) => pets.close(resolve));
    },
  };
}
