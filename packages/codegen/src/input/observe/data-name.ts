/** Names longer than this are read as words; shorter ones are too short to be an id. */
const ID_LENGTH = 12;
/** Share of capitals above which a long name is no camel case: `appointmentPerSlot` has 0.11, a random id about 0.4. */
const MAX_CAPITALS = 0.25;
/** Longest run of letters without a capital or a separator that is still a word or two. */
const MAX_WORD = 24;

/**
 * Whether the name of a member is data, as in a map by id, e-mail address, phone number or day. Such names are not stored:
 * they identify somebody. In doubt a name is data, which loses a detail of the shape and gives nothing away.
 */
export function isDataName(name: string): boolean {
  if (!/^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(name)) return true;
  if (/\d{4,}/.test(name) || (name.match(/\d+/g) ?? []).length > 1) return true;
  if (name.length < ID_LENGTH) return false;
  // a number may end a name (`addressLine2`), not stand in the middle of one
  if (/\d/.test(name.replace(/\d{1,2}$/, ""))) return true;
  const capitals = name.replace(/^[A-Z]+(?=_|$)/, "").match(/[A-Z]/g)?.length ?? 0;
  const isScreaming = /^[A-Z]+(?:_[A-Z]+)*$/.test(name);
  if (capitals / name.length > MAX_CAPITALS && !isScreaming) return true;
  return name.split(/[A-Z_$-]/).some((word) => word.length > MAX_WORD) || (isScreaming && !name.includes("_"));
}
