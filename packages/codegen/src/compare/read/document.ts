import type { JsonObject } from "../../json/json.ts";
import type { Prose } from "./prose.ts";
import type { UnreadParts } from "./unread.ts";

/** One document of one side, in the distilled form. */
export interface SpecDocument {
  /** `v3/contacts`; the file's own name where it is not HighLevel's. */
  readonly name: string;
  /** API generation; "" where the document is not HighLevel's. */
  readonly api: string;
  readonly module: string;
  /** Path as the user would write it. */
  readonly file: string;
  readonly value: JsonObject;
  /** Descriptions of the upstream document. The distilled form has none, so there it is undefined. */
  readonly prose: Prose | undefined;
  /** Webhook events instead of operations: each is received, so its payload stands on the response side. */
  readonly events: boolean;
  /** Parts that are not in `value`, and so not compared. */
  readonly unread: UnreadParts;
}
