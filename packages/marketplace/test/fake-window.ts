import type { FrameMessage, FrameWindow } from "../src/frame.ts";

/** A page in a frame, with the messages that it posts to its parent and a function that sends it messages. */
export interface FakeFrame {
  readonly window: FrameWindow;
  readonly posted: { message: unknown; targetOrigin: string }[];
  /** Returns the number of listeners. */
  listening(): number;
  /** Sends a message to the page. Default sender: the parent. */
  send(data: unknown, from?: { origin?: string; source?: unknown }): void;
}

export function fakeFrame(onPost: (message: unknown, frame: FakeFrame) => void = () => undefined): FakeFrame {
  const listeners = new Set<(event: FrameMessage) => void>();
  const posted: FakeFrame["posted"] = [];
  const parent = {
    postMessage(message: unknown, targetOrigin: string): void {
      posted.push({ message, targetOrigin });
      onPost(message, frame);
    },
  };
  const frame: FakeFrame = {
    window: {
      parent,
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    posted,
    listening: () => listeners.size,
    send: (data, { origin = "https://app.gohighlevel.com", source = parent } = {}) => {
      for (const listener of [...listeners]) listener({ data, origin, source });
    },
  };
  return frame;
}

/** A page outside a frame: it is its own parent. */
export function topWindow(): FrameWindow {
  const window = { addEventListener: () => undefined, removeEventListener: () => undefined } as unknown as {
    parent: unknown;
  } & FrameWindow;
  Object.assign(window, { parent: window });
  return window;
}
