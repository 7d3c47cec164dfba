/** The gateway with a meter on its objects: what they are asked, what they store, how long they cannot sleep. */
import gateway, {
  EventBuffer as BufferClass,
  EndpointDispatcher as DispatcherClass,
  WebhookInbox as InboxClass,
  ResourceCoordinator as PlainCoordinator,
  TokenGrant as PlainGrant,
} from "gateway-under-test";
import { advance, bringForward, installClock } from "./clock.ts";
import { type Bindings, countedBindings } from "./counted-bindings.ts";
import { counters, Meter, metered, meterLog, meterStorage, meterTimers, readCounters, type State } from "./meter.ts";

installClock();
meterLog();
meterTimers();

// R8: the objects of the isolate by name, with their binding. Nothing else lists them.
const called = new Map<string, string>();

type Class = new (state: object, env: object) => object;
type Method = (this: object, ...args: unknown[]) => Promise<unknown>;

/** Names of the methods of a class and of those that it extends, without the runtime's own base at the end. */
function methodsOf(plain: Class): Set<string> {
  const names = new Set<string>();
  const parentOf = (prototype: object): object => Object.getPrototypeOf(prototype) as object;
  for (let at: object = plain.prototype; parentOf(at) !== Object.prototype; at = parentOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  return names;
}

/** The class with each of its methods counted. */
function counted<T extends Class>(plain: T, name: string): T {
  const meters = new WeakMap<object, Meter>();
  const binding = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const Counted = class extends (plain as Class) {
    readonly state: State;

    constructor(state: object, env: object) {
      meterStorage(state as State);
      super(state, countedBindings(env as Bindings));
      this.state = state as State;
      called.set(this.state.id.name, binding);
    }

    async bringForward(ms: number): Promise<void> {
      await bringForward(this.state.storage, ms);
    }
  };
  for (const method of methodsOf(plain)) {
    const original = (plain.prototype as Record<string, Method>)[method]!;
    const value: Method = function (...args) {
      const meter = meters.get(this) ?? new Meter();
      meters.set(this, meter);
      return metered(meter, `${name}.${method}`, () => original.apply(this, args));
    };
    Object.defineProperty(Counted.prototype, method, { value, writable: true, configurable: true });
  }
  return Counted as unknown as T;
}

export const ResourceCoordinator = counted(PlainCoordinator, "ResourceCoordinator");
export const TokenGrant = counted(PlainGrant, "TokenGrant");
export const WebhookInbox = counted(InboxClass, "WebhookInbox");
export const EventBuffer = counted(BufferClass, "EventBuffer");
export const EndpointDispatcher = counted(DispatcherClass, "EndpointDispatcher");

/** Lets time pass for the Worker and for all objects that were ever called. */
async function pass(ms: number, env: Bindings): Promise<void> {
  advance(ms);
  for (const [name, binding] of [...called]) {
    const namespace = env[binding] as { getByName(name: string): { bringForward(ms: number): Promise<void> } };
    await namespace.getByName(name).bringForward(ms);
  }
}

export default {
  fetch(request: Request, env: Bindings, context: object): Response | Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/__bench/counters") return Response.json(readCounters());
    if (pathname === "/__bench/pass")
      return pass(Number(searchParams.get("ms")), env).then(() => Response.json(readCounters()));
    counters.workerRequests++;
    return gateway.fetch(request, countedBindings(env), context);
  },
  queue(batch: object, env: Bindings): Promise<void> {
    counters.workerRequests++;
    return gateway.queue(batch, countedBindings(env));
  },
};
