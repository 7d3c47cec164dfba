import type { ResolvedOptions } from "./emulator-options.ts";
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

/** The newest requests, kept whole for people who look on. */
export interface Exchanges {
  keep(entry: RequestLogEntry, exchange: Exchange): void;
  of(entry: RequestLogEntry): Exchange | undefined;
}

/** As many as the page shows. */
const KEPT = 200;
/** Characters of a body that are kept. */
const MAX_TEXT = 16_384;

export function createExchanges(): Exchanges {
  const kept = new Map<RequestLogEntry, Exchange>();
  return {
    keep: (entry, exchange) => {
      kept.set(entry, exchange);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    },
    of: (entry) => kept.get(entry),
  };
}

export function secretRules({ apps, privateTokens }: ResolvedOptions, url: URL): SecretRules {
  const secrets = [...apps.map(({ clientSecret }) => clientSecret), ...privateTokens.map(({ token }) => token)];
  return { secrets, isOAuth: /\/oauth\//.test(url.pathname) };
}

function shorten(text: string): string {
  const more = text.length - MAX_TEXT;
  return more > 0 ? `${text.slice(0, MAX_TEXT)}\n… and ${more} characters more` : text;
}

function isForm(type: string): boolean {
  return type.includes("application/x-www-form-urlencoded");
}

function show(text: string, type: string, rules: SecretRules): string {
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

/** Reads a copy of the body, where it is JSON, a form or a page. */
async function readBody(message: Request | Response, rules: SecretRules): Promise<{ readonly body?: string }> {
  const type = message.headers.get("content-type") ?? "";
  if (message.body === null) return {};
  if (!type.includes("json") && !isForm(type) && !(message instanceof Response && type.startsWith("text/")))
    return { body: `(${type === "" ? "of no stated type" : type}: not shown)` };
  // A sender that breaks off is the business of the handler, which reads the same body.
  const text = await message
    .clone()
    .text()
    .catch(() => "");
  return text === "" ? {} : { body: shorten(show(text, type, rules)) };
}

/** The request's part. Reads a copy of its body, so it must be called before the body is read. */
export async function readRequest(request: Request, rules: SecretRules): Promise<Exchange> {
  const { body } = await readBody(request, rules);
  return {
    query: removeFromPairs(new URL(request.url).searchParams, rules),
    headers: removeFromPairs(request.headers, rules),
    ...(body === undefined ? {} : { body }),
  };
}

/** The answer's part. */
export async function readAnswer(response: Response, rules: SecretRules): Promise<Partial<Exchange>> {
  const { body } = await readBody(response, rules);
  const answerHeaders = Array.from(response.headers, ([name, value]) => [name, withoutCode(value, rules)] as const);
  return { answerHeaders: removeFromPairs(answerHeaders, rules), ...(body === undefined ? {} : { answer: body }) };
}

/** A redirect carries an authorization code in its URL. */
function withoutCode(value: string, rules: SecretRules): string {
  if (!rules.isOAuth || !URL.canParse(value)) return value;
  const url = new URL(value);
  for (const [name, safe] of removeFromPairs([...url.searchParams], rules)) url.searchParams.set(name, safe);
  return url.href;
}
