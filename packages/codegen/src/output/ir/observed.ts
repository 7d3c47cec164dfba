/**
 * Kinds in recorded answers at one position, for the emulator. A text holds the kinds alone, the most frequent first. An
 * object also holds the contents. It lists members by name (`name?` where a caller must have set the member). `[]` stands
 * for items, `*` for members whose names are data, and `""` for kinds other than the one that the contents imply.
 */
export type Observed = string | { readonly [name: string]: Observed };
