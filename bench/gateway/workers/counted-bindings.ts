import { counters } from "./meter.ts";

export interface Bindings extends Readonly<Record<string, unknown>> {
  readonly DIRECTORY: Database;
  readonly OVERFLOW: { send(...args: unknown[]): Promise<unknown> };
}

interface Database {
  prepare(query: string): object;
}

interface Result {
  readonly meta?: { readonly rows_read?: number; readonly rows_written?: number };
}
type Send = (this: unknown, ...args: unknown[]) => Promise<Result | readonly Result[]>;

// R8: an entry depends on its key alone. workerd constructs the objects, so that nothing else can be handed to them.
const countedOf = new WeakMap<Bindings, Bindings>();
// R8: says which prototypes of the isolate count already.
const patched = new WeakSet<object>();

/** D1 says with each result how many rows it has read and written. `first` and `raw` drop that, so it is taken below them. */
function meterRows(database: Database): void {
  const statement = database.prepare("SELECT 1") as { readonly dbSession?: object };
  const prototype = Object.getPrototypeOf(statement.dbSession ?? {}) as Record<string, Send>;
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const send = prototype._send;
  if (send === undefined) throw new Error("D1 has no _send: its rows would not be counted");
  prototype._send = async function (...args) {
    const results = await send.apply(this, args);
    for (const { meta } of Array.isArray(results) ? (results as readonly Result[]) : [results as Result]) {
      counters.d1RowsRead += meta?.rows_read ?? 0;
      counters.d1RowsWritten += meta?.rows_written ?? 0;
    }
    return results;
  };
}

/** Returns the target with one of its methods replaced. */
function replaced<T extends object>(target: T, name: string, method: unknown): T {
  return new Proxy(target, {
    get: (of, key) => {
      if (key === name) return method;
      const value: unknown = Reflect.get(of, key);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}

/** Returns bindings that count; the same for all objects, as without the meter. A dataset for counts is bound. */
export function countedBindings(env: Bindings): Bindings {
  const known = countedOf.get(env);
  if (known !== undefined) return known;
  meterRows(env.DIRECTORY);
  const prepare = (query: string): object => {
    counters.queries++;
    return env.DIRECTORY.prepare(query);
  };
  const send = (...args: unknown[]): Promise<unknown> => {
    counters.queueOperations += 3;
    return env.OVERFLOW.send(...args);
  };
  const counted = {
    ...env,
    DIRECTORY: replaced(env.DIRECTORY, "prepare", prepare),
    OVERFLOW: replaced(env.OVERFLOW, "send", send),
    METRICS: { writeDataPoint: (): void => void counters.dataPoints++ },
  };
  countedOf.set(env, counted);
  return counted;
}
