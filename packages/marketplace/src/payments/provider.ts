import { describeValue, isObject, resolveRuntime } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { checkTimeoutMs, type OutgoingRequest, resolveUrl, type SendOptions, sendJson } from "../http/send.ts";
import { demandHeaderText } from "../options.ts";

/** @see https://marketplace.gohighlevel.com/docs/ghl/payments/create-integration (read 2026-11-21) */
const API_BASE_URL = "https://services.leadconnectorhq.com";
const PROVIDER_PATH = "payments/custom-provider";
const API_VERSION = "2021-07-28";

/** Options of `createPaymentProviderClient`. */
export interface PaymentProviderClientOptions extends SendOptions {
  /**
   * A token with `payments/custom-provider.write`, and `.readonly` to read, or a function that returns one per call. It is a token of the
   * location, or of the company for its capabilities.
   */
  readonly accessToken: string | (() => string | Promise<string>);
  /** Value of the header `Version`. Default: `2021-07-28`. */
  readonly version?: string;
}

/** Name, description and URLs of your provider in a location. */
export interface ProviderDetails {
  readonly name: string;
  readonly description: string;
  /** URL of your checkout page. */
  readonly paymentsUrl: string;
  /** URL of your query handler. */
  readonly queryUrl: string;
  readonly imageUrl: string;
  /** Whether your provider can start a subscription later. Default: false. */
  readonly supportsSubscriptionSchedule?: boolean;
}

/** Keys of your provider in one mode. */
export interface ProviderKeys {
  /** Key that HighLevel sends with every query. */
  readonly apiKey: string;
  /** Key that HighLevel sends to your checkout page. */
  readonly publishableKey: string;
}

/** Keys per mode. HighLevel's API document requires both modes, and its help page one at a time. */
export type ConnectKeys =
  | { readonly live: ProviderKeys; readonly test?: ProviderKeys }
  | { readonly live?: ProviderKeys; readonly test: ProviderKeys };

/** HighLevel's record of your provider in a location. Unlisted fields are passed on. */
export interface ProviderConfig extends ProviderDetails {
  readonly _id: string;
  readonly locationId: string;
  readonly marketplaceAppId: string;
  /** Settings per mode. They include keys, so never log them. */
  readonly paymentProvider?: Readonly<Record<string, unknown>>;
  readonly deleted: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly traceId?: string;
}

/** Capabilities of your provider in a location or a company. */
export type Capabilities = { readonly supportsSubscriptionSchedules: boolean } & (
  | { readonly locationId: string; readonly companyId?: never }
  | { readonly companyId: string; readonly locationId?: never }
);

/** Options of one call. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal;
}

/**
 * Client of HighLevel's API for a payment provider's configuration. It does not retry. Each call rejects with a SendError or the signal's
 * reason, and with a ConfigurationError before anything is sent. `undefined` means that HighLevel accepted the call and answered without a
 * record (201 or 204 without a body).
 */
