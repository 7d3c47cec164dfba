import { camelCase } from "../ir/method-name.ts";
import type { Module, Operation } from "../ir/model.ts";

/** The release of HighLevel's own SDK that the names were held against (`@gohighlevel/api-client`). */
export const SDK_VERSION = "3.1.0";

/** Modules that the SDK has under the name of the older documents. */
const SDK_MODULES: Readonly<Record<string, string>> = {
  "ad-publishing": "ad-manager",
  saas: "saas-api",
  "social-planner": "social-media-posting",
};

/** The only module that the SDK has from the documents of v3. */
const SDK_V3_MODULE = "chat-widget";

/** Names of that module that do not follow from its documents. */
const SDK_OTHER_NAMES: Readonly<Record<string, string>> = {
  "GET /chat-widget/data/{}/{}": "chatWidget.getChatWidgetById",
  "GET /chat-widget/list": "chatWidget.listChatWidgets",
  "DELETE /chat-widget/{}/{}": "chatWidget.deleteChatWidget",
};

/** Method and path without the names of parameters and without a slash at the end: the same for v2 and v3. */
export function routeKey(method: string, path: string): string {
  return `${method} ${path.replaceAll(/\{[^}]*\}/g, "{}").replace(/(?<=.)\/$/, "")}`;
}

/**
 * Names of the official SDK by `routeKey`. It is generated from the documents of v2: the module in camel case, and the
 * operationId in camel case with a small first letter.
 */
export function sdkNames(modules: readonly Module[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { api, name, operations } of modules) {
    if (api !== "v2" && name !== SDK_V3_MODULE) continue;
    const owner = camelCase(SDK_MODULES[name] ?? name);
    for (const operation of operations) {
      const key = routeKey(operation.method, operation.path);
      names.set(key, SDK_OTHER_NAMES[key] ?? `${owner}.${methodOf(operation)}`);
    }
  }
  return names;
}

function methodOf({ id }: Operation): string {
  const joined = id.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}
