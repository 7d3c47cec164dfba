/** One attempt to deliver an event. */
export interface WebhookAttempt {
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly atMs: number;
  /** Name or wire type of the event, `""` where it has none. */
  readonly event: string;
  readonly url: string;
  readonly webhookId: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** 0: no answer. */
  readonly status: number;
}
