import { APP, COMPANY } from "../setup/settings.ts";
import { administer } from "./admin.ts";

/** A key of the directory, for these locations and this company; null: for all. */
export async function keyFor(
  resources: string[] | null,
  access = "read",
  app: string = APP,
): Promise<Record<string, string>> {
  const allowed = resources?.map((id) => ({ kind: id === COMPANY ? "company" : "location", id })) ?? null;
  const { key } = await administer<{ key: string }>("POST", "/admin/api-keys", {
    name: "marketplace",
    app,
    access,
    resources: allowed,
  });
  return { authorization: `Bearer ${key}` };
}
