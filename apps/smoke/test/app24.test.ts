/** An ordinary app of 24 calls, written with the READMEs alone: it compiles as it stands, and does its work against the emulator. */
import { type ChildProcess, spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { userEnvironment } from "../project/nodes.ts";
import { importFrom } from "../project/sources.ts";
import { compile, RESOLUTIONS, VERSIONS } from "../project/typescript.ts";

type EmulatorPackage = typeof import("@ghl-edge/emulator");
type NodePackage = typeof import("@ghl-edge/emulator/node");

const project = inject("project");
const folder = join(project, "app24");
const sources = globSync("*.ts", { cwd: folder }).sort();

/** Calls of the API in the source: `await contacts.addTags(…)`, `for await (… of contacts.getContacts(…))`. */
const CALL = /\b(?:contacts|conversations|opportunities|calendars|objects|use\(\w+\))\s*\.(?!use\b)(\w+)\(/g;
const callsIn = (text: string): string[] => [...text.matchAll(CALL)].map(([, name]) => name!);

describe("the source", () => {
  const code = sources.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");

  it("the source makes 24 calls, of both generations", () => {
    expect(callsIn(code)).toHaveLength(24);
    for (const generation of ["v2", "v3"]) expect(code).toContain(`@ghl-edge/client/${generation}/`);
  });

  it("the source has no cast, no `any`, no assertion and no suppressed error", () => {
    const text = code.replaceAll(/^import .*$/gm, "").replaceAll(/\/\/.*$|\/\*[\s\S]*?\*\/|"[^"\n]*"/gm, '""');
    expect(text.match(/\bas\b|\bany\b|<[A-Z]\w*>\(|[\w)\]]!(?!=)/g) ?? []).toEqual([]);
    expect(code).not.toMatch(/@ts-|biome-ignore/);
  });
});

describe.each(VERSIONS)("TypeScript %s", (version) => {
  it.each(RESOLUTIONS)("the compiler accepts the app under the strictest options, %s", async (resolution) => {
    const files = sources.map((file) => `app24/${file}`);
    const program = {
      name: `app24-${version}-${resolution}`,
      version,
      resolution,
      files,
      checks: "strictest",
    } as const;
    expect(await compile(project, { ...program, platform: "node and browser" })).toBe("");
  });
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Said {
  readonly what: string;
  readonly about: unknown;
}

describe("an emulator that refuses what a document or a token does not allow", () => {
  let app: ChildProcess;
  let close: () => Promise<void>;
  let log: readonly { readonly operation?: string; readonly status: number }[];
  const said: Said[] = [];
  const about = (what: string): unknown => said.find((line) => line.what === what)?.about;
  const eventsSaid = (): string[] => said.filter(({ what }) => what === "event").map((line) => String(line.about));

  beforeAll(async () => {
    const { createEmulator, DEFAULT_APP, DEFAULT_COMPANY } = (await importFrom(
      project,
      "@ghl-edge/emulator",
    )) as EmulatorPackage;
    const { serve } = (await importFrom(project, "@ghl-edge/emulator/node")) as NodePackage;
    const port = await freePort();
    const events = ["ContactCreate", "OpportunityStageUpdate", "InboundMessage"];
    const locationId = DEFAULT_COMPANY.locations[0]!.id;
    const resource = { kind: "location", id: locationId } as const;
    const emulator = createEmulator({
      checks: "strict",
      seedRecords: "small",
      apps: [{ ...DEFAULT_APP, webhookUrl: `http://127.0.0.1:${port}/webhooks`, events }],
      privateTokens: [
        { token: "pit-contact", resource, scopes: ["conversations.readonly", "conversations/message.write"] },
      ],
      // Another client has just spent this location's budget, so HighLevel refuses the app's first call.
      faults: [{ fault: { kind: "status", status: 429 }, match: { path: "/contacts/*" }, times: 1 }],
    });
    const server = await serve(emulator, { port: 0 });
    log = emulator.log;
    app = spawn(process.execPath, [join(folder, "main.ts")], {
      cwd: project,
      env: {
        ...userEnvironment(process.execPath, project),
        PORT: String(port),
        GHL_URL: server.url,
        CLIENT_ID: DEFAULT_APP.clientId,
        CLIENT_SECRET: DEFAULT_APP.clientSecret,
        WEBHOOK_KEY: await emulator.publicKey(),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    close = async () => {
      const ended = new Promise((resolve) => app.once("close", resolve));
      if (app.kill("SIGTERM")) await ended;
      await server.close();
    };
    /** The contact that was written to answers. */
    const answer = async (contactId: unknown): Promise<void> => {
      const headers = { authorization: "Bearer pit-contact", version: "v3", "content-type": "application/json" };
      const query = new URLSearchParams({ locationId, contactId: String(contactId) });
      const found = await fetch(`${server.url}/conversations/search?${query}`, { headers });
      const { conversations } = (await found.json()) as { conversations: { id: string }[] };
      const text = { type: "SMS", message: "Yes, please", conversationProviderId: "provider" };
      const body = JSON.stringify({ ...text, contactId, conversationId: conversations[0]?.id });
      const sent = await fetch(`${server.url}/conversations/messages/inbound`, { method: "POST", headers, body });
      if (!sent.ok) said.push({ what: "failed", about: await sent.text() });
    };
    for await (const line of createInterface({ input: app.stdout! })) {
      const one = JSON.parse(line) as Said;
      said.push(one);
      // The user's browser: they choose a location, and HighLevel leads them back to the app.
      if (one.what === "install") await (await fetch(`${String(one.about)}&locationId=${locationId}`)).text();
      if (one.what === "done") await answer(one.about);
      if (one.what === "failed" || eventsSaid().some((event) => event.startsWith("inbound"))) break;
    }
  });
  afterAll(() => close?.());

  it("the app runs to its end", () => {
    expect(about("failed")).toBeUndefined();
    expect(said.map(({ what }) => what)).toContain("done");
  });

  it("the app lists every contact, with names and phones", () => {
    expect(about("contacts")).toEqual(
      expect.arrayContaining(["Ada Lovelace, +15550100", "Grace , +15550101", "Edsger , +15550102"]),
    );
    expect(about("count")).toBe((about("contacts") as string[]).length);
  });

  it("the app makes each of its calls, and none that is refused for its contents", () => {
    const code = sources.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
    const made = new Set(log.filter(({ status }) => status < 300).map(({ operation }) => operation?.split(".").at(-1)));
    expect(callsIn(code).filter((name) => !made.has(name))).toEqual([]);
    expect(log.filter(({ status }) => status >= 400 && status !== 429)).toEqual([]);
  });

  it("the app survives a 429", () => {
    expect(log.filter(({ status }) => status === 429).length).toBe(1);
  });

  it("the app moves an opportunity to the next stage, books a free slot, and reads what it has written", () => {
    const [first, second] = about("stages") as string[];
    expect(second).not.toBe(first);
    expect(about("appointment")).toMatch(/^\d{4}-\d\d-\d\dT.* confirmed$/);
    expect(about("messages")).toEqual(expect.arrayContaining([expect.stringMatching(/^outbound: Hello/)]));
    expect(about("marked")).toEqual(["lead", "qualified", "Wants an offer."]);
    expect(about("contact")).toMatch(/^Ada, \+15550100, lead qualified, /);
    expect(about("records")).toHaveLength(2);
  });

  it("the app gets three kinds of webhooks, each handled by its name", () => {
    expect(eventsSaid()).toEqual([
      expect.stringMatching(/^new contact Ada, \+15550100, lead$/),
      expect.stringMatching(/^new contact Grace, \+15550101, lead$/),
      expect.stringMatching(/^new contact Edsger, \+15550102, lead$/),
      expect.stringMatching(/^moved \w+ to /),
      expect.stringMatching(/^inbound in \w+: Yes, please$/),
    ]);
  });
});
