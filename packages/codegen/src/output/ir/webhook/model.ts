/** Method that identifies an event. The head of `openapi/webhooks.yaml` defines each value. */
export type WebhookDiscriminator = "event" | "alias" | "channel" | "payload" | "absent" | "undocumented";

export type WebhookStatus = "documented" | "captured" | "name-only" | "legacy";

/** Fields of a payload that hold the tenant's ids; `where` must hold for `location` to be one. */
export interface WebhookTenant {
  readonly location?: string;
  readonly company?: string;
  readonly where?: readonly [field: string, value: string];
}

export interface WebhookEventModel {
  /** The name HighLevel's portal lists the event under. */
  readonly name: string;
  readonly category: string;
  readonly status: WebhookStatus;
  readonly discriminator: WebhookDiscriminator;
  /** Values of `type` on the wire, the usual one first; never empty. */
  readonly wire: readonly string[];
  readonly aliases: readonly string[];
  readonly tenant: WebhookTenant;
  /** undefined where no source names a scope. */
  readonly scopes: readonly string[] | undefined;
  readonly source: string;
  /** ISO date on which the source was read. */
  readonly date: string;
  /** Schema of what comes beside the envelope; undefined when nothing does. */
  readonly payload: string | undefined;
  /** Whether the body may be an array of such events. */
  readonly list: boolean;
}

export type ScalarType = "string" | "number" | "boolean" | "null" | "object";

/** Values of one field: any of `scalars`, an array of `items`, or the object of one named schema. Without any, it is unknown. */
export interface WebhookShape {
  readonly scalars: readonly ScalarType[];
  readonly items?: WebhookShape;
  readonly schema?: string;
  /** Known values of a string. Open: HighLevel adds values without notice. */
  readonly known?: readonly string[];
  readonly format?: string;
}

export interface WebhookField {
  readonly name: string;
  readonly required: boolean;
  readonly shape: WebhookShape;
}

export interface WebhookSchema {
  readonly name: string;
  readonly description: string | undefined;
  /** The schema this one adds its fields to. */
  readonly base: string | undefined;
  /** Whether fields beyond the listed ones are all there is to say. */
  readonly open: boolean;
  readonly fields: readonly WebhookField[];
  /** Fields that distinguish this payload from others without a usable `type`. */
  readonly markers: readonly string[];
}

export interface WebhookModel {
  /** `info.version` of the document. */
  readonly version: string;
  /** Events that can be subscribed to, in the order of the document. */
  readonly events: readonly WebhookEventModel[];
  /** Names that older guides use and HighLevel does not offer. */
  readonly legacy: readonly string[];
  readonly envelope: WebhookSchema;
  /** Every schema but the envelope, by name, in the order of the document. */
  readonly schemas: ReadonlyMap<string, WebhookSchema>;
}
