/** The texts of a list that came over the wire. */
export function members(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

export function without(list: readonly string[], gone: readonly string[]): string[] {
  return list.filter((one) => !gone.includes(one));
}
