/**
 * Name, line break, value: RFC 9110 sections 5.6.2 (token) and 5.5, without the characters that `fetch` refuses in a value, which
 * are line breaks, NUL and all beyond Latin-1. Neither half may have a line break, so that one expression is enough for both.
 */
const FIELD = /^[\w!#$%&'*+.^`|~-]+\n[\t -~\x80-\xff]*$/;

/**
 * Returns whether `fetch` can send this header. Check it first: the platform's own error quotes the value, which may be a
 * token, and looks like a failed connection.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header
 */
export function isSendableHeader(name: string, value: unknown): value is string {
  return typeof value === "string" && FIELD.test(`${name}\n${value}`);
}
