import { MAX_LIMIT } from "../../directory/cursor.ts";
import { eventParameters } from "./event-schemas.ts";
import { query, ref, text } from "./schema-parts.ts";

/** Query parameters of the admin API, as they are documented. A parameter that is not here is refused. */
export const parameters = {
  limit: query("limit", { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: 50 }),
  cursor: query("cursor", text),
  app: query("app", text),
  kind: query("kind", { type: "string", enum: ["location", "company"] }),
  state: query("state", ref("InstallationState")),
  companyId: query("companyId", text),
  atHighLevel: query("atHighLevel", { type: "boolean", default: false }),
  ...eventParameters,
} as const;
