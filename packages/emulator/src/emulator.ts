import { createApp } from "./app.ts";
import { createControlApi, isControlPath } from "./control/control-api.ts";
import { createClock, createFaultControls, createLimitControls } from "./control/controls.ts";
import { installFromStart, uninstall } from "./control/installations.ts";
import type { EmulatorContext } from "./core/context.ts";
import type { EmulatorOptions, ResolvedOptions } from "./core/options/emulator-options.ts";
import { resolveOptions } from "./core/options/resolve-options.ts";
import { createRandom } from "./core/random.ts";
import { createState } from "./core/state.ts";
import type { Emulator } from "./emulator-api.ts";
import { executeWithFaults } from "./faults/inject.ts";
import { seedRecords } from "./seed/seed-records.ts";
import { createOutbox } from "./webhooks/outbox.ts";
import { sendEvent } from "./webhooks/send-event.ts";
import { createWebhookControls } from "./webhooks/webhook-controls.ts";
import { createWebhookKeys } from "./webhooks/webhook-keys.ts";
import type { WebhookKeys } from "./webhooks/webhook-request.ts";

/** Makes the parts that a reset replaces: the memory, and the parts that work on it. */
function begin(options: ResolvedOptions, keys: WebhookKeys) {
  const state = createState(options);
  const random = createRandom(options.seed);
  const outbox = createOutbox({ options, state, random }, keys);
  const context: EmulatorContext = { options, state, random, outbox };
  for (const { token, resource, scopes } of options.privateTokens)
    state.accessTokens.set(token, { kind: "private", resource, scopes });
  seedRecords(context);
  installFromStart(context);
  return {
    context,
    app: createApp(context),
    faults: createFaultControls(context),
    limits: createLimitControls(context),
    webhooks: createWebhookControls(context, keys, outbox),
  };
}

/**
 * Makes a local HighLevel. All its memory is in the returned object.
 *
 * @param options - Apps, company, records, rate limit, faults and webhooks. Default: one app, a company with two locations, no records
 * @returns The emulator: `fetch` answers as HighLevel, the other members control it and show what it received
 * @throws {EmulatorConfigurationError} when an option is unknown or has an impossible value
 * @example
 * ```ts
 * import { createClient } from "@ghl-edge/client";
 * import { Contacts } from "@ghl-edge/client/v3/contacts";
 * import { createEmulator, DEFAULT_COMPANY } from "@ghl-edge/emulator";
 *
 * const [location] = DEFAULT_COMPANY.locations;
 * const resource = { kind: "location", id: location?.id ?? "" } as const;
 * const emulator = createEmulator({ privateTokens: [{ token: "pit-test", resource, scopes: ["contacts.readonly"] }] });
 * const ghl = createClient({ auth: "pit-test", fetch: emulator.fetch });
 *
 * await ghl.location(resource.id).use(Contacts).getContact({ contactId: "c1" });
 * console.log(emulator.log);
 * ```
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const given = resolveOptions(options);
  const clock = createClock(given.now);
  const resolved = { ...given, now: clock.now };
  const keys = createWebhookKeys(resolved);
  let running = begin(resolved, keys);
  const emulator: Emulator = {
    get faults() {
      return running.faults;
    },
    get limits() {
      return running.limits;
    },
    get webhooks() {
      return running.webhooks;
    },
    get log() {
      return running.context.state.log;
    },
    clock,
    installations: () => [...running.context.state.installations.values()],
    uninstall: (resource, clientId) => uninstall(running.context, resource, clientId),
    records: () => running.context.state.records.counts(),
    clearLog: () => {
      running.context.state.log.length = 0;
    },
    reset: () => {
      running.faults.release();
      running.webhooks.cancelPending();
      clock.setSkew(0);
      running = begin(resolved, keys);
    },
    fetch: async (input, init) => {
      // A request of another runtime is no instance of this one's class and goes on as it is.
      const isWhole = typeof input === "object" && !(input instanceof URL) && init === undefined;
      const request = isWhole ? input : new Request(input, init);
      const isControl = resolved.controls && isControlPath(new URL(request.url).pathname);
      if (isControl) return control.fetch(request);
      const { app, context } = running;
      return executeWithFaults(context, request, async (inner, bindings) => app.fetch(inner, bindings));
    },
    publicKey: async () => (await keys.ed25519()).publicKey,
    sendEvent: async (type, payload, sendOptions) =>
      sendEvent(running.context, keys, { type, payload, options: sendOptions }),
    setActive: (resourceId, active) => {
      const { inactive } = running.context.state;
      if (active) inactive.delete(resourceId);
      else inactive.add(resourceId);
    },
    expireAccessTokens: ({ kind, id }) => {
      const { accessTokens } = running.context.state;
      for (const [token, record] of accessTokens)
        if (record.kind === "oauth" && record.resource.kind === kind && record.resource.id === id)
          accessTokens.delete(token);
    },
  };
  const { company, apps } = resolved;
  const control = createControlApi({
    stage: { emulator, company, apps },
    exchanges: () => running.context.state.exchanges,
  });
  return emulator;
}
