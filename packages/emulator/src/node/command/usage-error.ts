/** A command line that cannot be right. The message says what would be. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
