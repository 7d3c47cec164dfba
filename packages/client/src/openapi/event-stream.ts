import { type CallContext, makeError, orMakeError } from "../errors/errors.ts";

/** One event of a stream. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
export interface ServerSentEvent {
  /** `message` where the server names none. */
  readonly event: string;
  /** The lines of the event, as they came; often JSON. */
  readonly data: string;
  /** The last id that the server gave, `""` when none. */
  readonly id: string;
  /** Time to wait before connecting again, in milliseconds, if the server sent one. */
  readonly retryMs: number | undefined;
}

/**
 * Events as they arrive. To be iterated once, to its end or until `break`; `cancel()` ends it and frees the connection.
 * The `signal` of the call ends it too; `timeoutMs` and `deadlineMs` count up to the first byte only.
 */
export interface EventStream extends AsyncIterable<ServerSentEvent> {
  /** Ends the stream and frees the connection. */
  cancel(): Promise<void>;
}

/** Longest event, in characters: a server that never ends one would fill the memory. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024;

/** Reads the body of an answer as an event stream. */
export function eventStream(response: Response, signal: AbortSignal | undefined, context: CallContext): EventStream {
  const reader = response.body?.getReader();
  const cancel = async (): Promise<void> => {
    signal?.removeEventListener("abort", stop);
    await reader?.cancel().catch(() => {});
  };
  const stop = (): void => void cancel();
  signal?.addEventListener("abort", stop);

  async function* events(): AsyncGenerator<ServerSentEvent, void> {
    const decoder = new TextDecoder();
    const parse = createParser(context);
    try {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        signal?.throwIfAborted();
        if (done) return;
        yield* parse(decoder.decode(value, { stream: true }));
      }
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw orMakeError("NETWORK", "the event stream was cut", { ...context, cause });
    } finally {
      await cancel();
    }
  }
  const started = events();
  return { [Symbol.asyncIterator]: () => started, cancel };
}

/** Takes text as it arrives and gives the events that it completes. Time is linear in the text. */
function createParser(context: CallContext): (text: string) => ServerSentEvent[] {
  let pending = "";
  let afterReturn = false;
  let data: string[] = [];
  let size = 0;
  let event = "";
  let id = "";
  let retryMs: number | undefined;

  const dispatch = (): ServerSentEvent[] => {
    const found = data.length > 0 ? [{ event: event || "message", data: data.join("\n"), id, retryMs }] : [];
    data = [];
    size = 0;
    event = "";
    retryMs = undefined;
    return found;
  };
  const take = (line: string): ServerSentEvent[] => {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) retryMs = Number(value);
    return [];
  };
  return (text) => {
    // CR LF may arrive in two pieces.
    const lines = (afterReturn && text.startsWith("\n") ? text.slice(1) : text).split(/\r\n|\n|\r/);
    if (text !== "") afterReturn = text.endsWith("\r");
    size += text.length;
    const complete = lines.slice(0, -1).map((line, index) => (index === 0 ? pending + line : line));
    pending = complete.length > 0 ? (lines.at(-1) ?? "") : pending + (lines[0] ?? "");
    const found = complete.flatMap(take);
    if (complete.length > 0 && found.length > 0) size = pending.length;
    if (size > MAX_EVENT_CHARS)
      throw makeError("NETWORK", `an event is longer than ${MAX_EVENT_CHARS} characters`, context);
    return found;
  };
}
