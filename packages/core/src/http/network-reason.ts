/**
 * Names why a `fetch` failed, from its error and the causes behind it: the system's code (`ECONNREFUSED`, `ENOTFOUND`,
 * `UND_ERR_SOCKET`), else a message of plain words ("Network connection lost."). Any other message may quote the URL or a
 * header, and with it a token, so that it is not repeated.
 */
export function networkReason(error: unknown): string {
  let reason = "the connection failed";
  // `fetch` of Node wraps one error of the socket, a proxy agent one more
  for (let depth = 5; depth-- > 0; ) {
    const { code, message = "", cause } = Object(error);
    if (/^[A-Z_]{4,40}$/.test(code)) return code;
    if (/^[A-Za-z ]{4,60}\.?$/.test(message)) reason = message;
    error = cause;
  }
  return reason;
}
