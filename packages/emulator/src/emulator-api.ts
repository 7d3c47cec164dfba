import type { Resource } from "@ghl-edge/core";
import type { ClockControls, FaultControls, LimitControls } from "./control/controls.ts";
import type { InstalledApp } from "./core/installed-app.ts";
import type { RequestLogEntry } from "./core/log/request-log.ts";
import type { SendEventOptions, SentEvent } from "./webhooks/send-event.ts";
import type { WebhookControls } from "./webhooks/webhook-controls.ts";

/** A local HighLevel: it answers requests, sends webhooks, and shows what it received. */
export interface Emulator {
  /**
   * Answers a request as HighLevel would. Host and scheme of the URL do not matter.
   *
   * @param input - What the platform's `fetch` takes
   * @param init - Options of the request
   * @returns The answer
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /** Requests so far, oldest first. */
  readonly log: readonly RequestLogEntry[];
  readonly faults: FaultControls;
  readonly limits: LimitControls;
  readonly clock: ClockControls;
  readonly webhooks: WebhookControls;
  /**
   * Returns the public half of the key that signs webhooks.
   *
   * @returns SubjectPublicKeyInfo in base64
   */
  publicKey(): Promise<string>;
  /**
   * Signs one webhook event and posts it once.
   *
   * @param type - Name of the event. An empty text sends an event that does not name itself
   * @param payload - Fields of the body. They replace those of the envelope
   * @param options - Address, and an earlier event to send again
   * @returns The sent event with the status of the answer
   */
  sendEvent(type: string, payload: Readonly<Record<string, unknown>>, options: SendEventOptions): Promise<SentEvent>;
  /**
   * Pauses a location or company, or ends the pause. A paused one refuses refreshes with "Location is not active" and keeps its tokens.
   *
   * @param resourceId - Id of the location or company
   * @param active - `false`: pause it
   */
  setActive(resourceId: string, active: boolean): void;
  /**
   * Lists the apps and the resources where they are installed.
   *
   * @returns The installations
   */
  installations(): readonly InstalledApp[];
  /**
   * Ends an installation and its tokens. A company's uninstall ends those of its locations, too.
   *
   * @param resource - The location or company
   * @param clientId - The app. Default: all apps
   * @returns The number of installations that it ended
   */
  uninstall(resource: Resource, clientId?: string): number;
  /**
   * Counts the created and seeded records, and the locations of the options.
   *
   * @returns Number of records by collection
   */
  records(): Readonly<Record<string, number>>;
  /** Empties `log`. */
  clearLog(): void;
  /**
   * Begins again as at the start: what was created, installed, issued, changed and seen is forgotten, seeded records are as they were,
   * and ids repeat. Held answers are released. `log`, `faults` and the like must be read from the emulator again.
   */
  reset(): void;
  /**
   * Ends every access token of a resource, as if its time had passed. Refresh tokens stay valid.
   *
   * @param resource - The location or company
   */
  expireAccessTokens(resource: Resource): void;
}
