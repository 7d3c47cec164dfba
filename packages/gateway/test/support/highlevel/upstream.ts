import { createHash } from "node:crypto";
import { createEmulator, type DeliverOptions, type Emulator, type SentEvent } from "@ghl-edge/emulator";
import { CLIENT_ID, CLIENT_SECRET, COMPANY, CONTROL, UPSTREAM, WIDE_CLIENT_ID } from "../setup/settings.ts";
import { createScenes, type Scene, type Scenes, type Span } from "./scenes.ts";

/**
 * A fault of the answer to the next refresh of a location, after HighLevel has executed it. The answer hangs until `release`, replaced
 * by a page of a proxy in between, or cut in the middle.
 */
export type Fault = "hang" | "garbage" | "cut";

/** An answer in place of HighLevel's. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
  /** Replaces `body` by this number of bytes of 255, and one more after `release`. */
  readonly binaryUntilRelease?: number;
  /** After `body` nothing comes, not even the end, until `release`. */
  readonly endlessUntilRelease?: true;
}

/** `down`: answers 503 and carries nothing out. `past_grace`: the refresh tokens that were sent are used up. */
export type TokenEndpointMode = "up" | "down" | "past_grace";

/** An event to be signed as HighLevel would send it. */
export interface Letter extends DeliverOptions {
  readonly event: string;
}

/** A request that HighLevel would post. */
export interface Posted {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const NOWHERE = "https://nowhere.test/";

interface Control {
  readonly emulator: Emulator;
  readonly faults: Map<string, Fault[]>;
  tokenEndpoint: TokenEndpointMode;
  readonly hanging: (() => void)[];
  /** Answers in place of HighLevel's to the next calls for a contact. */
  readonly answers: Map<string, Answer[]>;
  posted: (posted: Posted) => void;
  /** Limits the company's calls for location tokens. */
  readonly mints: SlidingLog;
  /** Limits the calls for the contact `strict`, from any caller. */
  readonly strict: SlidingLog;
  readonly scenes: Scenes;
  /** Every token that was ever answered: what must be found nowhere. */
  readonly secrets: Set<string>;
}

const ECHO = "/medias/upload-file";

async function readSecrets(response: Response, secrets: Set<string>): Promise<void> {
  const body = (await response.clone().json()) as Record<string, unknown>;
  for (const name of ["access_token", "refresh_token"]) if (typeof body[name] === "string") secrets.add(body[name]);
}

/** Returns the next fault of the location that the answer names. */
async function faultFor(response: Response, control: Control): Promise<Fault | undefined> {
  const { locationId } = (await response.clone().json()) as { locationId?: string };
  return control.faults.get(locationId ?? "")?.shift();
}

async function token(request: Request, control: Control): Promise<Response> {
  if (control.tokenEndpoint === "down") return new Response("Service Unavailable", { status: 503 });
  if (control.tokenEndpoint === "past_grace")
    return Response.json({ statusCode: 400, message: "Invalid grant: refresh token is invalid" }, { status: 400 });
  const isRefresh = (await request.clone().text()).includes("grant_type=refresh_token");
  const response = await control.emulator.fetch(request);
  if (!response.ok) return response;
  await readSecrets(response, control.secrets);
  const fault = isRefresh ? await faultFor(response, control) : undefined;
  if (fault === "hang") await new Promise<void>((resolve) => control.hanging.push(resolve));
  if (fault === "garbage") return new Response("<html>Bad Gateway</html>", { status: 502 });
  if (fault === "cut") return new Response('{"access_token":"cut', { status: 200 });
  return response;
}

/** A sliding log, the strictest window HighLevel may use: 100 calls in any 10 s. */
class SlidingLog {
  readonly times: number[] = [];
  /** When it refused. */
  readonly refusals: number[] = [];

  /** The answer of a refusal; undefined: counted and allowed. */
  count(): Response | undefined {
    const nowMs = performance.now();
    const used = this.times.filter((atMs) => atMs > nowMs - 10_000).length;
    if (used < 100) {
      this.times.push(nowMs);
      return undefined;
    }
    this.refusals.push(nowMs);
    return Response.json({ statusCode: 429, message: "Too Many Requests" }, { status: 429 });
  }

  /** `refusedAfterMs`: each, after the first call. */
  outcome() {
    const refusedAfterMs = this.refusals.map((atMs) => Math.round(atMs - (this.times[0] ?? 0)));
    return { made: this.times.length, refused: this.refusals.length, refusedAfterMs };
  }

  /** HighLevel's headers after a call was counted. */
  headers(): Record<string, string> {
    const nowMs = performance.now();
    const used = this.times.filter((atMs) => atMs > nowMs - 10_000).length;
    return {
      "x-ratelimit-max": "100",
      "x-ratelimit-interval-milliseconds": "10000",
      "x-ratelimit-remaining": String(100 - used),
    };
  }
}

async function mint(request: Request, control: Control): Promise<Response> {
  const refused = control.mints.count();
  if (refused !== undefined) return refused;
  const response = await control.emulator.fetch(request);
  if (response.ok) await readSecrets(response, control.secrets);
  return response;
}

function slowBinary(length: number, control: Control): Response {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new Uint8Array(length).fill(255));
      await new Promise<void>((resolve) => control.hanging.push(resolve));
      controller.enqueue(new Uint8Array(1));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "application/octet-stream" } });
}

/** Headers that HighLevel might send. */
const ECHO_HEADERS = {
  "set-cookie": "spy=1",
  "x-ratelimit-remaining": "7",
  "x-gateway-wait-ms": "forged",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "alt-svc": 'h3=":443"',
  "access-control-allow-origin": "*",
  refresh: "0; url=https://elsewhere.example",
};

