import { describeSecret, describeValue, isSendableHeader, type NumberDemand, numberProblem } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import type { UserType } from "./token-set.ts";

/** HighLevel's one API host. */
export const API_BASE_URL = "https://services.leadconnectorhq.com";

/** An app of HighLevel's marketplace, as its settings page shows it. */
export interface AppCredentials {
  /** `<app id>-<8 characters>` */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Must equal a registered one to the letter. */
  readonly redirectUri?: string | undefined;
  /** Account kind that exchanges request; the answer's `userType` decides. Default: left out. */
  readonly userType?: UserType | undefined;
}

/** Checks credentials once, when something is made with them. */
export function checkCredentials(app: AppCredentials): void {
  for (const name of ["clientId", "clientSecret"] as const)
    if (typeof app[name] !== "string" || app[name] === "") throw new ConfigurationError(`${name} is missing`);
  if (app.redirectUri !== undefined && !URL.canParse(app.redirectUri))
    throw new ConfigurationError(`redirectUri must be an absolute URL, got ${describeValue(app.redirectUri)}`);
}

/** Longest delay of a platform's timer, ms: a longer one fires at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** Checks a number that was given as an option. @throws {ConfigurationError} */
export function checkNumber(name: string, value: unknown, demand: NumberDemand): void {
  const problem = value === undefined ? undefined : numberProblem(name, value, demand);
  if (problem !== undefined) throw new ConfigurationError(problem);
}

/** Checks a time that somebody waits. @throws {ConfigurationError} */
export function checkWaitMs(name: string, value: unknown): void {
  checkNumber(name, value, { min: 0, exclusiveMin: true, max: MAX_TIMER_MS });
}

/** Checks a text that a request cannot do without. The error does not quote it: it may be a secret. @throws {ConfigurationError} */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    throw new ConfigurationError(`${name} must be a text that is not empty, got ${describeSecret(value)}`);
}

/** Checks a token that goes into a header; the platform's own complaint would quote it. @throws {ConfigurationError} */
export function checkToken(name: string, value: unknown): void {
  checkText(name, value);
  if (!isSendableHeader("authorization", value))
    throw new ConfigurationError(`${name} must be a text that a header can carry, got ${describeSecret(value)}`);
}

/** Checks that a value is one of a few. @throws {ConfigurationError} */
export function checkOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return;
  const list = allowed.map((each) => JSON.stringify(each)).join(" or ");
  throw new ConfigurationError(`${name} must be ${list}, got ${describeValue(value)}`);
}

/** Checks an option that is a function. @throws {ConfigurationError} */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    throw new ConfigurationError(`${name} must be a function, got ${describeValue(value)}`);
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a URL is https, or plain http that does not leave this machine. */
export function isProtected({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK_HOSTS.includes(hostname));
}

/** The address secrets are sent to: https, or plain http on this machine only; without query or fragment. */
export function checkBaseUrl(baseUrl: string): URL {
  if (!URL.canParse(baseUrl))
    throw new ConfigurationError(`baseUrl must be an absolute http(s) URL, got ${describeSecret(baseUrl)}`);
  const url = new URL(baseUrl);
  if (!isProtected(url))
    throw new ConfigurationError(
      `baseUrl must be an https URL, or http on this machine, got ${url.protocol}//${url.host}`,
    );
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    throw new ConfigurationError("baseUrl must have a host and a path only, got credentials, a query or a fragment");
  return url;
}
