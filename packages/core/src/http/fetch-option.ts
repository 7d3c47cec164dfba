/**
 * The `fetch` option of every package. It receives one `Request` and nothing else. The platform's `fetch`, a service binding,
 * `emulator.fetch` and the handler of an app all fit. With `(url, init)`, a function of one parameter would compile and lose
 * method, headers and body, because TypeScript lets a function ignore arguments.
 */
export type FetchOption = (request: Request) => Promise<Response>;

/** Function by which our own code sends. The platform's `fetch` needs no `Request`, whose construction costs more than the rest of a call. */
export type SendRequest = (url: string, init: RequestInit) => Promise<Response>;

/** @returns A function that sends through `option`, or through the platform's `fetch` where there is none */
export function createSendRequest(option: FetchOption | undefined): SendRequest {
  // Async, so that what `Request` refuses is a rejection like any other failure to send.
  return async (url, init) => (option ? option(new Request(url, init)) : fetch(url, init));
}
