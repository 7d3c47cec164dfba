import type { ClientTexts } from "./client/client-text-model.ts";
import { wordsIn } from "./text.ts";

/** Types that a module imports from its twin of another generation, because they would be the same text. */
export interface Shared {
  /** Folder of the twin, from that of the module: `../v3`. */
  readonly folder: string;
  /** Names of types. */
  readonly types: ReadonlySet<string>;
  /** Ids of operations. */
  readonly operations: ReadonlySet<string>;
  /** Names of the types of methods' parameters. */
  readonly params: ReadonlySet<string>;
}

export const NOTHING_SHARED: Shared = { folder: "", types: new Set(), operations: new Set(), params: new Set() };

/** Compares texts: a type is the same where its text is, and everything that it names is the same in turn. */
export function sharedWith(own: ClientTexts, twin: ClientTexts, folder: string): Shared {
  const types = new Set([...own.types].filter(([name, text]) => twin.types.get(name) === text).map(([name]) => name));
  const uses = (text: string) => [...wordsIn(text)].filter((word) => own.types.has(word));
  const isShared = (text: string) => uses(text).every((name) => types.has(name));
  // what names something that differs differs too, until nothing is left to take away
  for (let before = Number.POSITIVE_INFINITY; types.size < before; ) {
    before = types.size;
    for (const name of types) if (!isShared(own.types.get(name) ?? "")) types.delete(name);
  }
  const twinParams = new Map(twin.methods.map(({ paramsName, params }) => [paramsName, params]));
  return {
    folder,
    types,
    operations: new Set(
      [...own.operations].filter(([id, text]) => twin.operations.get(id) === text && isShared(text)).map(([id]) => id),
    ),
    params: new Set(
      own.methods
        .filter(
          ({ paramsName, params }) => params !== undefined && twinParams.get(paramsName) === params && isShared(params),
        )
        .map(({ paramsName }) => paramsName),
    ),
  };
}
