/**
 * Returns whether a value is an object with members, as JSON has them: not `null`, not an array.
 *
 * @param value - Any value
 * @returns `true` for an object
 */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
