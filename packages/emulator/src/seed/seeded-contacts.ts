/** What is seeded is held in memory: about 4 kB for each contact and what belongs to it. */
export const MAX_SEEDED_CONTACTS = 5000;

export type SeedRecords = "off" | "small" | number;
