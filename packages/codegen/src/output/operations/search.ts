import { literalsIn, matchRoute, segmentsOf } from "../../input/observe/match-route.ts";
import type { OperationEntry } from "./entry.ts";
import { groupBy } from "./group-by.ts";
import { routeKey } from "./sdk-name.ts";

/** The operations that a query means, and how it was understood. */
export interface Found {
  readonly by: "route" | "name" | "words";
  readonly operations: readonly OperationEntry[];
}

/**
 * Finds operations by method and path (`POST /conversations/messages`, also with real ids and as an address), by a name
 * (operationId, method, official SDK's, with or without its module), or by words that all occur in it.
 *
 * @returns The best matches first; nothing when nothing matches
 */
export function searchOperations(operations: readonly OperationEntry[], query: string): Found | undefined {
  const text = query.trim();
  const route = byRoute(operations, text);
  if (route !== undefined) return route.length === 0 ? undefined : { by: "route", operations: route };
  const named = byName(operations, text);
  if (named.length > 0) return { by: "name", operations: named };
  const worded = byWords(operations, text);
  return worded.length === 0 ? undefined : { by: "words", operations: worded };
}

const ROUTE = /^(?:(?<method>[A-Z]+)\s+)?(?:https?:\/\/[^/\s]+)?(?<path>\/[^\s?#]*)/i;

/** Finds operations by route. It returns undefined when the query is not a route. A path may be the beginning of others. */
function byRoute(operations: readonly OperationEntry[], query: string): OperationEntry[] | undefined {
  const groups = ROUTE.exec(query)?.groups;
  if (groups?.path === undefined) return undefined;
  const method = groups.method?.toUpperCase();
  const exact = matchRoute(operations, method, groups.path);
  if (exact.length > 0) return exact;
  const target = segmentsOf(groups.path);
  return operations.filter(
    (entry) =>
      (method === undefined || entry.method === method) &&
      literalsIn(segmentsOf(entry.path).slice(0, target.length), target) >= 0,
  );
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Every way to name an operation, without case and punctuation. */
export function namesOf({ api, module, name, operationId, sdk }: OperationEntry): string[] {
  const own = [name, operationId].flatMap((one) => [one, `${module}.${one}`, `${api}.${module}.${one}`]);
  return [...own, ...(sdk === undefined ? [] : [sdk, sdk.slice(sdk.indexOf(".") + 1)])];
}

function byName(operations: readonly OperationEntry[], query: string): OperationEntry[] {
  const target = plain(query);
  if (target === "" || /\s/.test(query)) return [];
  return operations.filter((entry) => namesOf(entry).some((name) => plain(name) === target));
}

function byWords(operations: readonly OperationEntry[], query: string): OperationEntry[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return operations
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/** Words in small letters: `getContactById`, `get-contact` and `/contacts/{contactId}` alike. */
function wordsOf(text: string): string[] {
  const parts = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return parts.match(/[a-z0-9]+/g) ?? [];
}

/**
 * 0 unless every word begins a word of the operation. A word of the name counts more than one of module or path, a whole
 * word more than its beginning, and of equal matches the operation with the fewest other words comes first.
 */
function scoreOf({ name, operationId, module, path, method }: OperationEntry, words: readonly string[]): number {
  const named = new Set([...wordsOf(name), ...wordsOf(operationId)]);
  const around = new Set([...wordsOf(module), ...wordsOf(path), method.toLowerCase()]);
  let score = 0;
  for (const word of words) {
    const points = Math.max(pointsIn(named, word) * 3, pointsIn(around, word));
    if (points === 0) return 0;
    score += points;
  }
  return score + 1 / (1 + named.size + around.size);
}

/** A plural finds its singular, and the other way round. */
function pointsIn(words: ReadonlySet<string>, word: string): number {
  const stem = word.replace(/s$/, "");
  if (words.has(word) || words.has(stem) || words.has(`${word}s`)) return 2;
  return [...words].some((candidate) => candidate.startsWith(stem)) ? 1 : 0;
}

/** Operations of one route together, the newest generation first: twins of v2 and v3 are one thing to look at. */
export function groupByRoute(operations: readonly OperationEntry[]): OperationEntry[][] {
  const groups = groupBy(operations, ({ method, path }) => routeKey(method, path));
  return [...groups.values()].map((group) => group.sort((a, b) => (a.api < b.api ? 1 : -1)));
}
