/** The members that the adapter uses of a request of `node:http`, Express 4 and 5, Connect, or `request.raw` of Fastify. */
export interface NodeRequest extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The URL before an Express router removed its mount path. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The result of a body parser. */
  readonly body?: unknown;
  /** The bytes of the body, if the host stores them: Google Cloud Functions, or a parser's `verify` option. */
  readonly rawBody?: unknown;
  /** Whether the stream has been read. */
  readonly readableDidRead?: boolean | undefined;
  readonly readableEnded?: boolean | undefined;
}

/** The members that the adapter uses of a response of `node:http` and of frameworks on top of it. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  /**
   * Sets a header of the response.
   *
   * @param name - Name of the header
   * @param value - Value of the header
   * @returns A value that is not used
   */
  setHeader(name: string, value: string): unknown;
  /**
   * Ends the response.
   *
   * @param body - The body. Default: none
   * @returns A value that is not used
   */
  end(body?: string | Uint8Array): unknown;
}
