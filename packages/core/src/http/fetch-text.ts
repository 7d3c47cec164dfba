import { type FetchBytesOptions, fetchBytes } from "./fetch-bytes.ts";

/** A response with its text. `text` is `undefined` if the body is longer than `maxBytes`. */
export interface ResponseText {
  readonly response: Response;
  readonly text: string | undefined;
}

/**
 * Sends one request like `fetchBytes`, and reads the complete text of its response.
 *
 * @param url - Absolute URL
 * @param init - The request; `signal` is set here
 * @param options - Limits and functions
 * @returns The response and its text
 * @throws the reason of `signal`, the result of `timeoutError`, or the platform's error, which may quote the request
 */
export async function fetchText(url: string, init: RequestInit, options: FetchBytesOptions): Promise<ResponseText> {
  const { response, bytes } = await fetchBytes(url, init, options);
  return { response, text: bytes && new TextDecoder().decode(bytes) };
}
