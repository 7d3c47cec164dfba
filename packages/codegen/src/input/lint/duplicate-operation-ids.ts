import { pointerOf } from "../../json/pointer.ts";
import { operationsOf } from "../../json/walk.ts";
import type { Finding, LintContext } from "./rule.ts";

export const DUPLICATE_OPERATION_ID = {
  name: "operationId-dup-across-files",
  why: "Documents of one generation share an operationId; merged into one document, they clash.",
};

/** The one class that needs more than one document: one finding per operationId, at its second occurrence. */
export function findDuplicateOperationIds(contexts: readonly LintContext[]): Finding[] {
  const positions = new Map<string, { context: LintContext; pointer: string }[]>();
  for (const context of contexts) {
    for (const { operation, position } of operationsOf(context.document)) {
      if (typeof operation.operationId !== "string") continue;
      const key = `${context.api} ${operation.operationId}`;
      positions.set(key, [...(positions.get(key) ?? []), { context, pointer: pointerOf(position) }]);
    }
  }
  return [...positions].flatMap(([key, found]): Finding[] => {
    const second = found[1];
    if (second === undefined || new Set(found.map(({ context }) => context.file)).size < 2) return [];
    const { api, file } = second.context;
    const files = found.map(({ context }) => context.file).join(", ");
    return [
      { class: DUPLICATE_OPERATION_ID.name, api, file, pointer: second.pointer, detail: `${key.slice(3)} in ${files}` },
    ];
  });
}
