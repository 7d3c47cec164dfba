/**
 * What a field may hold: letters for the kinds of value (`s` string, `n` number, `b` boolean, `o` object, `0` null), `?`
 * for anything, `@Name` for the object so named, letters and then `@Name` for either, `[items]` for an array, `[items, letters]`
 * for an array or one of those.
 */
export type Check = string | readonly [items: Check, or?: string];

/** Fields of an object; `<` names the object whose fields it adds to, a field ending in `!` must be there. */
export type CheckTable = Readonly<Record<string, Readonly<Record<string, Check>>>>;
