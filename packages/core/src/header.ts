/** RFC 9110 section 5.6.2 (token). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** RFC 9110 section 5.5, without the characters that `fetch` refuses: line breaks, NUL and all beyond Latin-1. */
const VALUE = /^[\t -~\x80-\xff]*$/;

/**
 * Returns whether `fetch` can send this header. Check it first: the platform's own error quotes the value, which may be a
 * token, and looks like a failed connection.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header
 */
export function isSendableHeader(name: string, value: unknown): value is string {
  return NAME.test(name) && typeof value === "string" && VALUE.test(value);
}
