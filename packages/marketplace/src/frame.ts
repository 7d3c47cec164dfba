import { describeValue } from "@ghl-edge/core";
import { ConfigurationError } from "./errors.ts";

/** The members of a message event that are read. */
export interface FrameMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
}

/** The members of a page's window that are used. */
export interface FrameWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  /**
   * Adds a listener of messages.
   *
   * @param type - `message`
   * @param listener - Function that gets each message
   */
  addEventListener(type: "message", listener: (event: FrameMessage) => void): void;
  /**
   * Removes a listener of messages.
   *
   * @param type - `message`
   * @param listener - The function that was added
   */
  removeEventListener(type: "message", listener: (event: FrameMessage) => void): void;
}

/** Options of messages to and from the window around the page. */
export interface ParentOptions {
  /**
   * Origins of accepted messages (`https://app.gohighlevel.com`, a white-label domain), or a function that decides. Default: any origin,
   * because agencies have their own domains. Messages from other windows than the parent are always ignored.
   */
  readonly origins?: readonly string[] | ((origin: string) => boolean);
  /** Target origin of the request. Default: `*`, because the request contains no secret. */
  readonly targetOrigin?: string;
}

function originCheck(origins: ParentOptions["origins"]): (origin: string) => boolean {
  if (origins === undefined) return () => true;
  if (typeof origins === "function") return origins;
  const allowed = new Set(
    origins.map((origin) => {
      if (!URL.canParse(origin))
        throw new ConfigurationError(`origins must be a list of origins, got ${describeValue(origin)}`);
      return new URL(origin).origin;
    }),
  );
  return (origin) => allowed.has(origin);
}

/** Calls `onMessage` for each message of the parent window. Returns a function that stops it. */
export function listenToParent(
  page: FrameWindow,
  options: ParentOptions,
  onMessage: (message: FrameMessage) => void,
): () => void {
  const allows = originCheck(options.origins);
  const listener = (event: FrameMessage): void => {
    if (event.source === page.parent && allows(event.origin)) onMessage(event);
  };
  page.addEventListener("message", listener);
  return () => page.removeEventListener("message", listener);
}
