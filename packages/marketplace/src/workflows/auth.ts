import { describeSecret, describeValue, toAsciiLowerCase, toBase64 } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { callAppFunction } from "../http/handler.ts";
import { indexOfSecret } from "../secret.ts";

/** The members of a request that are read. */
export interface AuthenticatedRequest {
  readonly headers: Pick<Headers, "get">;
  /** The URL, or a path as in Node's `request.url`. */
  readonly url: string;
}

/**
 * Authentication of a workflow's requests. HighLevel does not sign them, so it is a secret that you enter in the workflow. Each kind accepts
 * several values, so that you can rotate a secret without downtime.
 */
export type WorkflowAuth =
  /** `Authorization: Bearer …` */
  | { readonly kind: "bearer"; readonly tokens: readonly string[] }
  /** `Authorization: Basic …` */
  | { readonly kind: "basic"; readonly users: readonly { readonly username: string; readonly password: string }[] }
  /** A custom header: an API key, or a header that the portal adds to the calls for an app's actions and triggers. */
  | { readonly kind: "header"; readonly name: string; readonly values: readonly string[] }
  /** A URL parameter. It is weaker, because logs and proxies store URLs. The plain Webhook action supports nothing else. */
  | { readonly kind: "query"; readonly name: string; readonly values: readonly string[] }
  /** A lookup, for tokens of your own OAuth 2 server or credentials of external auth. Only `true` accepts the request. */
  | { readonly kind: "verify"; readonly verify: (request: AuthenticatedRequest) => boolean | Promise<boolean> };

/** Matches the name of a header (RFC 9110, section 5.6.2). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
/** Matches a header value that no proxy changes. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;
const BEARER_TOKEN = /^[\x21-\x7e]+$/;
const ANYTHING = /^.+$/s;

/** Encodes user and password in UTF-8 and base64 (RFC 7617). */
function basicCredentials({ username, password }: { readonly username: string; readonly password: string }): string {
  if (typeof username !== "string" || typeof password !== "string" || username.includes(":") || password === "") {
    throw new ConfigurationError(
      `each of users must have a username without a colon and a password, got ${describeSecret(username)} and ${describeSecret(password)}`,
    );
  }
  return toBase64(new TextEncoder().encode(`${username}:${password}`));
}

/** Checks secrets. An empty value is usually an unset variable. It would accept requests without credentials. */
function checkSecrets(secrets: readonly string[], name: string, form: RegExp): readonly string[] {
  if (!Array.isArray(secrets) || secrets.length === 0)
    throw new ConfigurationError(`${name} must be a non-empty list, got ${describeSecret(secrets)}`);
  for (const secret of secrets) {
    if (typeof secret !== "string" || !form.test(secret)) {
      throw new ConfigurationError(
        `each of ${name} must be a non-empty string that is valid in a request, got ${describeSecret(secret)}`,
      );
    }
  }
  // The copy does not change with the caller's list.
  return [...secrets];
}

function authorizationOf(request: AuthenticatedRequest, scheme: string): string | undefined {
  const [given, credentials, ...rest] = (request.headers.get("authorization") ?? "").trim().split(/ +/);
  return toAsciiLowerCase(given ?? "") === scheme && rest.length === 0 ? credentials : undefined;
}

function parameterOf(request: AuthenticatedRequest, name: string): string | undefined {
  if (!URL.canParse(request.url, "https://path.invalid")) return undefined;
  const values = new URL(request.url, "https://path.invalid").searchParams.getAll(name);
  // Two values are ambiguous.
  return values.length === 1 ? values[0] : undefined;
}

/** Returns the valid secrets, and a function that reads the secret of a request. */
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
      if (typeof name !== "string" || !HEADER_NAME.test(name))
        throw new ConfigurationError(`name must be the name of a header, got ${describeValue(name)}`);
      return {
        secrets: checkSecrets(auth.values, "values", HEADER_VALUE),
        read: (request) => request.headers.get(name),
      };
    }
    case "query": {
      const { name } = auth;
      if (typeof name !== "string" || name === "")
        throw new ConfigurationError(`name must be a non-empty string, got ${describeValue(name)}`);
      return {
        secrets: checkSecrets(auth.values, "values", ANYTHING),
        read: (request) => parameterOf(request, name),
      };
    }
    default:
      throw new ConfigurationError(
        `auth.kind must be bearer, basic, header, query or verify, got ${describeValue(Object(auth).kind)}`,
      );
  }
}

/** Returns the names of URL parameters with a secret. The app's functions do not get them. */
export function secretParameters(auth: WorkflowAuth): readonly string[] {
  return auth.kind === "query" ? [auth.name] : [];
}

/** Returns the challenge of a 401 (RFC 9110, section 11.6.1); undefined when the kind is not an HTTP scheme. */
export function challengeOf({ kind }: WorkflowAuth): string | undefined {
  if (kind === "bearer") return "Bearer";
  return kind === "basic" ? 'Basic realm="workflow", charset="UTF-8"' : undefined;
}

/**
 * Creates a check of a workflow's credentials in constant time. It refuses missing, empty and repeated credentials.
 *
 * @param auth - Kind of authentication and its secrets
 * @returns A function that resolves to whether a request is authentic. It rejects with a HandlerFailedError when `verify` throws
 * @throws {ConfigurationError} when a secret is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { createWorkflowAuth } from "@ghl-edge/marketplace/workflows";
 *
 * const isAuthentic = createWorkflowAuth({ kind: "header", name: "x-api-key", values: ["secret"] });
 * console.log(await isAuthentic(new Request("https://app.example/", { headers: { "x-api-key": "secret" } }))); // true
 * ```
 */
export function createWorkflowAuth(auth: WorkflowAuth): (request: AuthenticatedRequest) => Promise<boolean> {
  if (auth?.kind === "verify") {
    const { verify } = auth;
    if (typeof verify !== "function")
      throw new ConfigurationError(`verify must be a function, got ${describeValue(verify)}`);
    return async (request) => (await callAppFunction(() => verify(request))) === true;
  }
  const { secrets, read } = schemeOf(Object(auth));
  return async (request) => {
    const given = read(request);
    return typeof given === "string" && given !== "" && (await indexOfSecret(given, secrets)) !== -1;
  };
}
