import { type EmulatorContext, findApp, knowsLocation } from "../core/context.ts";
import type { EmulatedApp } from "../core/emulator-options.ts";
import { scopeProblem } from "../core/scopes.ts";
import type { Installation } from "../core/state.ts";
import { choicePage } from "./choice-page.ts";

/** What the authorize page does with a request: show a choice, redirect with a code, or refuse. */
export type AuthorizeResult =
  | { readonly kind: "page"; readonly html: string }
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "refused"; readonly message: string };

type Chosen = Pick<Installation, "resource" | "bulk" | "approvedLocations" | "future">;

/**
 * What was chosen, as HighLevel tells its tokens apart (distribution article of its help pages, 2026): one location gets
 * its own token; an agency, or several locations, a company token of a bulk installation.
 */
function chosen(context: EmulatorContext, app: EmulatedApp, query: URLSearchParams): Chosen | undefined {
  const { company } = context.options;
  const ids = query.getAll("locationId").filter((id) => knowsLocation(context, id));
  const [only] = ids;
  const isAgency = query.get("companyId") === company.id;
  if (app.target === "agency")
    return isAgency ? { resource: { kind: "company", id: company.id }, bulk: false } : undefined;
  if (!isAgency && ids.length === 1 && only !== undefined)
    return { resource: { kind: "location", id: only }, bulk: false };
  if (!isAgency && ids.length === 0) return undefined;
  return {
    resource: { kind: "company", id: company.id },
    bulk: true,
    approvedLocations: isAgency ? company.locations.map(({ id }) => id) : ids,
    future: isAgency,
  };
}

function redirect(
  redirectUri: string,
  fields: Readonly<Record<string, string>>,
  state: string | null,
): AuthorizeResult {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
  if (state !== null) target.searchParams.set("state", state);
  return { kind: "redirect", url: target.href };
}

function refusalOf(app: EmulatedApp, query: URLSearchParams, scopes: readonly string[]): string | undefined {
  if (query.get("response_type") !== "code") return "response_type must be code";
  const redirectUri = query.get("redirect_uri");
  if (redirectUri === null || !URL.canParse(redirectUri)) return "redirect_uri is missing";
  if (app.redirectUris !== undefined && !app.redirectUris.includes(redirectUri))
    return "redirect_uri is not registered";
  return scopeProblem(app, scopes);
}

/**
 * `GET /oauth/chooselocation` and `/v2/oauth/chooselocation`. Without a choice in the query it is a page with a form; with
 * `locationId` (once or several times) or `companyId` it redirects at once, which is what a script wants. `cancel` goes
 * back without a code: what HighLevel sends then is documented nowhere, so it is RFC 6749 section 4.1.2.1.
 */
export function authorize(context: EmulatorContext, url: URL): AuthorizeResult {
  const query = url.searchParams;
  const app = findApp(context, query.get("client_id") ?? undefined);
  if (app === undefined) return { kind: "refused", message: "error.noversionid" };
  const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const message = refusalOf(app, query, scopes);
  if (message !== undefined) return { kind: "refused", message };
  const redirectUri = query.get("redirect_uri") ?? "";
  const state = query.get("state");
  if (query.has("cancel")) return redirect(redirectUri, { error: "access_denied" }, state);
  const choice = chosen(context, app, query);
  if (choice === undefined) return { kind: "page", html: choicePage(context.options.company, app, url, scopes) };

  const code = context.random.hex(40);
  context.state.codes.set(code, {
    installation: {
      clientId: app.clientId,
      companyId: context.options.company.id,
      userId: context.random.text(20),
      scopes,
      ...choice,
    },
    redirectUri,
    expiresAtMs: context.options.now() + context.options.codeLifetimeMs,
  });
  return redirect(redirectUri, { code }, state);
}
