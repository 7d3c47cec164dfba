import { type Observation, SURENESS } from "../../input/evidence/evidence.ts";
import { operationKey } from "../../input/evidence/operations.ts";
import type { Kind } from "../../input/evidence/shape/kind.ts";
import { emptyShape, mergeShape, type Shape, timesOf, totalOf } from "../../input/evidence/shape/shape.ts";
import { byCodeUnit } from "../../json/json.ts";
import type { Module } from "../ir/model.ts";
import type { Observed } from "../ir/observed.ts";

const LETTERS: Readonly<Record<Kind, string>> = {
  object: "o",
  array: "a",
  string: "s",
  number: "n",
  boolean: "b",
  null: "z",
};

/** Returns the observed answers of each operation, by operation id. Operations without an observed answer are left out. */
export function observedAnswers(module: Module, observations: readonly Observation[]): Map<string, Observed> {
  const sentAnywhere = namesSent(observations);
  const found = new Map<string, Observed>();
  for (const { id, method, path } of module.operations) {
    const key = operationKey(`${method} ${path}`);
    const own = surestOf(observations.filter(({ operation }) => operationKey(operation) === key));
    const whole = emptyShape();
    for (const { answers } of own) if (answers !== undefined) mergeShape(whole, answers.shape);
    if (own.length > 0) found.set(id, write(whole, namesSetBy(own, whole) ?? sentAnywhere));
  }
  return found;
}

/** Keeps only the surest observations, so that one author's claim adds nothing to a recording. */
function surestOf(observations: readonly Observation[]): readonly Observation[] {
  const withAnswers = observations.filter(({ answers }) => answers !== undefined);
  const surest = SURENESS.find((sureness) => withAnswers.some((one) => one.sureness === sureness));
  return withAnswers.filter(({ sureness }) => sureness === surest);
}

/** Names of the members that were sent, at any depth. */
function namesSent(observations: readonly Observation[]): Set<string> {
  const names = new Set<string>();
  for (const { requests } of observations) if (requests !== undefined) collectNames(requests.shape, names);
  return names;
}

function collectNames(shape: Shape, names: Set<string>, inLists = true): Set<string> {
  for (const [name, member] of shape.members) collectNames(member, names.add(name), inLists);
  for (const inside of [shape.any, inLists ? shape.items : undefined])
    if (inside !== undefined) collectNames(inside, names, inLists);
  return names;
}

/**
 * Returns the names in an operation's requests, when its answer repeats a third of them outside of lists. The other members
 * of such an answer exist without a caller setting them. It returns undefined for an operation whose answer does not repeat
 * its request, such as a read or a search.
 */
function namesSetBy(own: readonly Observation[], answer: Shape): ReadonlySet<string> | undefined {
  const answered = collectNames(answer, new Set(), false);
  const sent = own.flatMap(({ operation, requests }) =>
    requests === undefined || !operation.startsWith("POST ") ? [] : [...requests.shape.members.keys()],
  );
  const repeated = sent.filter((name) => answered.has(name)).length;
  return sent.length > 0 && repeated * 3 >= sent.length ? namesSent(own) : undefined;
}

/** `set`: names of members that come only if somebody has set them. */
function write(shape: Shape, set: ReadonlySet<string>): Observed {
  const kinds = lettersOf(shape);
  const inside: Record<string, Observed> = {};
  for (const name of [...shape.members.keys()].sort(byCodeUnit)) {
    const member = shape.members.get(name);
    if (member === undefined) continue;
    const isSometimes = set.has(name) || totalOf(member) < timesOf(shape, "object");
    inside[isSometimes ? `${name}?` : name] = write(member, set);
  }
  if (shape.any !== undefined) inside["*"] = write(shape.any, set);
  if (shape.items !== undefined) inside["[]"] = write(shape.items, set);
  if (Object.keys(inside).length === 0) return kinds;
  const implied = shape.items === undefined ? "o" : "a";
  return kinds === implied || kinds === "" ? inside : { "": kinds, ...inside };
}

/** The kinds that were seen, the most frequent first and null last: it says the least. */
function lettersOf({ kinds, dateTimes }: Shape): string {
  const rank = ([kind, times]: readonly [Kind, number]): number => (kind === "null" ? -1 : times);
  return [...kinds]
    .sort((a, b) => rank(b) - rank(a) || byCodeUnit(a[0], b[0]))
    .map(([kind, times]) => (kind === "string" && dateTimes > 0 && dateTimes >= times ? "d" : LETTERS[kind]))
    .join("");
}
