import { type Resource, sha256, toHex } from "@ghl-edge/core";

/**
 * Requests that the emulator received, in order: the ground truth of a test ("one refresh, not a hundred"). Tokens appear as
 * fingerprints, so that a log can be printed or attached to an issue.
 */
export interface RequestLogEntry {
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** `v3.contacts.getContact`, where the route table knows the request. */
  readonly operation?: string;
  readonly version?: string;
  readonly resource?: Resource;
  readonly clientId?: string;
  /** Fingerprint of the bearer token, or of the refresh token or code that was sent to the token endpoint. */
  readonly tokenFingerprint?: string;
  readonly grantType?: string;
  /** Reason for a refusal, in one word. */
  readonly refused?: string;
  /** Where parameters or body breach the document, in HighLevel's words; in strict mode why it was refused. */
  readonly breaches?: readonly string[];
  /** Kinds of the faults that befell the request. A `status` of 0 stands for no answer at all. */
  readonly fault?: string;
}

/** Fields that a handler adds to the entry of its request. */
export type RequestNote = {
  -readonly [K in Exclude<keyof RequestLogEntry, "atMs" | "method" | "path" | "status">]?: RequestLogEntry[K];
};

/**
 * Returns the fingerprint under which the request log shows a token: it distinguishes tokens without revealing one.
 *
 * @param token - Access token, refresh token or code
 * @returns The first 12 hexadecimal digits of the token's SHA-256
 * @example
 * ```ts
 * import { createEmulator, fingerprint } from "@ghl-edge/emulator";
 *
 * const { log } = createEmulator();
 * const used = await fingerprint("pit-test");
 * console.log(log.filter(({ tokenFingerprint }) => tokenFingerprint === used).length);
 * ```
 */
export async function fingerprint(token: string): Promise<string> {
  return toHex((await sha256(token)).subarray(0, 6));
}
