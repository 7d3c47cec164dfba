/**
 * Where `generate` writes to: folders, none inside another, and one file. It removes files that it wrote in an earlier run and that are
 * no longer due; anything else in a folder it leaves alone.
 */
export interface Targets {
  /** Types, methods and rows of every module (`v3/contacts.gen.ts`), and the route table of all modules. */
  readonly client?: string;
  /** What a server must know to answer the operations, as `@ghl-edge/emulator` reads it: one JSON file per module. */
  readonly emulator?: string;
  /**
   * Types and samples of the webhook events. With `imports: "relative"` also the tables of the classifier and of the
   * checks, which only `@ghl-edge/webhooks` itself can import.
   */
  readonly webhooks?: string;
  /** A Markdown file: every operation with its method here, its name in the official SDK, and its scopes. */
  readonly operations?: string;
}
