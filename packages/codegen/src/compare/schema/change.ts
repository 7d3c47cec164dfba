import type { Json } from "../../json/json.ts";
import type { Kind } from "../kinds.ts";

/** One difference between two schemas, before it is known which operations it reaches. */
export interface Change {
  readonly kind: Kind;
  /** The shared schema that changed. It is undefined when the change belongs to the operation itself. */
  readonly home: string | undefined;
  /** Relative to `home`. */
  readonly path: string;
  /** Relative to where the comparison began. */
  readonly scopePath: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Current position of a comparison. */
export interface Position {
  readonly home: string | undefined;
  readonly path: string;
  readonly scopePath: string;
}

/** Goes one step down. A property that a shared schema declares belongs to that schema. */
export function step(position: Position, part: string, home?: string | undefined): Position {
  const scopePath = position.scopePath + part;
  return home === undefined
    ? { home: position.home, path: position.path + part, scopePath }
    : { home, path: part, scopePath };
}

/** `.name`, or `["a.b"]` where a dot would mislead. */
export function memberPath(name: string): string {
  return /^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
