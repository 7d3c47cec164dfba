import { toAsciiLowerCase } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { callOwn } from "../http/handler.ts";
import { indexOfSecret } from "../secret.ts";

/** A request, as much of it as is looked at. */
export interface AuthenticatedRequest {
  readonly headers: Pick<Headers, "get">;
  /** May be a path alone, as Node's is. */
  readonly url: string;
}

/**
 * How a workflow's request proves that it is one: nothing of HighLevel's is signed here, so that it can only be a secret that you
 * enter there. Several values each, so that one can be replaced without a gap.
 */
export type WorkflowAuth =
  /** `Authorization: Bearer …` */
  | { readonly kind: "bearer"; readonly tokens: readonly string[] }
  /** `Authorization: Basic …` */
  | { readonly kind: "basic"; readonly users: readonly { readonly username: string; readonly password: string }[] }
  /** A header of your own: an API key, or what the portal adds to the calls for an app's actions and triggers. */
  | { readonly kind: "header"; readonly name: string; readonly values: readonly string[] }
  /** A parameter of the URL. Weaker: logs and proxies keep URLs. The plain Webhook action has nothing else. */
  | { readonly kind: "query"; readonly name: string; readonly values: readonly string[] }
  /** What is looked up: tokens of your own OAuth 2 server, credentials of external auth. Only `true` is a yes. */
  | { readonly kind: "verify"; readonly verify: (request: AuthenticatedRequest) => boolean | Promise<boolean> };

/** RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
/** What arrives in a header as it was sent, whatever it passed on the way. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;
const BEARER_TOKEN = /^[\x21-\x7e]+$/;
const ANYTHING = /^.+$/s;

/** RFC 7617: the user and the password in UTF-8, then base64. */
function basicCredentials({ username, password }: { readonly username: string; readonly password: string }): string {
  if (typeof username !== "string" || typeof password !== "string" || username.includes(":") || password === "") {
    throw new ConfigurationError("users must have a username without a colon and a password");
  }
  return btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)));
}

/** An empty value is a variable that was not set: it would let in whoever sends none. */
function checkSecrets(secrets: readonly string[], name: string, form: RegExp): readonly string[] {
  if (!Array.isArray(secrets) || secrets.length === 0) throw new ConfigurationError(`${name} must not be empty`);
  for (const secret of secrets) {
    if (typeof secret !== "string" || !form.test(secret)) {
      throw new ConfigurationError(`${name} must each be a text that a request can carry, and not be empty`);
    }
  }
  // A copy: what is let in must not change with somebody's array.
  return [...secrets];
}

function authorizationOf(request: AuthenticatedRequest, scheme: string): string | undefined {
  const [given, credentials, ...rest] = (request.headers.get("authorization") ?? "").trim().split(/ +/);
  return toAsciiLowerCase(given ?? "") === scheme && rest.length === 0 ? credentials : undefined;
}

function parameterOf(request: AuthenticatedRequest, name: string): string | undefined {
  if (!URL.canParse(request.url, "https://path.invalid")) return undefined;
  const values = new URL(request.url, "https://path.invalid").searchParams.getAll(name);
  // Which of two was meant is somebody else's guess.
  return values.length === 1 ? values[0] : undefined;
}

/** What of a request is the secret, and what it may be. */
function schemeOf(auth: Exclude<WorkflowAuth, { kind: "verify" }>): {
  readonly secrets: readonly string[];
  readonly read: (request: AuthenticatedRequest) => string | undefined | null;
} {
  switch (auth.kind) {
    case "bearer":
      return {
        secrets: checkSecrets(auth.tokens, "tokens", BEARER_TOKEN),
        read: (request) => authorizationOf(request, "bearer"),
      };
    case "basic":
      return {
        secrets: checkSecrets((auth.users ?? []).map(basicCredentials), "users", ANYTHING),
        read: (request) => authorizationOf(request, "basic"),
      };
    case "header": {
      const { name } = auth;
      if (typeof name !== "string" || !HEADER_NAME.test(name)) throw new ConfigurationError("name is no header's");
      return {
        secrets: checkSecrets(auth.values, "values", HEADER_VALUE),
        read: (request) => request.headers.get(name),
      };
    }
    case "query": {
      const { name } = auth;
      if (typeof name !== "string" || name === "") throw new ConfigurationError("name must not be empty");
      return {
        secrets: checkSecrets(auth.values, "values", ANYTHING),
        read: (request) => parameterOf(request, name),
      };
    }
    default:
      throw new ConfigurationError("auth.kind must be bearer, basic, header, query or verify");
  }
}

/** Names of the parameters that hold the secret: none of the app's functions gets them. */
export function secretParameters(auth: WorkflowAuth): readonly string[] {
  return auth.kind === "query" ? [auth.name] : [];
}

/** What a 401 has to name (RFC 9110, section 11.6.1); nothing where it is no scheme of HTTP's. */
export function challengeOf({ kind }: WorkflowAuth): string | undefined {
  if (kind === "bearer") return "Bearer";
  return kind === "basic" ? 'Basic realm="workflow", charset="UTF-8"' : undefined;
}

/**
 * Makes the check for one way to authenticate, in constant time. It fails closed: what is missing, empty or there twice is refused.
 *
 * @throws {ConfigurationError} at once. The check rejects with HandlerFailedError where `verify` throws.
 */
export function createWorkflowAuth(auth: WorkflowAuth): (request: AuthenticatedRequest) => Promise<boolean> {
  if (auth?.kind === "verify") {
    const { verify } = auth;
    if (typeof verify !== "function") throw new ConfigurationError("verify must be a function");
    return async (request) => (await callOwn(() => verify(request))) === true;
  }
  const { secrets, read } = schemeOf(Object(auth));
  return async (request) => {
    const given = read(request);
    return typeof given === "string" && given !== "" && (await indexOfSecret(given, secrets)) !== -1;
  };
}
