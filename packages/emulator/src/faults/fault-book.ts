import type { ActiveFault, Fault, FaultMatch, FaultRule, RequestProperties } from "./fault.ts";

type Entry = { -readonly [Name in keyof ActiveFault]: ActiveFault[Name] };

/** `*` stands for any characters, everything else for itself. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

function matches(match: FaultMatch, properties: RequestProperties): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== properties.method) return false;
  for (const name of ["path", "operation", "grantType", "resourceId"] as const) {
    const pattern = match[name];
    const value = properties[name];
    if (pattern !== undefined && (value === undefined || !fits(pattern, value))) return false;
  }
  return true;
}

/** The faults in force, in the order they were added. */
export interface FaultBook {
  readonly size: number;
  add(rule: FaultRule): string;
  remove(id: string): boolean;
  clear(): void;
  list(): readonly ActiveFault[];
  /** The faults that befall a request; counts it. */
  take(properties: RequestProperties): readonly Fault[];
}

export function createFaultBook(): FaultBook {
  const entries = new Map<string, Entry>();
  let made = 0;
  return {
    get size() {
      return entries.size;
    },
    add: (rule) => {
      const id = `fault-${++made}`;
      entries.set(id, { ...rule, id, seen: 0, befallen: 0 });
      return id;
    },
    remove: (id) => entries.delete(id),
    clear: () => entries.clear(),
    list: () => Array.from(entries.values(), (entry) => ({ ...entry })),
    take: (properties) => {
      const taken: Fault[] = [];
      for (const entry of entries.values()) {
        if (entry.match !== undefined && !matches(entry.match, properties)) continue;
        entry.seen += 1;
        if (entry.seen <= (entry.skip ?? 0) || entry.befallen >= (entry.times ?? Infinity)) continue;
        entry.befallen += 1;
        taken.push(entry.fault);
      }
      return taken;
    },
  };
}
