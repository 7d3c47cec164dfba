import { ConfigurationError } from "../errors.ts";
import { checkTimeoutMs, type OutgoingRequest, resolveUrl, type SendOptions, sendJson } from "../http/send.ts";
import { demandHeaderText } from "../options.ts";
import { resolveRuntime } from "../runtime.ts";

/** @see https://marketplace.gohighlevel.com/docs/ghl/payments/create-integration (read 2026-11-21) */
const API_BASE_URL = "https://services.leadconnectorhq.com";
const PROVIDER_PATH = "payments/custom-provider";
const API_VERSION = "2021-07-28";

export interface PaymentProviderClientOptions extends SendOptions {
  /**
   * A token of the location (of the company, for its capabilities) with `payments/custom-provider.write`, and `.readonly` to read; or
   * a function that gives one per call.
   */
  readonly accessToken: string | (() => string | Promise<string>);
  /** The `Version` header. Default `2021-07-28`. */
  readonly version?: string;
}

/** What a location's users see, and where HighLevel finds you. */
export interface ProviderDetails {
  readonly name: string;
  readonly description: string;
  /** Your checkout page. */
  readonly paymentsUrl: string;
  /** Your query handler. */
  readonly queryUrl: string;
  readonly imageUrl: string;
  /** Default false. */
  readonly supportsSubscriptionSchedule?: boolean;
}

export interface ProviderKeys {
  /** HighLevel sends it with every query. */
  readonly apiKey: string;
  /** HighLevel gives it to your checkout page. */
  readonly publishableKey: string;
}

/** HighLevel's document asks for both, its help page for one at a time. */
export type ConnectKeys =
  | { readonly live: ProviderKeys; readonly test?: ProviderKeys }
  | { readonly live?: ProviderKeys; readonly test: ProviderKeys };

/** HighLevel's record of your provider in a location. What is not listed is passed through. */
export interface ProviderConfig extends ProviderDetails {
  readonly _id: string;
  readonly locationId: string;
  readonly marketplaceAppId: string;
  /** Per mode, its keys among them: keep it out of logs. */
  readonly paymentProvider?: Readonly<Record<string, unknown>>;
  readonly deleted: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly traceId?: string;
}

export type Capabilities = { readonly supportsSubscriptionSchedules: boolean } & (
  | { readonly locationId: string; readonly companyId?: never }
  | { readonly companyId: string; readonly locationId?: never }
);

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * HighLevel's calls for a payment provider's configuration. Nothing is repeated. Each throws SendError or the signal's reason, and
 * ConfigurationError before anything is sent. `undefined`: HighLevel accepted the call and answered without a record (201 or 204
 * without a body).
 */
export interface PaymentProviderClient {
  /** After an install: makes your provider known in the location. */
  create(locationId: string, details: ProviderDetails, options?: CallOptions): Promise<ProviderConfig | undefined>;
  /** Takes it out of the location. */
  delete(locationId: string, options?: CallOptions): Promise<void>;
  get(locationId: string, options?: CallOptions): Promise<ProviderConfig | undefined>;
  /** Sets the keys of the live mode, the test mode, or both. */
  connect(locationId: string, keys: ConnectKeys, options?: CallOptions): Promise<ProviderConfig | undefined>;
  disconnect(locationId: string, mode: "live" | "test", options?: CallOptions): Promise<void>;
  /** Note the name: with an s here, without one in `create`. */
  updateCapabilities(capabilities: Capabilities, options?: CallOptions): Promise<void>;
}

function checkId(id: string | undefined): void {
  if (typeof id !== "string" || id === "") throw new ConfigurationError("locationId or companyId is missing");
}

function keysOf({ apiKey, publishableKey }: ProviderKeys): ProviderKeys {
  if (!apiKey || !publishableKey) throw new ConfigurationError("apiKey and publishableKey must not be empty");
  return { apiKey, publishableKey };
}

/** Makes a client for these calls. @throws {ConfigurationError} */
export function createPaymentProviderClient(options: PaymentProviderClientOptions): PaymentProviderClient {
  const { accessToken, version = API_VERSION, baseUrl = API_BASE_URL } = options;
  if (typeof accessToken !== "function") demandHeaderText("accessToken", accessToken);
  demandHeaderText("version", version);
  resolveUrl(PROVIDER_PATH, baseUrl);
  const timeoutMs = checkTimeoutMs(options.timeoutMs);
  const runtime = resolveRuntime(options);

  async function call(
    method: OutgoingRequest["method"],
    path: string,
    request: { readonly locationId?: string; readonly json?: unknown },
    settings: CallOptions | undefined,
  ): Promise<ProviderConfig | undefined> {
    const url = resolveUrl(`${PROVIDER_PATH}/${path}`, baseUrl);
    if (request.locationId !== undefined) url.searchParams.set("locationId", request.locationId);
    const token = typeof accessToken === "function" ? await accessToken() : accessToken;
    // Without one HighLevel would answer 401, which says nothing of the cause.
    demandHeaderText("what accessToken gives", token);
    const headers = { authorization: `Bearer ${token}`, version };
    const { json } = request;
    const { body } = await sendJson(runtime, { method, url, headers, json, timeoutMs, signal: settings?.signal });
    return typeof body === "object" && body !== null ? (body as ProviderConfig) : undefined;
  }

  return {
    async create(locationId, details, settings) {
      checkId(locationId);
      const { supportsSubscriptionSchedule = false, name, description, paymentsUrl, queryUrl, imageUrl } = details;
      const json = { name, description, paymentsUrl, queryUrl, imageUrl, supportsSubscriptionSchedule };
      return await call("POST", "provider", { locationId, json }, settings);
    },
    async delete(locationId, settings) {
      checkId(locationId);
      await call("DELETE", "provider", { locationId }, settings);
    },
    async get(locationId, settings) {
      checkId(locationId);
      return await call("GET", "connect", { locationId }, settings);
    },
    async connect(locationId, { live, test }, settings) {
      checkId(locationId);
      if (live === undefined && test === undefined) throw new ConfigurationError("give live, test or both");
      const json = { ...(live && { live: keysOf(live) }), ...(test && { test: keysOf(test) }) };
      return await call("POST", "connect", { locationId, json }, settings);
    },
    async disconnect(locationId, mode, settings) {
      checkId(locationId);
      if (mode !== "live" && mode !== "test") throw new ConfigurationError("mode must be live or test");
      await call("POST", "disconnect", { locationId, json: { liveMode: mode === "live" } }, settings);
    },
    async updateCapabilities({ supportsSubscriptionSchedules, locationId, companyId }, settings) {
      checkId(locationId ?? companyId);
      const tenant = locationId === undefined ? { companyId } : { locationId };
      await call("PUT", "capabilities", { json: { supportsSubscriptionSchedules, ...tenant } }, settings);
    },
  };
}
