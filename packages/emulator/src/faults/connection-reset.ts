/**
 * The emulated connection broke. `Emulator.fetch` rejects with it, as `fetch` does with a `TypeError`; the Node server
 * destroys the socket instead.
 */
export class ConnectionResetError extends TypeError {
  override readonly name = "ConnectionResetError";
  readonly code = "ERR_GHL_EMULATED_RESET";

  constructor() {
    super("The emulated connection was reset");
  }
}

export function isConnectionReset(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "ERR_GHL_EMULATED_RESET";
}
