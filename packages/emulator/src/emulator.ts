import { createApp } from "./app.ts";
import { createControlApi, isControlPath } from "./control/control-api.ts";
import { createClock, createFaultControls, createLimitControls } from "./control/controls.ts";
import { installFromStart, uninstall } from "./control/installations.ts";
import type { EmulatorContext } from "./core/context.ts";
import type { EmulatorOptions } from "./core/emulator-options.ts";
import { resolveOptions } from "./core/options.ts";
import { createRandom } from "./core/random.ts";
import { createState } from "./core/state.ts";
import type { Emulator } from "./emulator-api.ts";
import { executeWithFaults } from "./faults/inject.ts";
import { seedRecords } from "./seed/seed-records.ts";
import { createOutbox } from "./webhooks/outbox.ts";
import { sendEvent } from "./webhooks/send-event.ts";
import { createWebhookControls } from "./webhooks/webhook-controls.ts";
import { createWebhookKeys } from "./webhooks/webhook-keys.ts";

/** Makes a local HighLevel. All its memory is in the returned object. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const given = resolveOptions(options);
  const clock = createClock(given.now);
  const resolved = { ...given, now: clock.now };
  const state = createState(resolved);
  const random = createRandom(resolved.seed);
  const keys = createWebhookKeys(resolved);
  const outbox = createOutbox({ options: resolved, state, random }, keys);
  const context: EmulatorContext = { options: resolved, state, random, outbox };
  for (const { token, resource, scopes } of resolved.privateTokens)
    state.accessTokens.set(token, { kind: "private", resource, scopes });
  seedRecords(context);
  installFromStart(context);
  const app = createApp(context);
  const emulator: Emulator = {
    faults: createFaultControls(context),
    limits: createLimitControls(context),
    clock,
    webhooks: createWebhookControls(context, keys, outbox),
    installations: () => [...context.state.installations.values()],
    uninstall: (resource, clientId) => uninstall(context, resource, clientId),
    records: () => context.state.records.counts(),
    clearLog: () => {
      context.state.log.length = 0;
    },
    fetch: async (input, init) => {
      // A request of another runtime is no instance of this one's class and goes on as it is.
      const isWhole = typeof input === "object" && !(input instanceof URL) && init === undefined;
      const request = isWhole ? input : new Request(input, init);
      const isControl = resolved.controls && isControlPath(new URL(request.url).pathname);
      if (isControl) return control.fetch(request);
      return executeWithFaults(context, request, async (inner, bindings) => app.fetch(inner, bindings));
    },
    log: context.state.log,
    publicKey: async () => (await keys.ed25519()).publicKey,
    sendEvent: async (type, payload, url, sendOptions = {}) =>
      sendEvent(context, keys, { type, payload, url, options: sendOptions }),
    setActive: (resourceId, active) => {
      if (active) context.state.inactive.delete(resourceId);
      else context.state.inactive.add(resourceId);
    },
    expireAccessTokens: ({ kind, id }) => {
      for (const [token, record] of context.state.accessTokens)
        if (record.kind === "oauth" && record.resource.kind === kind && record.resource.id === id)
          context.state.accessTokens.delete(token);
    },
  };
  const control = createControlApi(emulator);
  return emulator;
}
