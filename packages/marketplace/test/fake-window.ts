import type { FrameMessage, FrameWindow } from "../src/frame.ts";

/** A page in a frame: what it posts to the window around it, and a way to send it something. */
export interface FakeFrame {
  readonly window: FrameWindow;
  readonly posted: { message: unknown; targetOrigin: string }[];
  /** Number of listeners there are. */
  listening(): number;
  /** From the parent unless told otherwise. */
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

/** A page that is nobody's frame: its parent is itself. */
export function topWindow(): FrameWindow {
  const window = { addEventListener: () => undefined, removeEventListener: () => undefined } as unknown as {
    parent: unknown;
  } & FrameWindow;
  Object.assign(window, { parent: window });
  return window;
}
