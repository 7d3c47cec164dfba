/**
 * The `fetch` option of every package. It is given one `Request` and nothing else, so that the functions that people have at
 * hand work as they are: the platform's `fetch`, a service binding, `emulator.fetch`, the handler of an app. With `(url, init)`
 * a function of one parameter compiles and loses method, headers and body, because TypeScript lets a function ignore arguments.
 */
export type FetchOption = (request: Request) => Promise<Response>;

/** How our own code sends. The platform's `fetch` needs no `Request` for that, which costs more than all else of a call. */
export type SendRequest = (url: string, init: RequestInit) => Promise<Response>;

/** @returns a function that sends through `option`, or through the platform's `fetch` where there is none. */
export function createSendRequest(option: FetchOption | undefined): SendRequest {
  // Async, so that what `Request` refuses is a rejection like any other failure to send.
  return async (url, init) => (option ? option(new Request(url, init)) : fetch(url, init));
}
