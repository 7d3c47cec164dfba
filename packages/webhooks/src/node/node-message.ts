/** What is used of a request of `node:http`, of Express 4 and 5, Connect, or `request.raw` of Fastify. */
export interface NodeRequest extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the URL before a router cut off its mount path. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What a body parser has made of the body. */
  readonly body?: unknown;
  /** The bytes of the body where the host keeps them: Google Cloud Functions, or a parser's `verify` option. */
  readonly rawBody?: unknown;
  /** Whether somebody has read from the stream. */
  readonly readableDidRead?: boolean | undefined;
  readonly readableEnded?: boolean | undefined;
}

/** What is used of a response of `node:http` and of what is built on it. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body?: string | Uint8Array): unknown;
}
