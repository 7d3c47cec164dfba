/** Access that a scope gives, by its last part. */
const ACCESS: Readonly<Record<string, string>> = { readonly: "read", read: "read", write: "create, change and delete" };

/** Names that no rule makes right. */
const NAMES: Readonly<Record<string, string>> = {
  oauth: "OAuth",
  saas: "SaaS",
  csv: "CSV",
  ai: "AI",
  lc: "LC",
  ad: "Ad",
};

export interface ScopeGroup {
  /** Subject of the scopes: `Conversations: message`. */
  readonly subject: string;
  /** Access to it: `read`, `create, change and delete`. */
  readonly access: readonly string[];
  readonly scopes: readonly string[];
}

/** `customFields` → `custom fields`, `chat-widget` → `chat widget`. */
function words(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .split(/[\s-]+/)
    .map((word) => NAMES[word.toLowerCase()] ?? word.toLowerCase())
    .join(" ");
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Says in words what scopes allow, those about one thing together.
 *
 * @example
 * describeScopes(["contacts.readonly", "contacts.write"]);
 * // [{ subject: "Contacts", access: ["read", "create, change and delete"], scopes: […] }]
 */
export function describeScopes(scopes: readonly string[]): readonly ScopeGroup[] {
  const groups = new Map<string, { access: string[]; scopes: string[] }>();
  for (const scope of new Set(scopes)) {
    // `locations/write` is a scope too: the access stands after the last dot, or else the last slash.
    const cut = scope.includes(".") ? scope.lastIndexOf(".") : scope.lastIndexOf("/");
    const subject = capital(
      scope
        .slice(0, Math.max(cut, 0))
        .split("/")
        .map((part) => words(part))
        .join(": "),
    );
    const access = scope.slice(cut + 1);
    const key = subject === "" ? capital(words(scope)) : subject;
    const group = groups.get(key) ?? { access: [], scopes: [] };
    groups.set(key, group);
    group.access.push(subject === "" ? "use" : (ACCESS[access] ?? words(access)));
    group.scopes.push(scope);
  }
  return Array.from(groups, ([subject, group]) => ({ subject, ...group }));
}
