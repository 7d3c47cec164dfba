/** Suffixes that upstream's classes add to a name. */
const CLASS_SUFFIX = /(?:Schema|D[Tt][Oo]|Model|V\d+)$/;
/** The same for what a call answers, and for how it was found. */
const ANSWER_SUFFIX = /(?:Responses?|Success(?:full?(?:ly)?)?|Result|ById)$/;
/** `ICustomField`, `GetContact`. */
const PREFIX = /^(?:I(?=[A-Z][a-z])|(?:Get|Post|Put|Patch|Fetch|Common)(?=[A-Z]))/;
const VERB = /^(?:Get|Post|Put|Patch|Create|Update|Upsert|Delete|Add|Remove|List|Fetch)(?:Or|And)?(?=[A-Z])/;

/** `GetContactByIdSchemaV3` → `GetContactById` */
export function withoutClass(name: string): string {
  return cutWhile(name, CLASS_SUFFIX);
}

/** `GetContactsSuccessfulResponseDto` → `GetContacts` */
export function withoutAnswer(name: string): string {
  return cutWhile(name, CLASS_SUFFIX, ANSWER_SUFFIX);
}

/** `GetContactByIdSchemaV3` → `Contact` */
export function thingIn(name: string): string {
  return cutWhile(withoutAnswer(name), PREFIX);
}

/** `GetCreateUpdateNote` → `Note` */
export function withoutVerbs(name: string): string {
  return cutWhile(name, VERB);
}

export function startsWithVerb(name: string): boolean {
  return VERB.test(name);
}

/** `SearchOpportunities` and `OpportunitiesSearch` → `Opportunities` */
export function withoutSearch(name: string): string {
  return cutWhile(name, /^Search(?:ed)?(?=[A-Z])/, /Search$/);
}

/** `Opportunities` → `Opportunity`. What is no plural in English stays. */
export function singular(word: string): string {
  if (/[^aeiou]ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:ss|us|x|z|ch|sh)es$/i.test(word)) return word.slice(0, -2);
  return /(?:[^ius]|enu)s$/i.test(word) ? word.slice(0, -1) : word;
}

function cutWhile(name: string, ...patterns: readonly RegExp[]): string {
  let rest = name;
  for (;;) {
    const pattern = patterns.find((one) => one.test(rest) && rest.replace(one, "") !== "");
    if (pattern === undefined) return rest;
    rest = rest.replace(pattern, "");
  }
}
