import {
  type Clock,
  createSendRequest,
  type Runtime,
  type RuntimeOptions,
  resolveClock as resolve,
} from "@ghl-edge/core";
import { checkFunction } from "./oauth/app.ts";

/** @throws {ConfigurationError} */
export function resolveClock({ now, random, sleep }: Omit<RuntimeOptions, "fetch">): Clock {
  for (const [name, value] of Object.entries({ now, random, sleep })) checkFunction(name, value);
  return resolve({ now, random, sleep });
}

/** @throws {ConfigurationError} */
export function resolveRuntime(options: RuntimeOptions): Runtime {
  checkFunction("fetch", options.fetch);
  return { ...resolveClock(options), fetch: createSendRequest(options.fetch) };
}
