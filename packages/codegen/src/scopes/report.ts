import type { Catalog, KnownEvent, KnownOperation } from "./catalog.ts";

/** Something that was asked for and cannot be answered. Nothing is guessed for it. */
export interface Unknown {
  readonly what: "operation" | "module" | "event" | "scope" | "token" | "call";
  readonly name: string;
  /** `file:line` in the sources scanned. */
  readonly position?: string;
  readonly reason: string;
}

/** Scopes and token types that an app needs. */
export interface ScopeReport {
  /** The scopes to request, with what needs them. */
  readonly scopes: readonly { readonly scope: string; readonly operations: string[]; readonly events: string[] }[];
  /** Token types any one of which serves every operation whose types are known; empty when no single one does. */
  readonly tokens: readonly string[];
  /** Operations by the token types they take, where no single type serves all. */
  readonly tokensByOperation: Readonly<Record<string, readonly string[]>>;
  /** Events that the scopes open, whether asked for or not. */
  readonly events: readonly { readonly event: string; readonly scopes: readonly string[] }[];
  readonly operations: readonly string[];
  readonly unknown: readonly Unknown[];
  /** Scopes of `scopes` that are not among those granted; absent where none were named as granted. */
  readonly missing?: readonly string[];
}

export interface Needs {
  readonly operations: readonly KnownOperation[];
  readonly events: readonly KnownEvent[];
  readonly unknown: readonly Unknown[];
}

const TOKENS: readonly (readonly [letter: string, kind: string])[] = [
  ["l", "location"],
  ["L", "location-pit"],
  ["c", "company"],
  ["C", "company-pit"],
];

/** `lL` → `location`, `location-pit`. */
export function acceptedTokenTypes(tokens: string): string[] {
  return TOKENS.filter(([letter]) => tokens.includes(letter)).map(([, kind]) => kind);
}

export function operationName({ api, module, name }: Pick<KnownOperation, "api" | "module" | "name">): string {
  return `${api}.${module}.${name}`;
}

/** The fewest scopes that serve all needs: where one of several is enough, one that is granted or requested anyway. */
export function reportScopes(needs: Needs, catalog: Catalog, granted?: readonly string[]): ScopeReport {
  const operations = [...new Map(needs.operations.map((one) => [operationName(one), one])).values()];
  const unknown = [...needs.unknown];
  const users = new Map<string, { operations: string[]; events: string[] }>();
  const needed: { name: string; scopes: readonly string[]; kind: "operations" | "events" }[] = [];
  for (const operation of operations) {
    const name = operationName(operation);
    if (operation.scopes.length > 0) needed.push({ name, scopes: operation.scopes, kind: "operations" });
    else if (operation.tokens !== "") unknown.push({ what: "scope", name, reason: "the document names no scope" });
  }
  for (const { name, scopes } of needs.events) {
    if (scopes !== undefined) needed.push({ name, scopes, kind: "events" });
    else unknown.push({ what: "event", name, reason: "no source says which scope opens it" });
  }
  const chosen = new Set(needed.filter(({ scopes }) => scopes.length === 1).map(({ scopes }) => scopes[0] as string));
  for (const { name, scopes, kind } of needed) {
    const scope = scopes.find((candidate) => granted?.includes(candidate) || chosen.has(candidate)) ?? scopes[0];
    if (scope === undefined) continue;
    chosen.add(scope);
    const user = users.get(scope) ?? { operations: [], events: [] };
    user[kind].push(name);
    users.set(scope, user);
  }
  const tokens = commonTokens(operations, unknown);
  const requested = [...users.keys()].sort();
  return {
    scopes: [...users].sort(byKey).map(([scope, user]) => ({ scope, ...user })),
    tokens,
    tokensByOperation: tokens.length > 0 ? {} : tokensByOperation(operations),
    events: openedEvents(catalog, chosen),
    operations: operations.map(operationName).sort(),
    unknown,
    ...(granted === undefined ? {} : { missing: requested.filter((scope) => !granted.includes(scope)) }),
  };
}

function commonTokens(operations: readonly KnownOperation[], unknown: Unknown[]): string[] {
  const known = operations.filter(({ tokens }) => tokens !== "" && tokens !== "?");
  for (const operation of operations) {
    if (operation.tokens !== "?") continue;
    unknown.push({ what: "token", name: operationName(operation), reason: "the document names no token type" });
  }
  if (known.length === 0) return [];
  return TOKENS.filter(([letter]) => known.every(({ tokens }) => tokens.includes(letter))).map(([, kind]) => kind);
}

function tokensByOperation(operations: readonly KnownOperation[]): Record<string, string[]> {
  const known = operations.filter(({ tokens }) => tokens !== "" && tokens !== "?");
  return Object.fromEntries(known.map((operation) => [operationName(operation), acceptedTokenTypes(operation.tokens)]));
}

function openedEvents(catalog: Catalog, chosen: ReadonlySet<string>): { event: string; scopes: readonly string[] }[] {
  return catalog.events
    .filter(({ scopes }) => scopes?.some((scope) => chosen.has(scope)) === true)
    .map(({ name, scopes }) => ({ event: name, scopes: (scopes ?? []).filter((scope) => chosen.has(scope)) }));
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
