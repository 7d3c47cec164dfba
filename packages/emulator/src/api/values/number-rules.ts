import type { Field } from "./field.ts";
import { timeOf } from "./text-rules.ts";

/** Items of a list that is made from its schema. */
export const LIST_LENGTH = 2;

/** Rules for numbers, by the name of the field. The first rule that matches decides. */
export const NUMBER_RULES: readonly (readonly [names: RegExp, make: (field: Field) => number])[] = [
  [/^(lat|latitude)$/i, ({ random }) => round(25 + random.next() * 24, 6)],
  [/^(lng|lon|longitude)$/i, ({ random }) => round(-122 + random.next() * 50, 6)],
  [/^statusCode$/i, () => 200],
  [/^(expiresIn|expires_in)$/, () => 86_399],
  // HighLevel writes times that are numbers in milliseconds since the epoch.
  [
    /^date(Added|Updated|Created)$|(At|Date|Timestamp)$|^(timestamp|startTime|endTime|startAfter|sort)$/,
    ({ name, persona }) => timeOf(name, persona()),
  ],
  [/^(start|open|from)Hour$/i, ({ random }) => 8 + random.int(3)],
  [/^(end|close|to)Hour$/i, ({ random }) => 16 + random.int(3)],
  [/(Minute|Minutes)$|^minutes$/, ({ random }) => 15 * random.int(4)],
  [/^day(s)?Of(The)?Week$/i, ({ random }) => 1 + random.int(5)],
  [/^dayOfMonth$/i, ({ random }) => 1 + random.int(28)],
  [/^monthOfYear$/i, ({ random }) => 1 + random.int(12)],
  [/(rate|percentage|probability|confidence)$/i, ({ random }) => random.int(101)],
  [/^(skip|offset)$/, () => 0],
  [/^(page|currentPage)$/, () => 1],
  [/^(limit|pageSize|pageLimit)$/, () => 20],
  [/^total$/, (field) => (field.siblings.has("currency") ? money(field) : LIST_LENGTH)],
  [/^(count|totalCount|totalRecords|currentPageSize|itemCount)$/, () => LIST_LENGTH],
  [/(amount|price|value|subtotal|fee|balance|revenue|commission)$/i, money],
  [/(count|qty|quantity|number|units|order|position|total\w*)$/i, ({ random }) => 1 + random.int(20)],
  [/(slotDuration|slotInterval|duration)$/i, ({ random }) => 15 * (1 + random.int(4))],
];

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Between 5 and 2,505, with at most two digits after the point. */
function money({ random }: Field): number {
  return round(5 + random.int(250_000) / 100, 2);
}

/** The values of a flag that says how something went; others are drawn. */
export const FLAG_RULES: readonly (readonly [names: RegExp, value: boolean])[] = [
  [/^succ(ess|eed(ed)?|eded)$|^(enabled|isActive|active|ok|verified|isConnected)$/, true],
  [/deleted|archived|^(dnd|disabled|isSkipped|hasMore|hasNextPage|error|deactivated|markAsTest)$/i, false],
];

/** Words of an enum that mean a failure or an end. The answer to an accepted request shows one of the others where it can. */
export const UNHAPPY =
  /fail|error|undeliver|invalid|reject|declin|bounc|spam|expir|cancel|delet|block|void|lost|abandon/i;
