import { describeValue, nearestName } from "@ghl-edge/core";
import { eventName, eventNames } from "@ghl-edge/webhooks";
import { EmulatorConfigurationError } from "./configuration-error.ts";
import { demandNames, demandSecret, demandText, demandTexts, demandUrl, refuse } from "./demand.ts";
import type { EmulatedApp, EmulatedCompany, EventSubscription } from "./emulator-options.ts";

function checkSubscription(path: string, subscription: EventSubscription): void {
  const isText = typeof subscription === "string";
  if (!isText) demandNames(path, subscription, ["name", "url"]);
  const name = isText ? subscription : subscription.name;
  if (typeof name !== "string" || eventName(name) === undefined) {
    const meant = typeof name === "string" ? nearestName(name, eventNames) : undefined;
    const help = meant === undefined ? "" : `; did you mean ${describeValue(meant)}?`;
    throw new EmulatorConfigurationError(
      `${isText ? path : `${path}.name`} must be the name of an event, got ${describeValue(name)}${help}`,
    );
  }
  if (!isText && subscription.url !== undefined) demandUrl(`${path}.url`, subscription.url);
}

const APP_NAMES = [
  "clientId",
  "clientSecret",
  "redirectUris",
  "scopes",
  "target",
  "webhookUrl",
  "events",
  "installedIn",
] as const satisfies readonly (keyof EmulatedApp)[];

/** @throws EmulatorConfigurationError */
export function checkApp(path: string, app: EmulatedApp, company: EmulatedCompany): void {
  demandNames(path, app, APP_NAMES);
  demandText(`${path}.clientId`, app?.clientId);
  demandSecret(`${path}.clientSecret`, app.clientSecret);
  if (app.redirectUris !== undefined) demandTexts(`${path}.redirectUris`, app.redirectUris);
  if (app.scopes !== undefined) demandTexts(`${path}.scopes`, app.scopes);
  if (app.target !== undefined && app.target !== "sub-account" && app.target !== "agency")
    refuse(`${path}.target`, "sub-account or agency", app.target);
  if (app.webhookUrl !== undefined) demandUrl(`${path}.webhookUrl`, app.webhookUrl);
  if (app.events !== undefined) {
    if (!Array.isArray(app.events)) refuse(`${path}.events`, "a list", app.events);
    for (const [index, event] of app.events.entries()) checkSubscription(`${path}.events[${index}]`, event);
  }
  if (app.installedIn === undefined) return;
  demandTexts(`${path}.installedIn`, app.installedIn);
  const known = [company.id, ...company.locations.map(({ id }) => id)];
  for (const [index, id] of app.installedIn.entries())
    if (!known.includes(id)) refuse(`${path}.installedIn[${index}]`, `one of ${known.join(", ")}`, id);
}
