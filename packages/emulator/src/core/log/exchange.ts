import { removeFromJson, removeFromPairs, removeFromText, type SecretRules } from "./remove-secrets.ts";
import type { RequestLogEntry } from "./request-log.ts";

type Pairs = readonly (readonly [string, string])[];

/** A request and its answer as they were sent, without tokens and other secrets. */
export interface Exchange {
  readonly query: Pairs;
  readonly headers: Pairs;
  /** JSON on several lines; a form as its decoded fields. Absent: there was none. */
  readonly body?: string;
  readonly answerHeaders?: Pairs;
  readonly answer?: string;
}

/** One side of an exchange as it was sent, secrets and all. Never shown: `show` makes it fit to be. */
export interface RawMessage {
  readonly url: URL;
  readonly headers: Pairs;
  readonly type: string;
  readonly text: string;
}

/** A request and, where there was one, its answer. */
export interface RawExchange {
  readonly request: RawMessage;
  readonly answer?: RawMessage;
}

/** The newest requests, kept whole for people who look on. */
export interface Exchanges {
  /** Keeps what was sent. Secrets are removed when somebody looks: few requests are looked at, and to remove them takes as long as the answer. */
  store(entry: RequestLogEntry, exchange: RawExchange): void;
  /** Returns the exchange of an entry, with secrets removed. */
  of(entry: RequestLogEntry): Exchange | undefined;
}

/** Number of exchanges that are stored: as many as the page shows. */
const MAX_STORED = 200;
/** Characters of a body. */
const MAX_STORED_CHARS = 262_144;
const MAX_SHOWN = 16_384;

export function createExchanges(secrets: readonly string[]): Exchanges {
  const stored = new Map<RequestLogEntry, RawExchange>();
  return {
    store: (entry, exchange) => {
      stored.set(entry, exchange);
      const [oldest] = stored.keys();
      if (stored.size > MAX_STORED && oldest !== undefined) stored.delete(oldest);
    },
    of: (entry) => {
      const raw = stored.get(entry);
      return raw === undefined ? undefined : show(raw, secrets);
    },
  };
}

function isForm(type: string): boolean {
  return type.includes("application/x-www-form-urlencoded");
}

/** Reads a copy of a message, so it must be called before its body is read. */
export async function readMessage(message: Request | Response, url: URL): Promise<RawMessage> {
  const type = message.headers.get("content-type") ?? "";
  const isText = type.includes("json") || isForm(type) || (message instanceof Response && type.startsWith("text/"));
  const about = { url, headers: Array.from(message.headers), type };
  if (message.body === null) return { ...about, text: "" };
  if (!isText) return { ...about, text: `(${type === "" ? "of no stated type" : type}: not stored)` };
  // A sender that breaks off is the business of the handler, which reads the same body.
  const text = await message
    .clone()
    .text()
    .catch(() => "");
  return { ...about, text: text.slice(0, MAX_STORED_CHARS) };
}

function show({ request, answer }: RawExchange, secrets: readonly string[]): Exchange {
  const rules = { secrets, isOAuth: request.url.pathname.includes("/oauth/") };
  const body = showBody(request, rules);
  const answerBody = answer === undefined ? "" : showBody(answer, rules);
  return {
    query: removeFromPairs(request.url.searchParams, rules),
    headers: removeFromPairs(request.headers, rules),
    ...(body === "" ? {} : { body }),
    ...(answer === undefined ? {} : { answerHeaders: removeFromPairs(withoutCode(answer.headers, rules), rules) }),
    ...(answerBody === "" ? {} : { answer: answerBody }),
  };
}

function showBody({ text, type }: RawMessage, rules: SecretRules): string {
  const safe = withoutSecrets(text, type, rules);
  const more = safe.length - MAX_SHOWN;
  return more > 0 ? `${safe.slice(0, MAX_SHOWN)}\n… and ${more} characters more` : safe;
}

function withoutSecrets(text: string, type: string, rules: SecretRules): string {
  if (isForm(type))
    return removeFromPairs(new URLSearchParams(text), rules)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n");
  try {
    return JSON.stringify(removeFromJson(JSON.parse(text), rules), null, 2);
  } catch {
    return removeFromText(text, rules);
  }
}

/** A redirect carries an authorization code in its URL. */
function withoutCode(headers: Pairs, rules: SecretRules): Pairs {
  return headers.map(([name, value]) => {
    if (!rules.isOAuth || !URL.canParse(value)) return [name, value];
    const url = new URL(value);
    for (const [parameter, safe] of removeFromPairs([...url.searchParams], rules))
      url.searchParams.set(parameter, safe);
    return [name, url.href];
  });
}
