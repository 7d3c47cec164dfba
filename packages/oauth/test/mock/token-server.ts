import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface MockOptions {
  /** Unix milliseconds; a scaled clock makes long waits short. */
  readonly now?: () => number;
  /** Real time for a waiting time of the mock. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Time in which a used refresh token gets the same successor again. */
  readonly graceMs?: number;
  readonly successDelayMs?: number;
  readonly errorDelayMs?: number;
  readonly lifeMs?: number;
  /** Answers that are cut after the rotation was carried out. */
  readonly loseAnswers?: number;
  /** Delay of the first answer after the rotation was carried out. */
  readonly holdFirstMs?: number;
  /** Mints per second before a 429; default no limit. */
  readonly mintsPerSecond?: number;
}

/** Tokens as the endpoint gives them. */
export interface MockPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface MockGrant {
  readonly id: string;
  readonly kind: "company" | "location";
  current: string;
  readonly used: Map<string, { successor: string; atMs: number }>;
  dead: boolean;
}

type Send = (status: number, body: unknown) => void;

/** A loopback stand-in for HighLevel's token endpoints: refresh tokens work once, with a grace of any length. */
export class MockTokenServer {
  readonly counts = {
    tokenCalls: 0,
    rotations: 0,
    graceAnswers: 0,
    invalidGrants: 0,
    mints: 0,
    mint429: 0,
    api: 0,
    api401: 0,
  };
  readonly tokenCallTimesMs: number[] = [];
  /** Sent with each token request, to see that they are what HighLevel wants. */
  readonly forms: URLSearchParams[] = [];
  #server: Server | undefined;
  readonly #options: MockOptions;
  readonly #grants = new Map<string, MockGrant>();
  readonly #refresh = new Map<string, MockGrant>();
  readonly #access = new Map<string, { untilMs: number; grant: string }>();
  #serial = 0;
  #lost = 0;
  #isDelayed = false;
  #mintTimesMs: number[] = [];

  constructor(options: MockOptions = {}) {
    this.#options = options;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 1_000;
    await new Promise<void>((resolve) => this.#server!.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Installs a grant, and gives its first pair. */
  install(kind: MockGrant["kind"], id: string): MockPair {
    const refreshToken = this.#token("refresh");
    const grant: MockGrant = { id, kind, current: refreshToken, used: new Map(), dead: false };
    this.#grants.set(id, grant);
    this.#refresh.set(refreshToken, grant);
    return { accessToken: this.#issue(id), refreshToken };
  }

  kill(id: string): void {
    this.#grants.get(id)!.dead = true;
  }

  expireAccessTokens(): void {
    this.#access.clear();
  }

  /** The refresh token that works. */
  currentRefreshToken(id: string): string {
    return this.#grants.get(id)!.current;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await (this.#options.sleep ?? ((wait) => new Promise((resolve) => setTimeout(resolve, wait))))(ms);
  }

  #token(kind: string): string {
    return `${kind}-secret-${++this.#serial}-${Math.random().toString(36).slice(2)}`;
  }

  #issue(grant: string): string {
    const token = this.#token("access");
    this.#access.set(token, { untilMs: this.#now() + (this.#options.lifeMs ?? 86_399_000), grant });
    return token;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const path = request.url!.split("?")[0];
    const send: Send = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (path === "/oauth/token") return this.#tokenEndpoint(new URLSearchParams(text), send, response);
    if (path === "/oauth/locationToken") {
      this.#mint(new URLSearchParams(text), request, send);
      return;
    }
    this.counts.api++;
    if (this.#isAllowed(request)) {
      send(200, { ok: true });
      return;
    }
    this.counts.api401++;
    send(401, { statusCode: 401, message: "Invalid token: access token is invalid" });
  }

  #isAllowed(request: IncomingMessage): boolean {
    const known = this.#access.get(request.headers.authorization?.slice(7) ?? "");
    return known !== undefined && this.#now() < known.untilMs;
  }

  #tokens(id: string, kind: MockGrant["kind"], refreshToken?: string): Record<string, unknown> {
    return {
      access_token: this.#issue(id),
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      token_type: "Bearer",
      expires_in: (this.#options.lifeMs ?? 86_399_000) / 1_000,
      scope: "contacts.readonly",
      userType: kind === "company" ? "Company" : "Location",
      companyId: "company",
      ...(kind === "location" ? { locationId: id } : {}),
    };
  }

  async #tokenEndpoint(form: URLSearchParams, send: Send, response: ServerResponse): Promise<void> {
    this.counts.tokenCalls++;
    this.tokenCallTimesMs.push(this.#now());
    this.forms.push(form);
    const sent = form.get("refresh_token") ?? "";
    const grant = this.#refresh.get(sent);
    const used = grant?.used.get(sent);
    const isCurrent = grant?.current === sent;
    const inGrace = used !== undefined && this.#now() - used.atMs < (this.#options.graceMs ?? 0);
    if (!grant || grant.dead || !(isCurrent || inGrace)) {
      this.counts.invalidGrants++;
      await this.#sleep(this.#options.errorDelayMs ?? 0);
      send(400, { statusCode: 400, message: "Invalid grant: refresh token is invalid" });
      return;
    }
    let successor = used?.successor;
    if (isCurrent) {
      this.counts.rotations++;
      successor = this.#token("refresh");
      grant.used.set(sent, { successor, atMs: this.#now() });
      grant.current = successor;
      this.#refresh.set(successor, grant);
    } else this.counts.graceAnswers++;
    const body = this.#tokens(grant.id, grant.kind, successor);
    if (this.#lost < (this.#options.loseAnswers ?? 0)) {
      this.#lost++;
      response.destroy();
      return;
    }
    if (this.#options.holdFirstMs && !this.#isDelayed) {
      this.#isDelayed = true;
      await this.#sleep(this.#options.holdFirstMs);
    }
    await this.#sleep(this.#options.successDelayMs ?? 0);
    send(200, body);
  }

  #mint(form: URLSearchParams, request: IncomingMessage, send: Send): void {
    if (request.headers.version !== "2021-07-28") {
      send(401, { message: "version header was not found." });
      return;
    }
    if (!this.#isAllowed(request)) {
      send(401, { message: "Invalid token: access token is invalid" });
      return;
    }
    const nowMs = this.#now();
    this.#mintTimesMs = this.#mintTimesMs.filter((atMs) => nowMs - atMs < 1_000);
    if (this.#mintTimesMs.length >= (this.#options.mintsPerSecond ?? Number.POSITIVE_INFINITY)) {
      this.counts.mint429++;
      send(429, { statusCode: 429, message: "Too Many Requests" });
      return;
    }
    this.#mintTimesMs.push(nowMs);
    this.counts.mints++;
    send(201, this.#tokens(form.get("locationId")!, "location", this.#token("unused")));
  }
}
