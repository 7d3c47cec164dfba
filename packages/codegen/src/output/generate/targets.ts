/**
 * Targets of `generate`: folders, none inside another, and one file. A run removes files of an earlier run that are no
 * longer generated. It leaves every other file alone.
 */
export interface Targets {
  /** Types, methods and rows of every module (`v3/contacts.gen.ts`), and the route table of all modules. */
  readonly client?: string;
  /** Tables with which a server answers the operations, as `@ghl-edge/emulator` reads them: one JSON file per module. */
  readonly emulator?: string;
  /**
   * Types and samples of the webhook events. With `imports: "relative"` also the tables of the classifier and of the
   * checks, which only `@ghl-edge/webhooks` itself can import.
   */
  readonly webhooks?: string;
  /** A Markdown file: every operation with its method here, its name in the official SDK, and its scopes. */
  readonly operations?: string;
}
