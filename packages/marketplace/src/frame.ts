import { ConfigurationError } from "./errors.ts";

/** A message event, as much of it as is looked at. */
export interface FrameMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
}

/** A page's window, as much of it as is used. */
export interface FrameWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  addEventListener(type: "message", listener: (event: FrameMessage) => void): void;
  removeEventListener(type: "message", listener: (event: FrameMessage) => void): void;
}

export interface ParentOptions {
  /**
   * Origins a message may come from (`https://app.gohighlevel.com`, a white-label domain), or a function that decides. Default: any,
   * since agencies have domains of their own; a message from another window than the parent is ignored in any case.
   */
  readonly origins?: readonly string[] | ((origin: string) => boolean);
  /** To which origin the request is posted. Default `*`: it holds nothing secret. */
  readonly targetOrigin?: string;
}

function originCheck(origins: ParentOptions["origins"]): (origin: string) => boolean {
  if (origins === undefined) return () => true;
  if (typeof origins === "function") return origins;
  const allowed = new Set(
    origins.map((origin) => {
      if (!URL.canParse(origin)) throw new ConfigurationError("origins must be a list of origins");
      return new URL(origin).origin;
    }),
  );
  return (origin) => allowed.has(origin);
}

/** Hands over the messages of the window around this one; call what it returns to stop. */
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
