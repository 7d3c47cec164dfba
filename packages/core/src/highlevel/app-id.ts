/** An app id is a 24-digit hexadecimal id; a client id is the app id, a hyphen and a suffix (observed 2026-08). */
const CLIENT_ID = /^([0-9a-f]{24})-/i;

/**
 * Returns the app id that webhooks and `installedLocations` use, from an app id or a client id.
 * A text of any other form is returned as it is, so that it never turns into the id of another app.
 *
 * @param appOrClientId - An app id or a client id
 * @returns The app id
 * @example
 * appIdOf("5f0000000000000000000001-lx2k9d3a"); // "5f0000000000000000000001"
 */
export function appIdOf(appOrClientId: string): string {
  return CLIENT_ID.exec(appOrClientId)?.[1] ?? appOrClientId;
}
