/** The error reference, a page of this repository until the documentation has a site of its own. */
const ERROR_REFERENCE_URL = "https://github.com/ghl-edge/ghl-edge/blob/main/docs/errors.md";

/** URL of a code's entry in the error reference: the `type` of a problem (RFC 9457 section 3.1.1). */
export const errorReferenceUrl = (code: string): string => `${ERROR_REFERENCE_URL}#${code.toLowerCase()}`;
