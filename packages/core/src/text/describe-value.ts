const listOf = (list: readonly unknown[]): string => (list.length === 0 ? "an empty array" : "an array");

/** Names a value in an error message: text in quotes and cut, everything else by its kind. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value === null || ["number", "boolean", "undefined", "bigint"].includes(typeof value)) return String(value);
  return Array.isArray(value) ? listOf(value) : `a value of type ${typeof value}`;
}

/** Names a value in an error message that may hold a secret: by its kind and length, never by its content. */
export function describeSecret(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === "string") return value === "" ? '""' : `a text of ${value.length} characters`;
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? listOf(value) : `a value of type ${typeof value}`;
}
