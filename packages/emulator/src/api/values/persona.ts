import type { Random } from "../../core/random.ts";
import { COMPANIES, FIRST_NAMES, LAST_NAMES, STREETS, TOWNS, type Town } from "./words.ts";

/** 2026-01-01T00:00:00Z: sample dates lie in the year after it, whatever the clock says. */
export const SAMPLE_EPOCH_MS = 1_767_225_600_000;
const SAMPLE_SPAN_MS = 31_536_000_000;
/** 1 January 1960 and 40 years: dates of birth of adults. */
const BIRTH_EPOCH_MS = -315_619_200_000;
const BIRTH_SPAN_MS = 1_262_304_000_000;
/** 555-0100 to 555-0199 are reserved for fiction. */
const FICTIONAL_LINES = 100;

/** The person and the times of one object: name, address and e-mail belong together, the times follow each other. */
export interface Persona {
  readonly firstName: string;
  readonly lastName: string;
  readonly fullName: string;
  readonly email: string;
  /** E.164. */
  readonly phone: string;
  readonly company: string;
  readonly street: string;
  readonly town: Town;
  readonly website: string;
  /** ISO 8601 date. */
  readonly dateOfBirth: string;
  /** When the object was made, in ms since the epoch. */
  readonly momentMs: number;
}

export function pick<T>(list: readonly T[], random: Random): T {
  return list[random.int(list.length)] as T;
}

export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/** A person, their address and their company. The same random stream gives the same person. */
export function createPersona(random: Random): Persona {
  const firstName = pick(FIRST_NAMES, random);
  const lastName = pick(LAST_NAMES, random);
  const town = pick(TOWNS, random);
  const company = pick(COMPANIES, random);
  const line = String(100 + random.int(FICTIONAL_LINES)).padStart(4, "0");
  return {
    firstName,
    lastName,
    fullName: `${firstName} ${lastName}`,
    email: `${firstName}.${lastName}@example.com`.toLowerCase(),
    phone: `+1${town.areaCode}555${line}`,
    company,
    street: `${1 + random.int(999)} ${pick(STREETS, random)}`,
    town,
    website: `https://${slugOf(company)}.example.com`,
    dateOfBirth: new Date(BIRTH_EPOCH_MS + random.int(BIRTH_SPAN_MS)).toISOString().slice(0, 10),
    momentMs: SAMPLE_EPOCH_MS + random.int(SAMPLE_SPAN_MS),
  };
}
