/**
 * Lowers the letters A to Z and leaves every other character as it is. `toLowerCase` maps U+212A (Kelvin sign) to `k` and
 * U+0130 to `i` plus a combining dot, so two different names would compare as equal.
 */
export function toAsciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