function endless({ body, ...init }: Answer, control: Control): Response {
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      await new Promise<void>((resolve) => control.hanging.push(resolve));
      controller.close();
    },
  });
  return new Response(stream, init);
}

async function steer(request: Request, control: Control): Promise<Response> {
  const { pathname } = new URL(request.url);
  const body = request.method === "POST" ? ((await request.json()) as Record<string, unknown>) : {};
  switch (pathname) {
    case "/log":
      return Response.json(control.emulator.log);
    case "/mints":
      return Response.json(control.mints.outcome());
    case "/strict":
      return Response.json(control.strict.outcome());
    case "/scene":
      control.scenes.open(body as unknown as Scene);
      return Response.json({});
    case "/scene-outcome": {
      const { token, span } = body as unknown as { token: string; span: Span };
      return Response.json(control.scenes.outcome(token, span));
    }
    case "/expire":
      control.emulator.expireAccessTokens(body.resource as { kind: "location" | "company"; id: string });
      return Response.json({});
    case "/answer": {
      const { contactId, answers } = body as { contactId: string; answers: Answer[] };
      control.answers.set(contactId, answers);
      return Response.json({});
    }
    case "/secrets":
      return Response.json([...control.secrets, CLIENT_SECRET]);
    case "/public-key":
      return Response.json(await control.emulator.publicKey());
    case "/fault": {
      const { locationId, fault } = body as { locationId: string; fault: Fault };
      control.faults.set(locationId, [...(control.faults.get(locationId) ?? []), fault]);
      return Response.json({});
    }
    case "/token-endpoint":
      control.tokenEndpoint = body.mode as TokenEndpointMode;
      return Response.json({});
    case "/clear-faults":
      control.faults.clear();
      return Response.json({});
    case "/release":
      for (const release of control.hanging.splice(0)) release();
      return Response.json({});
    case "/active":
      control.emulator.setActive(body.resourceId as string, body.active as boolean);
      return Response.json({});
    case "/sign": {
      const { type, payload } = body as { type: string; payload: Record<string, unknown> };
      const sent: SentEvent = await control.emulator.sendEvent(type, payload, { url: NOWHERE });
      return Response.json(sent);
    }
    case "/letters": {
      const { letters } = body as { letters: Letter[] };
      const sent: Posted[] = [];
      control.posted = (posted) => sent.push(posted);
      for (const { event, ...options } of letters) await control.emulator.webhooks.deliver(event, NOWHERE, options);
      return Response.json(sent);
    }
    case "/rsa-public-key":
      return Response.json(await control.emulator.webhooks.rsaPublicKey());
    default:
      return new Response("no such control", { status: 404 });
  }
}

/** The world outside the Worker: an emulated HighLevel, its controls, and nothing else. */
export function createUpstream(locations: readonly string[]): (request: Request) => Promise<Response> {
  const control: Control = {
    emulator: createEmulator({
      seed: "gateway tests",
      apps: [CLIENT_ID, WIDE_CLIENT_ID].map((clientId) => ({ clientId, clientSecret: CLIENT_SECRET })),
      company: {
        id: COMPANY,
        name: "Agency",
        locations: locations.map((id) => ({ id, name: id })),
      },
      // Letters are posted by the test itself.
      fetch: async (request) => {
        control.posted({ headers: Object.fromEntries(request.headers), body: await request.text() });
        return new Response(null, { status: 204 });
      },
      rateLimit: { max: 5_000, intervalMs: 10_000, daily: 200_000 },
    }),
    faults: new Map(),
    tokenEndpoint: "up",
    hanging: [],
    answers: new Map(),
    posted: () => {},
    mints: new SlidingLog(),
    strict: new SlidingLog(),
    scenes: createScenes(),
    secrets: new Set(),
  };
  return async (outbound) => {
    // The runtime's own class of request is not Node's.
    const { url, method } = outbound;
    const headers = new Headers([...outbound.headers] as [string, string][]);
    const body = method === "GET" || method === "HEAD" ? null : await outbound.arrayBuffer();
    const request = new Request(url, { method, headers, body });
    const { origin, pathname } = new URL(url);
    if (origin === CONTROL) return steer(request, control);
    if (origin !== UPSTREAM) return new Response(`blocked: ${origin}`, { status: 599 });
    const scripted = control.answers.get(pathname.split("/").at(-1) ?? "")?.shift();
    if (scripted?.binaryUntilRelease !== undefined) return slowBinary(scripted.binaryUntilRelease, control);
    if (scripted?.endlessUntilRelease) return endless(scripted, control);
    if (scripted !== undefined) {
      return new Response(scripted.body, { status: scripted.status, headers: scripted.headers ?? {} });
    }
    const inScene = control.scenes.answer(request);
    if (inScene !== undefined) return inScene;
    if (pathname === "/oauth/token") return token(request, control);
    if (/^\/oauth\/location-?token$/i.test(pathname)) return mint(request, control);
    if (pathname === "/contacts/strict")
      return control.strict.count() ?? Response.json({ contact: {} }, { headers: control.strict.headers() });
    // Shows the request as it arrived, with what HighLevel's own headers might carry.
    if (pathname === ECHO) {
      const bytes = new Uint8Array(await request.arrayBuffer());
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return Response.json(
        { headers: Object.fromEntries(headers), bytes: bytes.byteLength, sha256 },
        { headers: ECHO_HEADERS },
      );
    }
    return control.emulator.fetch(request);
  };
}
