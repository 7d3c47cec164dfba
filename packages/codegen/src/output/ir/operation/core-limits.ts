import type { Unsupported } from "../../../errors.ts";
import { at, pointerOf, ROOT } from "../../../json/pointer.ts";
import type { Operation, Parameter } from "../model.ts";

/**
 * Finds features of HighLevel's documents that the client's core does not serve. To stay small, the core serves only the
 * features that these documents use today. A new feature must stop the generator, not be dropped.
 */
export function beyondCore(operations: readonly Operation[]): Unsupported[] {
  return operations.flatMap((operation) => {
    const position = at(ROOT, "paths", operation.path, operation.method.toLowerCase());
    const found = [...operation.parameters.flatMap(faultOfParameter), ...faultsOfMedia(operation)];
    return found.map((message) => ({ pointer: pointerOf(position), message }));
  });
}

function faultOfParameter({ name, in: position, required, notation, comma }: Parameter): string[] {
  const inUrl = position === "path" || position === "query";
  if (!inUrl) return required ? [`the ${position} parameter ${name} is required, and methods cannot send it`] : [];
  const { style, explode } = notation;
  const plain = style === undefined && (explode === undefined || comma);
  return plain ? [] : [`the ${position} parameter ${name} is written in a way that only modules of other APIs know`];
}

function faultsOfMedia({ body, responses }: Operation): string[] {
  const type = body?.chosen.type ?? "";
  const streams = responses.some(({ status, media }) => {
    return status.startsWith("2") && media.some((one) => one.type.startsWith("text/event-stream"));
  });
  return [
    ...(body === undefined || SENT.test(type) ? [] : [`a body of ${type} is only sent by modules of other APIs`]),
    ...(streams ? ["an event stream is only read by modules of other APIs"] : []),
  ];
}

/** Media types of bodies that the core writes. */
const SENT = /^(application\/json|application\/x-www-form-urlencoded|multipart\/form-data)\b|^\*\/\*$/;
