/** Text in place of a secret. */
export const REMOVED = "[removed]";

/** Names of fields, parameters and headers, without case, `_` and `-`. */
const SECRET_NAMES = new Set([
  "authorization",
  "proxyauthorization",
  "cookie",
  "setcookie",
  "accesstoken",
  "refreshtoken",
  "idtoken",
  "token",
  "clientsecret",
  "secret",
  "password",
  "apikey",
  "codeverifier",
]);

/** A JSON Web Token, or what has its form: HighLevel's access and refresh tokens have. */
const JWT = /eyJ[\w-]{4,}\.[\w-]+\.[\w-]+/g;
/** A secret beside its name, in a text that is neither JSON nor a form. */
const NAMED =
  /((?:access|refresh|id)[_-]?token|client[_-]?secret|password|api[_-]?key|bearer)(["']?\s*[:=]\s*["']?|\s+)[^\s"'&,;}]+/gi;

export interface SecretRules {
  /** Secrets by their value: those of the options. */
  readonly secrets: readonly string[];
  /** Whether `code` is an authorization code here. Elsewhere it is a coupon's. */
  readonly isOAuth: boolean;
}

function isSecretName(name: string, { isOAuth }: SecretRules): boolean {
  const plain = name.toLowerCase().replaceAll(/[_-]/g, "");
  return SECRET_NAMES.has(plain) || (isOAuth && plain === "code");
}

/** A text without what has the form of a token, without a known secret, and without what is named as one. */
export function removeFromText(text: string, { secrets }: SecretRules): string {
  const known = secrets.reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, REMOVED)), text);
  return known.replaceAll(JWT, REMOVED).replaceAll(NAMED, `$1$2${REMOVED}`);
}

/** Headers, parameters or fields of a form. */
export function removeFromPairs(
  pairs: Iterable<readonly [string, string]>,
  rules: SecretRules,
): readonly (readonly [string, string])[] {
  return Array.from(pairs, ([name, value]) => [
    name,
    isSecretName(name, rules) ? REMOVED : removeFromText(value, rules),
  ]);
}

/** A JSON value. */
export function removeFromJson(value: unknown, rules: SecretRules): unknown {
  if (typeof value === "string") return removeFromText(value, rules);
  if (Array.isArray(value)) return value.map((item) => removeFromJson(item, rules));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name, rules) && (typeof member === "string" || typeof member === "number")
        ? REMOVED
        : removeFromJson(member, rules),
    ]),
  );
}
