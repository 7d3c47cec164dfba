import { toAsciiLowerCase } from "@ghl-edge/core";

/** Longest address that SMTP carries (RFC 5321, section 4.5.3.1.3, without its brackets). */
const OPERATOR_NAME = /^[\x20-\x7e]{1,254}$/;

/**
 * The form in which operators are stored and compared: an e-mail address, or the name of an Access service token, with A to Z
 * lowered. Names outside of ASCII are no operators: two that look alike would be two people, and which letters a mail
 * server takes for the same is its own affair.
 *
 * @returns undefined for a name that no operator can have
 */
export function operatorName(name: string): string | undefined {
  return OPERATOR_NAME.test(name) ? toAsciiLowerCase(name) : undefined;
}
