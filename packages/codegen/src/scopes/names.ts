import { didYouMean } from "@ghl-edge/core";
import type { Catalog, KnownEvent, KnownOperation } from "./catalog.ts";
import { operationName, type Unknown } from "./report.ts";

/** Finds operations, modules and events by the names a user writes. `api` is meant where a name says none. */
export interface Finder {
  /** `v3.contacts.getContact`, `contacts.getContact`, also with `/`, also with the operationId. */
  operation(name: string): KnownOperation | Unknown;
  /** `v3/contacts`, `contacts`. */
  module(name: string): readonly KnownOperation[] | Unknown;
  event(name: string): KnownEvent | Unknown;
}

export function createFinder(catalog: Catalog, api: string): Finder {
  const operations = new Map<string, KnownOperation>();
  const modules = new Map<string, KnownOperation[]>();
  for (const operation of catalog.operations) {
    const module = `${operation.api}.${operation.module}`;
    modules.set(module, [...(modules.get(module) ?? []), operation]);
    operations.set(`${module}.${operation.operationId}`, operation);
  }
  // a method name wins over an operationId of the same spelling
  for (const operation of catalog.operations) operations.set(operationName(operation), operation);
  const events = new Map<string, KnownEvent>();
  for (const event of catalog.events) {
    for (const name of [event.name, ...event.aliases]) events.set(name.toLowerCase(), event);
  }
  const qualify = (name: string): string => {
    const dotted = name.replaceAll("/", ".");
    return /^v\d+\./.test(dotted) ? dotted : `${api}.${dotted}`;
  };
  const near = (name: string, candidates: Iterable<string>): string => didYouMean(qualify(name), candidates);
  return {
    operation: (name) =>
      operations.get(qualify(name)) ?? {
        what: "operation",
        name,
        reason: `operation not found${near(name, catalog.operations.map(operationName))}`,
      },
    module: (name) =>
      modules.get(qualify(name)) ?? {
        what: "module",
        name,
        reason: `module not found${near(name, modules.keys())}`,
      },
    event: (name) =>
      events.get(name.toLowerCase()) ?? {
        what: "event",
        name,
        reason: `event not found${didYouMean(
          name,
          [...events.values()].map((event) => event.name),
        )}`,
      },
  };
}

export function isUnknown(value: object): value is Unknown {
  return "reason" in value;
}
