import * as v from "valibot";
import { INSTALLATION_STATES } from "../../../domain/administration-model.ts";
import { defineAction } from "../action.ts";
import { count, described, itemsOf, textOut } from "../schema.ts";

const app = v.strictObject({
  name: textOut,
  clientId: textOut,
  scopes: v.array(textOut),
  installations: described(
    v.record(v.string(), count),
    "Number of installations in each state. A state without installations is left out.",
  ),
});
const appList = itemsOf(app);
export const installationState = v.picklist(INSTALLATION_STATES);

export const appSchemas = { App: app, AppList: appList, InstallationState: installationState };

/** Apps are configuration, so that no database holds their credentials. */
export const appActions = {
  listApps: defineAction({
    tag: "apps",
    summary: "Lists the apps of this deployment.",
    role: "viewer",
    http: { method: "get", path: "/admin/apps" },
    input: v.strictObject({}),
    output: appList,
    async run({ config, directory }) {
      const counts = await directory.installations.counts();
      const installationsOf = (name: string) =>
        Object.fromEntries(counts.filter((one) => one.app === name).map((one) => [one.state, one.count]));
      const items = [...config.apps.values()].map(({ name, clientId, scopes }) => ({
        name,
        clientId,
        scopes,
        installations: installationsOf(name),
      }));
      return { items };
    },
  }),
};
