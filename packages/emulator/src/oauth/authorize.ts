import { type EmulatorContext, findApp, knowsLocation } from "../core/context.ts";
import type { Resource } from "../core/options.ts";

/** What the authorize page does with a request: show a choice, redirect with a code, or refuse. */
export type AuthorizeResult =
  | { readonly kind: "page"; readonly html: string }
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "refused"; readonly message: string };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function chosenResource(context: EmulatorContext, query: URLSearchParams): Resource | undefined {
  const locationId = query.get("locationId");
  if (locationId !== null && knowsLocation(context, locationId)) return { kind: "location", id: locationId };
  const companyId = query.get("companyId");
  if (companyId === context.options.company.id) return { kind: "company", id: companyId };
  return undefined;
}

function choicePage(context: EmulatorContext, url: URL): string {
  const { company } = context.options;
  const link = (name: string, id: string, label: string): string => {
    const target = new URL(url);
    target.searchParams.set(name, id);
    return `<li><a href="${escapeHtml(target.pathname + target.search)}">${escapeHtml(label)}</a></li>`;
  };
  const locations = company.locations.map((location) => link("locationId", location.id, location.name)).join("");
  return `<!doctype html><meta charset="utf-8"><title>Emulated HighLevel: install an app</title>
<h1>Where should this app be installed?</h1><p>This is an emulator, not HighLevel.</p>
<ul>${locations}${link("companyId", company.id, `${company.name} (agency, with all its sub-accounts)`)}</ul>`;
}

/**
 * `GET /oauth/chooselocation` and `/v2/oauth/chooselocation`. Without `locationId` or `companyId` it is a page with one
 * link for each; with one of them it redirects at once, which is what a script wants.
 */
export function authorize(context: EmulatorContext, url: URL): AuthorizeResult {
  const query = url.searchParams;
  const app = findApp(context, query.get("client_id") ?? undefined);
  if (app === undefined) return { kind: "refused", message: "error.noversionid" };
  if (query.get("response_type") !== "code") return { kind: "refused", message: "response_type must be code" };
  const redirectUri = query.get("redirect_uri");
  if (redirectUri === null || !URL.canParse(redirectUri))
    return { kind: "refused", message: "redirect_uri is missing" };
  if (app.redirectUris !== undefined && !app.redirectUris.includes(redirectUri))
    return { kind: "refused", message: "redirect_uri is not registered" };
  const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const refusedScope = app.scopes && scopes.find((scope) => !app.scopes?.includes(scope));
  if (refusedScope !== undefined) return { kind: "refused", message: `scope is not allowed: ${refusedScope}` };
  const resource = chosenResource(context, query);
  if (resource === undefined) return { kind: "page", html: choicePage(context, url) };

  const code = context.random.hex(40);
  context.state.codes.set(code, {
    installation: {
      clientId: app.clientId,
      resource,
      companyId: context.options.company.id,
      userId: context.random.text(20),
      scopes,
      bulk: resource.kind === "company",
    },
    redirectUri,
    expiresAtMs: context.options.now() + context.options.codeLifetimeMs,
  });
  const target = new URL(redirectUri);
  target.searchParams.set("code", code);
  const state = query.get("state");
  if (state !== null) target.searchParams.set("state", state);
  return { kind: "redirect", url: target.href };
}
