/** Bound on memory: a seeded contact with the records that belong to it takes about 4 kB. */
export const MAX_SEEDED_CONTACTS = 5000;

export type SeedRecords = "off" | "small" | number;
