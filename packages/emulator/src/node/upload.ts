import type { IncomingMessage } from "node:http";

/** Most bytes of a body that are read although nobody wants them; a sender of more than this is cut off. */
const MAX_UNREAD_BYTES = 256 * 1024 * 1024;

/** The body of a request to this machine. */
export interface Upload {
  readonly stream: ReadableStream<Uint8Array>;
  /**
   * Reads what the handler has left of the body. An answer sent before the sender is done makes Node close the connection
   * while bytes are still on their way, and the sender gets ECONNRESET in place of the answer.
   */
  finish(): Promise<void>;
}

export function readUpload(message: IncomingMessage): Upload {
  // Readable.toWeb would destroy the message, and its connection, when the handler cancels the body.
  const chunks = message.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  return {
    stream,
    async finish() {
      let unread = 0;
      try {
        while (unread <= MAX_UNREAD_BYTES) {
          const { done, value } = await chunks.next();
          if (done) return;
          unread += value.byteLength;
        }
      } catch {
        // The sender has left; so will the answer.
      }
    },
  };
}
