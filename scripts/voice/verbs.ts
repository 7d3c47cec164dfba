/** The grammar of the names of tests: which words are verbs, and which words begin no subject. */
const split = (words: string): string[] => words.trim().split(/\s+/);

const thirdPerson = (verb: string): string =>
  /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : /(?:s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : `${verb}s`;

/** Auxiliaries that follow one subject; the plural ones show that the word before them is a noun. */
const SINGULAR = split("is was has does isn't doesn't");
const PLURAL = split("are were have had do did can cannot could may might must will would should aren't don't");

/** Verbs whose forms are no nouns, in their base form. */
const VERBS = split(`
  abort accept accompany acknowledge acquire add agree allow alternate announce appear append apply approve arrive assign
  authenticate authorize avoid bear become begin behave believe belong bring build buy bypass calculate cancel carry catch
  choose classify collect combine come compare compile complete compute confirm connect consist consume contain continue
  contradict contribute cost convert correct create deactivate decide declare decrypt define delay delegate delete deliver deny
  depend derive describe deserialize detect die differ disagree disappear discard distinguish distil disturb divide double draw
  embed emit enable encode encrypt ensure enter equal erase evaluate evict exceed excuse execute exist expand expect expire
  explain expose extend extract fail forget forward follow gain generate get give go grow handle happen harm have hear heed
  hide hinder honour identify ignore imply improve include increase inherit install interleave invalidate invent join keep kill
  know lack lay learn leave lend let lie listen loosen lose lower make measure meet mention miss modify narrow negotiate nest
  normalise obey occur omit outlast outlive overlap overwrite parse pass perform persist pin postpone prefer prepare preserve
  pretend prevent proceed produce provide propose prove publish put raise rebuild receive reckon recognise reconcile reconnect
  recover redact redeliver reduce refer refresh refuse regenerate register reject relax reload rely remain remember remind
  remove rename renew reopen repair replace require resemble resolve respond restart resume retain retype reveal
  revoke rewrite satisfy say see seem select send separate serve settle share shorten show shrink simulate sleep speak spend
  spread stay steer stick subtract succeed suffice suppress survive suspend swallow synchronise take teach think tolerate
  touch treat trust uninstall undo unlock unpack use validate vary verify warn weaken widen withdraw write yield
`);

/** Verbs with a form that is a noun as well; at the beginning of a name, only a verb of the plural shows a noun. */
const NOUN_VERBS = split(`
  answer ask bind block break cache call cause cover change charge check claim clear close copy count crash cut dispatch drain
  drive drop duplicate end escape exchange exit export fall feed fetch fill filter find finish fit flow form free freeze
  grant group hang hash help hint hit hold import interrupt issue judge jump last lead leak limit lint list load lock log
  look loop map mark match mean merge mint mix move name need note offer open order own pair pause permit pick place play
  point post print process protect quarantine query quote reach read record release repeat replay report request reserve reset
  result retry return reuse roll rotate rule run save schedule seal search set sign skip sort split stand start stop store stream
  strip surface switch sync target test throw tick trigger try turn type update upgrade wait wake walk want win work wrap
`);

const PLURAL_VERBS = new Set([...PLURAL, ...VERBS]);
const CLEAR_VERBS = new Set([...SINGULAR, ...PLURAL, ...VERBS, ...VERBS.map(thirdPerson)]);
const NOUN_OR_VERB = new Set(NOUN_VERBS.map(thirdPerson));
const NOUN_BASES = new Set(NOUN_VERBS);

/** Words that join something to a subject, and adverbs: none of them begins a sentence that stands alone. */
const JOINING = new Set(
  split(`
  about of with without in on at by from for to into after before during under over above below beyond beside between through
  against among around behind inside outside per than as like unlike when whenever where wherever while if unless until
  till since because although though so and or but nor that which who whom whose what whatever whichever how why not then
  also too even whether once nowhere
`),
);
/** Beginnings of an object or an adverbial: the word before them is a verb. */
const BEFORE_NOUN = /^(?:a|an|the|its|nothing|every|everything|each|no|with|by|until|where|for|from)$/;
/** Pronouns whose noun stands elsewhere. */
const PRONOUNS = new Set(split("it its they their them these those itself themselves"));
/** Words after which a participle at the beginning has no noun: `refused with 401`. */
const isParticiple = (first: string, second: string | undefined): boolean =>
  /(?:[^e]ed|sent|kept|made|taken|given|shown|left|lost|gone|known)$/.test(first) &&
  (second === undefined ||
    second.startsWith("%") ||
    JOINING.has(second) ||
    /^(?:a|an|the|it|its|nothing|every|no)$/.test(second));

const isVerbAt = (words: readonly string[], index: number): boolean => {
  const word = words[index]!;
  const before = words[index - 1] ?? "";
  return (
    CLEAR_VERBS.has(word) || NOUN_OR_VERB.has(word) || (NOUN_BASES.has(word) && /s$|^(?:and|that|both)$/.test(before))
  );
};

/** Words that may follow a noun of the plural before its verb: `names of events are …`. */
const AFTER_NOUN = /^(?:of|that|which|and|or|in|from|without|never|always|alone)$/;
const isPluralSubject = ([next = "", ...rest]: readonly string[]): boolean =>
  PLURAL_VERBS.has(next) ||
  NOUN_BASES.has(next) ||
  (AFTER_NOUN.test(next) && rest.some((word) => PLURAL_VERBS.has(word)));

const RELATIVE = new Set(split("where that which whose who when"));
const PAST = /ed$|^(?:began|came|fell|gave|gone|got|left|lost|made|met|said|sent|took|went|wrote)$/;
/** Words after which a participle or a noun is no verb. */
const BEFORE_BASE = /^(?:is|are|was|were|be|been|has|have|had|can|cannot|may|an?|the|of|in|for|to|no|its|only)$/;
/** True when a verb stands before the first relative clause, or a second one behind it: `a call that fails is repeated`. */
function hasMainVerb(words: readonly string[]): boolean {
  const relative = words.findIndex((word, index) => index > 0 && RELATIVE.has(word));
  const isVerb = (index: number): boolean => index > 0 && isVerbAt(words, index);
  const verbs = words.filter((_, index) => isVerb(index));
  if (relative < 0 || words.slice(0, relative).some((_, index) => isVerb(index))) return verbs.length > 0;
  const isPast = (word: string, index: number): boolean =>
    index > relative && (PAST.test(word) || NOUN_BASES.has(word)) && !BEFORE_BASE.test(words[index - 1]!);
  return verbs.length + words.filter(isPast).length > 1;
}

/** `GET` and `SET` are names, not verbs. */
const lowerCase = (word: string): string => (/^[A-Z][A-Z]/.test(word) ? word : word.toLowerCase());

/** What a name lacks to be a sentence that stands alone; undefined when it lacks nothing. */
export function sentenceFault(words: readonly string[]): string | undefined {
  const [first, ...rest] = words.map(lowerCase);
  if (first === undefined) return "has no subject";
  if (/^(?:only|never|always|still|twice|again|neither)$/.test(first)) return sentenceFault(rest);
  if (PRONOUNS.has(first)) return "has no subject";
  if (JOINING.has(first) || CLEAR_VERBS.has(first) || isParticiple(first, rest[0])) return "has no subject";
  if (NOUN_BASES.has(first) && BEFORE_NOUN.test(rest[0] ?? "")) return "has no subject";
  if (NOUN_OR_VERB.has(first) && !isPluralSubject(rest)) return "has no subject";
  return hasMainVerb([first, ...rest]) ? undefined : "has no verb";
}

/** What the name of a group lacks to be a noun phrase or the name of a function. */
export function groupFault(words: readonly string[]): string | undefined {
  const [first, second] = words.map((word) => word.toLowerCase());
  if (first === undefined) return undefined;
  const isVerb = CLEAR_VERBS.has(first) && !VERBS.includes(first);
  return JOINING.has(first) || isVerb || isParticiple(first, second) ? "is no noun phrase" : undefined;
}
