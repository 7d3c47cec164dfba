/** Checks the doc comments of exported names: summary, parameters, return value, example. */
import { type Comment, type DeclarationReflection, ReflectionKind, type SignatureReflection } from "typedoc";
import type { Documentation } from "./read.ts";

const has = (comment: Comment | undefined, tag: `@${string}`): boolean => comment?.getTag(tag) !== undefined;
const isEmpty = (comment: Comment | undefined): boolean =>
  comment === undefined ||
  comment.summary
    .map(({ text }) => text)
    .join("")
    .trim() === "";

/** `index.createClient`: the entry and the name, as a failing check shows it. */
const nameOf = (reflection: { getFullName(): string }): string => reflection.getFullName();

function* lacksOfSignature(signature: SignatureReflection): Generator<string> {
  const { comment } = signature;
  if (isEmpty(comment)) yield "no summary";
  for (const { name, comment: text } of signature.parameters ?? [])
    if (name !== "__namedParameters" && isEmpty(text)) yield `no @param ${name}`;
  const type = signature.type?.toString() ?? "void";
  const returnsNothing = /^(Promise<)?(void|undefined|never)>?$/.test(type);
  if (!returnsNothing && !has(comment, "@returns") && signature.type?.type !== "predicate") yield "no @returns";
  if (!has(comment, "@example")) yield "no @example";
}

function* lacksOf(reflection: DeclarationReflection): Generator<string> {
  if (reflection.kindOf(ReflectionKind.Function)) {
    const [signature] = reflection.signatures ?? [];
    if (signature !== undefined) yield* lacksOfSignature(signature);
    return;
  }
  if (reflection.kindOf(ReflectionKind.Class)) {
    if (isEmpty(reflection.comment)) yield "no summary";
    if (!has(reflection.comment, "@example") && !isError(reflection)) yield "no @example";
    for (const method of reflection.getChildrenByKind(ReflectionKind.Method))
      if (isEmpty(method.signatures?.[0]?.comment)) yield `no summary of ${method.name}()`;
    return;
  }
  const ofSignatures =
    reflection.type?.type === "reflection" ? reflection.type.declaration.signatures?.[0]?.comment : undefined;
  if (isEmpty(reflection.comment) && isEmpty(ofSignatures)) yield "no summary";
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
