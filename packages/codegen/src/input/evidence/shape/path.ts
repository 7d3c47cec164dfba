/**
 * One step from a value to a value inside it: a member by name, any member of an object whose names are data (`.*`), or
 * the items of an array (`[]`).
 */
export type PathStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "any" }
  | { readonly kind: "items" };

const STEP = /\.(?<name>[A-Za-z_$][\w$-]*)|(?<any>\.\*)|(?<items>\[\])|\[(?<quoted>"(?:[^"\\]|\\.)*")\]/;
const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** The steps of `$.contacts[].customFields[]`; undefined when it is not such a path. */
export function parsePath(path: string): readonly PathStep[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: PathStep[] = [];
  // A sticky expression keeps its position, so each call has its own.
  const reader = new RegExp(STEP, "y");
  reader.lastIndex = 1;
  while (reader.lastIndex < path.length) {
    const groups = reader.exec(path)?.groups;
    if (groups === undefined) return undefined;
    const name = groups.name ?? (groups.quoted === undefined ? undefined : (JSON.parse(groups.quoted) as string));
    if (name !== undefined) steps.push({ kind: "member", name });
    else steps.push({ kind: groups.any === undefined ? "items" : "any" });
  }
  return steps;
}

/** The step as it is written behind a path. A name that is no plain word is quoted: `["first name"]`. */
export function printStep(step: PathStep): string {
  if (step.kind === "items") return "[]";
  if (step.kind === "any") return ".*";
  return PLAIN.test(step.name) ? `.${step.name}` : `[${JSON.stringify(step.name)}]`;
}
