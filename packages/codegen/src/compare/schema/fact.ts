import type { Json } from "../../json/json.ts";
import type { Kind } from "../kinds.ts";

/** One difference between two schemas, before it is known which operations it reaches. */
export interface Fact {
  readonly kind: Kind;
  /** The shared schema it is told of; undefined: the operation itself. */
  readonly home: string | undefined;
  /** Relative to `home`. */
  readonly path: string;
  /** Relative to where the comparison began. */
  readonly framePath: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Where a comparison stands. */
export interface Spot {
  readonly home: string | undefined;
  readonly path: string;
  readonly framePath: string;
}

/** A step down; a property that a shared schema declares is told of that schema. */
export function step(spot: Spot, part: string, home?: string | undefined): Spot {
  const framePath = spot.framePath + part;
  return home === undefined ? { home: spot.home, path: spot.path + part, framePath } : { home, path: part, framePath };
}

/** `.name`, or `["a.b"]` where a dot would mislead. */
export function memberPath(name: string): string {
  return /^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
