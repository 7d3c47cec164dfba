/** Bound on memory: a seeded contact with the records that belong to it takes about 4 kB. */
export const MAX_SEEDED_CONTACTS = 5000;

/** Amount of records at the start: none, a few, or a number of contacts in each location. */
export type SeedRecords = "off" | "small" | number;
