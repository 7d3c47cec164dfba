const LOCATION = "lOcAtIoN";

/** Ids of so many locations. */
export const locationIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${LOCATION}${String(index + 1).padStart(12, "0")}`);