export interface PaymentProviderClient {
  /**
   * Registers your provider in the location after an install.
   *
   * @param locationId - Id of the location
   * @param details - Name, description and addresses of your provider
   * @param options - A signal
   * @returns The configuration, or `undefined` when HighLevel answered without one
   * @throws {SendError} when HighLevel refuses the call or does not answer. `ambiguous` says whether HighLevel may have done it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  create(locationId: string, details: ProviderDetails, options?: CallOptions): Promise<ProviderConfig | undefined>;
  /**
   * Removes your provider from the location.
   *
   * @param locationId - Id of the location
   * @param options - A signal
   * @throws {SendError} when HighLevel refuses the call or does not answer. `ambiguous` says whether HighLevel may have done it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  delete(locationId: string, options?: CallOptions): Promise<void>;
  /**
   * Reads the configuration of the location.
   *
   * @param locationId - Id of the location
   * @param options - A signal
   * @returns The configuration, or `undefined` when HighLevel answered without one
   * @throws {SendError} when HighLevel refuses the call or does not answer. `ambiguous` says whether HighLevel may have done it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  get(locationId: string, options?: CallOptions): Promise<ProviderConfig | undefined>;
  /**
   * Sets the keys of the live mode, the test mode, or both.
   *
   * @param locationId - Id of the location
   * @param keys - The keys by mode
   * @param options - A signal
   * @returns The configuration, or `undefined` when HighLevel answered without one
   * @throws {SendError} when HighLevel refuses the call or does not answer. `ambiguous` says whether HighLevel may have done it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  connect(locationId: string, keys: ConnectKeys, options?: CallOptions): Promise<ProviderConfig | undefined>;
  /**
   * Removes the keys of one mode.
   *
   * @param locationId - Id of the location
   * @param mode - The mode whose keys are removed
   * @param options - A signal
   * @throws {SendError} when HighLevel refuses the call or does not answer. `ambiguous` says whether HighLevel may have done it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  disconnect(locationId: string, mode: "live" | "test", options?: CallOptions): Promise<void>;
  /**
   * Sets the capabilities. HighLevel names the field `supportsSubscriptionSchedules` here, and without the s in `create`.
   *
   * @param capabilities - The capabilities, and whose they are
   * @param options - A signal
   * @throws {SendError} when HighLevel refuses the call or does not answer. `ambiguous` says whether HighLevel may have done it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  updateCapabilities(capabilities: Capabilities, options?: CallOptions): Promise<void>;
}

function checkId(id: string | undefined): void {
  if (typeof id !== "string" || id === "") throw new ConfigurationError("locationId or companyId is missing");
}

function keysOf({ apiKey, publishableKey }: ProviderKeys): ProviderKeys {
  if (!apiKey) throw new ConfigurationError("apiKey is missing");
  if (!publishableKey) throw new ConfigurationError("publishableKey is missing");
  return { apiKey, publishableKey };
}

/**
 * Creates a client of HighLevel's API for a payment provider's configuration.
 *
 * @param options - The access token
 * @returns The client
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://marketplace.gohighlevel.com/docs/ghl/payments/create-integration (read 2026-11-21)
 * @example
 * ```ts
 * import { createPaymentProviderClient } from "@ghl-edge/marketplace/payments";
 *
 * export async function connect(accessToken: string, locationId: string): Promise<void> {
 *   const client = createPaymentProviderClient({ accessToken });
 *   await client.connect(locationId, { live: { apiKey: "api-key", publishableKey: "pk" } });
 * }
 * ```
 */
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
    request: { readonly locationId?: string; readonly json?: unknown; readonly settings: CallOptions | undefined },
  ): Promise<ProviderConfig | undefined> {
    const url = resolveUrl(`${PROVIDER_PATH}/${path}`, baseUrl);
    if (request.locationId !== undefined) url.searchParams.set("locationId", request.locationId);
    const token = typeof accessToken === "function" ? await accessToken() : accessToken;
    // Without a token HighLevel would answer 401, which does not show the cause.
    demandHeaderText("result of accessToken", token);
    const headers = { authorization: `Bearer ${token}`, version };
    const { json, settings } = request;
    const { body } = await sendJson(runtime, { method, url, headers, json, timeoutMs, signal: settings?.signal });
    return isObject(body) ? (body as unknown as ProviderConfig) : undefined;
  }

  return {
    async create(locationId, details, settings) {
      checkId(locationId);
      const { supportsSubscriptionSchedule = false, name, description, paymentsUrl, queryUrl, imageUrl } = details;
      const json = { name, description, paymentsUrl, queryUrl, imageUrl, supportsSubscriptionSchedule };
      return await call("POST", "provider", { locationId, json, settings });
    },
    async delete(locationId, settings) {
      checkId(locationId);
      await call("DELETE", "provider", { locationId, settings });
    },
    async get(locationId, settings) {
      checkId(locationId);
      return await call("GET", "connect", { locationId, settings });
    },
    async connect(locationId, { live, test }, settings) {
      checkId(locationId);
      if (live === undefined && test === undefined) throw new ConfigurationError("live or test is missing");
      const json = { ...(live && { live: keysOf(live) }), ...(test && { test: keysOf(test) }) };
      return await call("POST", "connect", { locationId, json, settings });
    },
    async disconnect(locationId, mode, settings) {
      checkId(locationId);
      if (mode !== "live" && mode !== "test")
        throw new ConfigurationError(`mode must be live or test, got ${describeValue(mode)}`);
      await call("POST", "disconnect", { locationId, json: { liveMode: mode === "live" }, settings });
    },
    async updateCapabilities({ supportsSubscriptionSchedules, locationId, companyId }, settings) {
      checkId(locationId ?? companyId);
      const tenant = locationId === undefined ? { companyId } : { locationId };
      await call("PUT", "capabilities", { json: { supportsSubscriptionSchedules, ...tenant }, settings });
    },
  };
}
