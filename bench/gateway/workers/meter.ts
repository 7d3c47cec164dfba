import { AsyncLocalStorage } from "node:async_hooks";
import { type Counters, newCounters } from "../counters.ts";
import { machineMs, shiftAlarms } from "./clock.ts";

/** Since the isolate began, all objects together. */
// R8: the isolate is what is measured. workerd constructs the objects, so that nothing can be handed to them.
export const counters: Counters = newCounters();

/** Measures the reasons why one object is charged: open requests and pending timers. */
export class Meter {
  #open = 0;
  #sinceMs = 0;
  open(): void {
    if (this.#open++ === 0) this.#sinceMs = machineMs();
  }
  close(): void {
    if (--this.#open === 0) counters.activeMs += machineMs() - this.#sinceMs;
  }
}

/** Meter of the object whose code runs. There is none while the Worker's own code runs. */
const running = new AsyncLocalStorage<Meter>();

/** A request that an object is charged for: a method called through a stub, or an alarm; not one it calls itself. */
export async function metered<T>(meter: Meter, name: string, work: () => Promise<T>): Promise<T> {
  if (running.getStore() === meter) return work();
  counters.requests[name] = (counters.requests[name] ?? 0) + 1;
  meter.open();
  try {
    return await running.run(meter, work);
  } finally {
    meter.close();
  }
}

/** Timers that an object has set: while one is, the object cannot hibernate and is charged for. */
export function meterTimers(): void {
  const set = globalThis.setTimeout as unknown as (work: () => void, ms?: number) => number;
  const clear = globalThis.clearTimeout as unknown as (timer?: number) => void;
  const meterOf = new Map<number, Meter>();
  const release = (timer: number): void => {
    meterOf.get(timer)?.close();
    meterOf.delete(timer);
  };
  const setMetered = (work: () => void, ms?: number): number => {
    const meter = running.getStore();
    if (meter === undefined) return set(work, ms);
    meter.open();
    const timer = set(() => {
      try {
        work();
      } finally {
        release(timer);
      }
    }, ms);
    meterOf.set(timer, meter);
    return timer;
  };
  const clearMetered = (timer?: number): void => {
    if (timer !== undefined) release(timer);
    clear(timer);
  };
  Object.assign(globalThis, { setTimeout: setMetered, clearTimeout: clearMetered });
}

/** Counts the lines of the Worker and of its objects. */
export function meterLog(): void {
  const write = console.log.bind(console);
  console.log = (...parts: unknown[]): void => {
    counters.logLines++;
    write(...parts);
  };
}

interface Cursor {
  readonly rowsRead: number;
  readonly rowsWritten: number;
  toArray(): unknown[];
}
type Method = (...args: unknown[]) => unknown;
export interface State {
  readonly id: { readonly name: string };
  readonly storage: Readonly<Record<string, unknown>> & {
    readonly sql: { exec: Method };
    readonly kv: Readonly<Record<string, Method>>;
  };
}

// R8: says which prototypes of the isolate count already.
const patched = new WeakSet<object>();

/** Counts rows as they are charged. A cursor reports its own rows. A value written or removed is a row, and so is an alarm that is set. */
function patch(target: object, names: readonly string[], count: (result: unknown) => void): void {
  const prototype = Object.getPrototypeOf(target) as Record<string, Method>;
  for (const name of names) {
    const original = prototype[name];
    if (original === undefined) throw new Error(`storage has no ${name}: rows would not be counted`);
    prototype[name] = function (this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args);
      count(result);
      return result;
    };
  }
}

export function meterStorage({ storage }: State): void {
  const prototype = Object.getPrototypeOf(storage) as object;
  if (patched.has(prototype)) return;
  patched.add(prototype);
  shiftAlarms(storage);
  const written = (): void => void counters.rowsWritten++;
  const read = (): void => void counters.rowsRead++;
  patch(storage, ["put", "delete", "setAlarm"], written);
  patch(storage, ["get", "list"], read);
  patch(storage.kv, ["put", "delete"], written);
  patch(storage.kv, ["get", "list"], read);
  patch(storage.sql, ["exec"], (result) => cursors.push(result as Cursor));
}

/** A cursor knows its rows when they have been read, so it is asked at the end. */
// R8: belongs to the counters of the isolate.
const cursors: Cursor[] = [];

export function readCounters(): Counters {
  for (const cursor of cursors.splice(0)) {
    counters.rowsRead += cursor.rowsRead;
    counters.rowsWritten += cursor.rowsWritten;
  }
  return counters;
}
