/**
 * What recorded answers have at one place, for the emulator. A text is the kinds alone, the most frequent first. An object
 * also names what is inside: members by name (`name?` where the member comes only if somebody has set it), `[]` for items,
 * `*` for members whose names are data, and `""` for kinds other than the one that the insides imply.
 */
export type Observed = string | { readonly [name: string]: Observed };
