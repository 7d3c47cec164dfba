import type { Json } from "../../json/json.ts";

/** One call and its answer, as far as evidence needs them. */
export interface Exchange {
  readonly method: string;
  /** An address, or a path alone. */
  readonly url: string;
  readonly status: number;
  /** `Version` header of the request; undefined when the recording does not say it. */
  readonly version: string | undefined;
  /** Day of the call, `YYYY-MM-DD`; undefined when the recording does not say it. */
  readonly date: string | undefined;
  /** Parsed bodies; undefined when there is none, or none that is JSON or a form. */
  readonly request: Json | undefined;
  readonly response: Json | undefined;
}

/** Contents of one recording file. */
export interface Recording {
  readonly exchanges: readonly Exchange[];
  /** Lines of the gateway's log: it has no bodies, so they say nothing of a shape. */
  readonly logLines: number;
}
