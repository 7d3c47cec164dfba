import { nearestName } from "@ghl-edge/core";
import type { EmulatorContext } from "../core/context.ts";
import type { EmulatedApp } from "../core/options/emulator-options.ts";
import { nearestScope, scopeProblem } from "../core/scopes.ts";

/** Reason why an authorize URL is refused. */
export interface AuthorizeProblem {
  /** One line; HighLevel's own words where they are known. */
  readonly message: string;
  /** Name of the parameter that is wrong. */
  readonly parameter: "client_id" | "response_type" | "redirect_uri" | "scope";
  /** Advice on what would be right, a sentence each. */
  readonly help: readonly string[];
  /** The same URL with a value that would be taken. Absent: none is near. */
  readonly fixed?: URL;
}

function withParameter(url: URL, name: string, value: string): URL {
  const fixed = new URL(url);
  fixed.searchParams.set(name, value);
  return fixed;
}

/** HighLevel answers an unknown client id with this text (observed 2026-08). */
export function clientProblem({ options }: EmulatorContext, url: URL): AuthorizeProblem {
  const given = url.searchParams.get("client_id") ?? "";
  const ids = options.apps.map(({ clientId }) => clientId);
  const [only] = ids;
  const meant = nearestName(given, ids) ?? (ids.length === 1 ? only : undefined);
  return {
    message: "error.noversionid",
    parameter: "client_id",
    help: [
      given === "" ? "client_id must be the client id of an app." : "The emulator has no app with this client id.",
      ids.length === 0 ? "It has no app at all." : `It has ${ids.join(", ")}.`,
      "Apps are given by --client-id, by --app, or by apps in the config file.",
    ],
    ...(meant === undefined ? {} : { fixed: withParameter(url, "client_id", meant) }),
  };
}

function redirectProblem(app: EmulatedApp, url: URL): AuthorizeProblem | undefined {
  const given = url.searchParams.get("redirect_uri");
  const { redirectUris } = app;
  const parameter = "redirect_uri";
  const registered =
    redirectUris === undefined
      ? []
      : [`Registered for this app: ${redirectUris.join(", ")}. They are compared character by character.`];
  const meant = redirectUris === undefined ? undefined : (nearestName(given ?? "", redirectUris) ?? redirectUris[0]);
  const fixed = meant === undefined ? {} : { fixed: withParameter(url, parameter, meant) };
  if (given === null || !URL.canParse(given))
    return {
      message: "redirect_uri is missing",
      parameter,
      help: ["redirect_uri must be an absolute URL, for example http://localhost:3000/oauth/callback.", ...registered],
      ...fixed,
    };
  if (redirectUris === undefined || redirectUris.includes(given)) return undefined;
  return { message: "redirect_uri is not registered", parameter, help: registered, ...fixed };
}

function problemOfScopes(app: EmulatedApp, scopes: readonly string[], url: URL): AuthorizeProblem | undefined {
  const message = scopeProblem(app, scopes);
  if (message === undefined) return undefined;
  const replaced = scopes.map((scope) => (scopeProblem(app, [scope]) === undefined ? scope : nearestScope(app, scope)));
  const right = [...new Set(replaced.filter((scope) => scope !== undefined))];
  return {
    message,
    parameter: "scope",
    help: [
      app.scopes === undefined
        ? "Each scope must be one that HighLevel has, with spaces between them."
        : `This app may ask for: ${app.scopes.join(" ")}.`,
    ],
    ...(right.length === 0 ? {} : { fixed: withParameter(url, "scope", right.join(" ")) }),
  };
}

/** Finds the problem of the URL that an app sends people to, or `undefined`. */
export function authorizeProblem(app: EmulatedApp, url: URL, scopes: readonly string[]): AuthorizeProblem | undefined {
  if (url.searchParams.get("response_type") !== "code")
    return {
      message: "response_type must be code",
      parameter: "response_type",
      help: ["HighLevel has the authorization code grant only: response_type=code."],
      fixed: withParameter(url, "response_type", "code"),
    };
  return redirectProblem(app, url) ?? problemOfScopes(app, scopes, url);
}
