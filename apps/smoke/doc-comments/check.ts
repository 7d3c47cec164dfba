/** Checks the doc comments of exported names and of their methods: summary, parameters, return value, errors, example. */
import { type Comment, type DeclarationReflection, ReflectionKind, type SignatureReflection } from "typedoc";
import type { Documentation } from "./read.ts";
import { errorsOfSource } from "./thrown.ts";
import { THROWS } from "./throws.ts";

const has = (comment: Comment | undefined, tag: `@${string}`): boolean => comment?.getTag(tag) !== undefined;
const isEmpty = (comment: Comment | undefined): boolean =>
  comment === undefined ||
  comment.summary
    .map(({ text }) => text)
    .join("")
    .trim() === "";

/** `index.createClient`: the entry and the name, as a failing check shows it. */
const nameOf = (reflection: { getFullName(): string }): string => reflection.getFullName();

const isOfHandWritten = ({ sources }: DeclarationReflection): boolean =>
  sources?.[0] !== undefined && !/\/(generated|node_modules)\//.test(sources[0].fullFileName);

/** Error classes that a function or method throws and that its comment does not name: from its body, and from the reviewed list. */
function undocumentedErrors(reflection: DeclarationReflection): readonly string[] {
  const [source] = reflection.sources ?? [];
  if (source === undefined) return [];
  const { name, parent } = reflection;
  const { thrown, documented } = errorsOfSource({ file: source.fullFileName, line: source.line, name });
  const listed = parent === undefined ? [] : (THROWS[`${parent.name}.${name}`] ?? []);
  return [...new Set([...thrown, ...listed])].filter((error) => !documented.includes(error));
}

function* lacksOfSignature({ comment, parameters, type }: SignatureReflection): Generator<string> {
  if (isEmpty(comment)) yield "no summary";
  for (const { name, comment: text } of parameters ?? [])
    if (name !== "__namedParameters" && isEmpty(text)) yield `no @param ${name}`;
  const returnsNothing = /^(Promise<)?(void|undefined|never)>?( \| Promise<void>)?$/.test(type?.toString() ?? "void");
  if (!returnsNothing && !has(comment, "@returns") && type?.type !== "predicate") yield "no @returns";
}

function* lacksOfCallable(reflection: DeclarationReflection): Generator<string> {
  for (const signature of reflection.signatures ?? []) yield* lacksOfSignature(signature);
  for (const error of undocumentedErrors(reflection)) yield `no @throws ${error}`;
}

/** Methods that a package declares itself: an inherited one has its comment where it is declared. */
function* lacksOfMethods(reflection: DeclarationReflection): Generator<string> {
  for (const method of reflection.getChildrenByKind(ReflectionKind.Method)) {
    if (method.inheritedFrom !== undefined || !isOfHandWritten(method) || method.name.startsWith("[")) continue;
    for (const lack of lacksOfCallable(method)) yield `${method.name}(): ${lack}`;
  }
}

function* lacksOf(reflection: DeclarationReflection): Generator<string> {
  if (reflection.kindOf(ReflectionKind.Function)) {
    yield* lacksOfCallable(reflection);
    if (!has(reflection.signatures?.[0]?.comment, "@example")) yield "no @example";
    return;
  }
  if (reflection.kindOf(ReflectionKind.Class)) {
    if (isEmpty(reflection.comment)) yield "no summary";
    if (!has(reflection.comment, "@example") && !isError(reflection)) yield "no @example";
    yield* lacksOfMethods(reflection);
    return;
  }
  const ofSignatures =
    reflection.type?.type === "reflection" ? reflection.type.declaration.signatures?.[0]?.comment : undefined;
  if (isEmpty(reflection.comment) && isEmpty(ofSignatures)) yield "no summary";
  if (reflection.kindOf(ReflectionKind.Interface)) yield* lacksOfMethods(reflection);
}

/** Error classes show their use in the error reference (docs/errors.md). */
const isError = (reflection: DeclarationReflection): boolean =>
  reflection.name.endsWith("Error") || (reflection.extendedTypes ?? []).some((type) => /Error$/.test(type.toString()));

/** Everything that the comments of a package's exports lack, one line each, with TypeDoc's own warnings. */
export function lacks({ project, warnings }: Documentation): string[] {
  const seen = new Set<DeclarationReflection>();
  const found: string[] = [...warnings];
  const modules = project.getChildrenByKind(ReflectionKind.Module);
  for (const module of modules.length > 0 ? modules : [project])
    for (const reflection of module.children ?? []) {
      if (seen.has(reflection) || reflection.kindOf(ReflectionKind.Reference)) continue;
      seen.add(reflection);
      for (const lack of lacksOf(reflection)) {
        const source = reflection.sources?.[0];
        found.push(`${source === undefined ? "" : `${source.fileName}:${source.line} `}${nameOf(reflection)}: ${lack}`);
      }
    }
  return found;
}
