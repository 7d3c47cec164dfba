/**
 * The values that a field may have, in a short notation:
 * - letters for types of value: `s` string, `n` number, `b` boolean, `o` object, `0` null
 * - `?` for any value
 * - `@Name` for the object with this name; letters may precede it (`s@Name`), and either is valid
 * - `[items]` for an array, `[items, letters]` for an array or one of the letters
 */
export type Check = string | readonly [items: Check, or?: string];

/** Fields of each object. The key `<` names an object whose fields it inherits. A field that ends in `!` is required. */
export type CheckTable = Readonly<Record<string, Readonly<Record<string, Check>>>>;
