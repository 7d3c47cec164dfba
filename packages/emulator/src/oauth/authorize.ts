import { type EmulatorContext, findApp, knowsLocation } from "../core/context.ts";
import type { EmulatedApp } from "../core/options/emulator-options.ts";
import type { Installation } from "../core/state.ts";
import type { Html } from "../page/document.ts";
import { type AuthorizeProblem, authorizeProblem, clientProblem } from "./authorize-problem.ts";
import { choicePage } from "./choice-page.ts";

/** Result of a request to the authorize page: show a choice, redirect with a code, or refuse. */
export type AuthorizeResult =
  | { readonly kind: "page"; readonly html: Html }
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "refused"; readonly problem: AuthorizeProblem };

type Chosen = Pick<Installation, "resource" | "bulk" | "approvedLocations" | "future">;

/**
 * The choice, as HighLevel distinguishes its tokens (distribution article of its help pages, 2026): one location gets
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

/** Reason why a choice that was sent cannot be accepted; `undefined` when none was sent. */
function choiceProblem(
  { company }: EmulatorContext["options"],
  app: EmulatedApp,
  query: URLSearchParams,
): string | undefined {
  const companyId = query.get("companyId");
  if (companyId !== null && companyId !== company.id) return `The company is ${company.id}, not ${companyId}.`;
  if (app.target === "agency")
    return query.has("locationId") ? "This app is for agencies: it is installed in the company." : undefined;
  const unknown = query.getAll("locationId");
  if (unknown.length > 0) return `${company.name} has no location ${unknown.join(", ")}.`;
  return query.has("install") ? "Nothing is ticked. Tick a location, or install in the whole company." : undefined;
}

/**
 * `GET /oauth/chooselocation` and `/v2/oauth/chooselocation`. Without a choice in the query it is a page with a form; with
 * `locationId` (once or several times) or `companyId` it redirects at once, which is what a script wants. `cancel` goes
 * back without a code: what HighLevel sends then is documented nowhere, so it is RFC 6749 section 4.1.2.1.
 */
export function authorize(context: EmulatorContext, url: URL): AuthorizeResult {
  const query = url.searchParams;
  const app = findApp(context, query.get("client_id") ?? undefined);
  if (app === undefined) return { kind: "refused", problem: clientProblem(context, url) };
  const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const refused = authorizeProblem(app, url, scopes);
  if (refused !== undefined) return { kind: "refused", problem: refused };
  const redirectUri = query.get("redirect_uri") ?? "";
  const state = query.get("state");
  if (query.has("cancel")) return redirect(redirectUri, { error: "access_denied" }, state);
  const choice = chosen(context, app, query);
  if (choice === undefined) {
    const { company } = context.options;
    const problem = choiceProblem(context.options, app, query);
    return { kind: "page", html: choicePage({ company, app, url, scopes, problem }) };
  }

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
