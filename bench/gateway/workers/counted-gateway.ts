/** The gateway with a meter on its objects: what they are asked, what they store, how long they cannot sleep. */
import gateway, {
  EventBuffer as BufferClass,
  EndpointDispatcher as DispatcherClass,
  WebhookInbox as InboxClass,
  ResourceCoordinator as PlainCoordinator,
  TokenGrant as PlainGrant,
} from "gateway-under-test";
import { counters, Meter, metered, meterStorage, meterTimers, readCounters, type State } from "./meter.ts";

meterTimers();

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
  const Counted = class extends (plain as Class) {
    constructor(state: object, env: object) {
      meterStorage(state as State);
      super(state, countedBindings(env as Bindings));
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

interface Bindings {
  readonly DIRECTORY: { prepare(query: string): object };
}

// R8: an entry depends on its key alone. workerd constructs the objects, so that nothing else can be handed to them.
const countedOf = new WeakMap<Bindings, Bindings>();

/** Bindings with the database's queries counted; one for all objects, as without the meter. */
function countedBindings(env: Bindings): Bindings {
  const known = countedOf.get(env);
  if (known !== undefined) return known;
  const prepare = (query: string): object => {
    counters.queries++;
    return env.DIRECTORY.prepare(query);
  };
  const DIRECTORY = new Proxy(env.DIRECTORY, {
    get: (target, name) => {
      if (name === "prepare") return prepare;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const counted = { ...env, DIRECTORY };
  countedOf.set(env, counted);
  return counted;
}

export default {
  fetch(request: Request, env: Bindings, context: object): Response | Promise<Response> {
    if (new URL(request.url).pathname === "/__bench/counters") return Response.json(readCounters());
    return gateway.fetch(request, countedBindings(env), context);
  },
  queue(batch: object, env: Bindings): Promise<void> {
    return gateway.queue(batch, env);
  },
};
