/** Home-made words, and the field's term that each stands for (docs/glossary.md). */
export interface Word {
  readonly pattern: RegExp;
  readonly use: string;
  /** `names`: only in code, where it is part of a name; else wherever it is read. */
  readonly in?: "names";
  /** Beginnings of the paths that it applies to; default: everywhere. */
  readonly below?: readonly string[];
}

const GATEWAY = ["packages/gateway/", "apps/gateway/", "docs/design/gateway"];
const LIMITS = ["packages/rate-limit/", "packages/gateway/src/objects/resource-coordinator", "docs/design/rate-limit"];
const GRANTS = ["packages/oauth/", "packages/gateway/src/objects/token-grant", "docs/design/oauth"];

/** Everything else that users read; the generator's own tests hold documents of other APIs. */
const OTHERS = [
  ...["client", "codegen", "core", "emulator", "marketplace", "oauth", "rate-limit", "webhooks"].map(
    (name) => `packages/${name}/src/`,
  ),
  "scripts/",
  "apps/smoke/project/",
];

export const WORDS: readonly Word[] = [
  { pattern: /\bwishe?s?\b|[a-z]Wishes?\b/i, use: "call options" },
  { pattern: /\bspares?\b|[a-z]Spare|\bspare[A-Z]|Spare[A-Z]/, use: "prefetched permit" },
  { pattern: /giveUp|[gG]aveUp/, use: "returnUnused" },
  { pattern: /tellers?\b|\bowe[sd]?\b|\bowing\b/i, use: "notifier, pending, outbox entry" },
  { pattern: /\b(tells?|told|telling|untold)\b/i, use: "notify, report, or distinguish" },
  { pattern: /(?<!["])landings?\b(?! page)|\blanded\b/i, use: "event buffer, or attempt result" },
  { pattern: /[kK]eepers?\b|GrantCell/, use: "grant host, or key provider" },
  { pattern: /\bvouch/i, use: "approve" },
  { pattern: /(?<!in[- ]|single[- ])\bflights?\b|\b(fly|flown|flies)\b/i, use: "in-flight delivery" },
  { pattern: /pumps?\b|\bnudge|\breviv/i, use: "delivery loop, wake, retry" },
  {
    pattern: /[a-z]Letter\b|\bLetter\b|-letter\b|\b(a|the|same) letter\b/,
    use: "webhook request",
    below: ["packages/emulator/", "docs/design/emulator"],
  },
  { pattern: /\bsilences?\b|\bquiet(er)? location/i, use: "inactivity, inactive location" },
  { pattern: /silent(?!: "passed-only")|Silence/, use: "inactive", below: GATEWAY, in: "names" },
  { pattern: /AppLife(?!cycle)|LifeEvent|\blife\b|\blives\b/, use: "lifecycle event, activation, or lifetime" },
  { pattern: /[pP]laceOf|\bSpots?\b/, use: "key, path, or position" },
  { pattern: /[oO]wner/, use: "tenant", below: ["packages/gateway/src", "packages/gateway/migrations"] },
  { pattern: /\bREADING\b/, use: "role on the action itself" },
  { pattern: /\b(rotating|minted|held)\b/, use: "refreshable, derived, pending", below: GRANTS, in: "names" },
  { pattern: /token cop(y|ies)|TokenCop(y|ies)|token-cop(y|ies)/i, use: "token cache" },
  { pattern: /[tT]okenKinds/, use: "accepted token types" },
  { pattern: /\b(wanted|asked)\b/, use: "request, query", in: "names" },
  { pattern: /\b(ask|Ask|Question|question)\b/, use: "backend callback", below: GATEWAY, in: "names" },
  { pattern: /[rR]epair/, use: "reconcile", below: ["packages/gateway/", "apps/gateway/"], in: "names" },
  { pattern: /\bgaps?\b/, use: "missed changes", below: GATEWAY, in: "names" },
  { pattern: /\b(allowances?|holds?|again)\b/, use: "permit, in-flight slot, retry", below: LIMITS, in: "names" },
  {
    pattern: /\b(foreign|shortLife|unrecorded|assumed)\b|Foreign/,
    use: "external usage, uncheckpointed",
    below: LIMITS,
  },
  {
    pattern: /(?<!WORKFLOW_)RECEIVER_|(?<![wW]orkflow)Receivers?[A-Z]?|\breceivers?[A-Z]|\b(start|create)Receiver/,
    use: "endpoint, destination, back end, or workflow receiver",
    below: ["packages/gateway/", "apps/gateway/", "bench/"],
    in: "names",
  },
  {
    // The URL's parameter and the field of an event are called `receiver`.
    pattern: /(?<!workflow[ -]|[<{`"|])\breceivers?\b/i,
    use: "endpoint, destination, back end, or workflow receiver",
    below: [
      "apps/gateway/README.md",
      "docs/gateway/",
      "docs/design/gateway",
      "docs/design/security",
      "docs/errors.md",
      "README.md",
    ],
  },
  {
    pattern: /(?<!\b(in|the) )\bplaces?\b(?! of)|[a-z]Places?\b/,
    use: "position, path, key, or location",
    below: ["packages/gateway/src/", "packages/gateway/soak/", "bench/", ...OTHERS],
    in: "names",
  },
  {
    // Only events that wait for an installation are held.
    pattern:
      /\b(hold|holding|held)(?!Event|Or)[A-Z]|[a-z](Held|Hold)(?!Event)\b|\b(const|let) held\b|NOTHING_HELD|nothing_held/,
    use: "pending, buffered, or held event",
    below: ["packages/gateway/"],
    in: "names",
  },
  {
    pattern: /\bkeep(?!Alive)[A-Z]|\bkeep\(|[a-z]Ke(ep|pt)\b|_KEPT\b|\bKEPT_/,
    use: "store, or retention",
    below: [...GATEWAY, "packages/oauth/", "bench/gateway/", ...OTHERS],
    in: "names",
  },
  { pattern: /[a-z]Again\b|_AGAIN\b|-again\b/, use: "retry", below: GATEWAY, in: "names" },
  {
    pattern: /\bforeign\b|Foreign|foreign_/,
    use: "of another resource or API, external",
    below: [...GATEWAY, ...OTHERS],
    in: "names",
  },
  { pattern: /(?<!["/])\b[fF]acts?\b(?!")|[a-z]Facts?\b/, use: "what it is", below: OTHERS, in: "names" },
  { pattern: /\b(one|same|single) burst\b/, use: "synchronous transaction" },
  {
    // `"form"` in quotes is a style of OpenAPI
    pattern: /(?<!")\b(facts?|frames?|forms?)\b(?!")/,
    use: "change, scope, variant",
    below: ["packages/codegen/src/compare"],
    in: "names",
  },
  {
    pattern: /\b(anew|mend(s|ed|ing)?|whoever|whomever)\b|\bof before\b(?! ?[).])|\bso long a time\b/i,
    use: "again, fix, any caller, earlier",
  },
];
