import { HighLevel } from "@gohighlevel/api-client";

type Answer =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | "reset";

/** Copy of the interface in `packages/oauth/test/recovery/scenarios.ts`. */
interface FakeHighLevel {
  answer(request: {
    readonly path: string;
    readonly authorization: string | undefined;
    readonly form: URLSearchParams;
  }): Answer;
}

/** Client under test, whose clock runs only in `pass`. Copy of the interface in the same file. */
interface Contestant {
  storeTokens(id: string, tokens: { accessToken: string; refreshToken: string }, leftMs: number): Promise<void>;
  call(locationId: string): Promise<boolean>;
  pass(ms: number): Promise<void>;
}

/** Members of the axios configuration that an adapter needs. */
interface Config {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

const LIFE_S = 86_399;

/** The SDK reads the platform's clock: this one stands still until it is moved. */
function createClock() {
  const real = Date.now;
  let nowMs = real();
  return {
    pass: (ms: number): void => {
      nowMs += ms;
    },
    /** Runs the work with this clock in place of the platform's. */
    async during<T>(work: () => Promise<T>): Promise<T> {
      Date.now = () => nowMs;
      try {
        return await work();
      } finally {
        Date.now = real;
      }
    },
  };
}

/** The official SDK with its own memory store. Its HTTP library gets an adapter, so that only the SDK decides. */
export function createContestant(world: FakeHighLevel): Contestant {
  const clock = createClock();
  const sdk = new HighLevel({
    clientId: "0123456789abcdef01234567-abc",
    clientSecret: "secret-of-the-app",
    // This is a text, because the SDK treats the number of its own `LogLevel.NONE` as absent.
    logLevel: "none",
  });
  const { httpClient } = sdk as unknown as { httpClient: { defaults: { adapter: unknown } } };
  httpClient.defaults.adapter = async (config: Config) => {
    const authorization = config.headers.Authorization;
    const answer = world.answer({
      path: new URL(config.url, "https://services.leadconnectorhq.com").pathname,
      authorization: typeof authorization === "string" ? authorization : undefined,
      form: new URLSearchParams(typeof config.data === "string" ? config.data : ""),
    });
    if (answer === "reset") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET", config });
    const { status, body, headers = {} } = answer;
    const response = { data: parsed(body), status, statusText: "", headers, config, request: {} };
    // Axios follows redirects itself, here to a login page.
    if (status < 300) return response;
    if (status < 400) return { ...response, status: 200, data: "<!doctype html><title>Login</title>" };
    throw Object.assign(new Error(`status ${status}`), { isAxiosError: true, config, response });
  };
  return {
    storeTokens: (id, { accessToken, refreshToken }, leftMs) =>
      clock.during(async () => {
        const isCompany = id === "company";
        await sdk.getSessionStorage().setSession(id, {
          access_token: accessToken,
          refresh_token: refreshToken,
          token_type: "Bearer",
          // The store counts from the time of this call.
          expires_in: Math.min(LIFE_S, Math.round(leftMs / 1_000)),
          scope: "contacts.readonly",
          userType: isCompany ? "Company" : "Location",
          companyId: "company",
          ...(isCompany ? {} : { locationId: id }),
        });
      }),
    call: (id) =>
      clock.during(() =>
        sdk.contacts.getContact({ contactId: "c1" }, { headers: { locationId: id } }).then(
          () => true,
          () => false,
        ),
      ),
    pass: async (ms) => clock.pass(ms),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
