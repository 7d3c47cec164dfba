import type { Resource } from "@ghl-edge/core";
import type { ClockControls, FaultControls, LimitControls } from "./control/controls.ts";
import type { InstalledApp } from "./core/installed-app.ts";
import type { RequestLogEntry } from "./core/log/request-log.ts";
import type { SendEventOptions, SentEvent } from "./webhooks/send-event.ts";
import type { WebhookControls } from "./webhooks/webhook-controls.ts";

/** A local HighLevel: it answers requests, sends webhooks, and shows what it received. */
export interface Emulator {
  /** Answers as HighLevel would, and takes what the platform's `fetch` takes; host and scheme of the URL do not matter. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /** Requests so far, oldest first. */
  readonly log: readonly RequestLogEntry[];
  readonly faults: FaultControls;
  readonly limits: LimitControls;
  readonly clock: ClockControls;
  readonly webhooks: WebhookControls;
  /** Public half of the key that signs webhooks: SubjectPublicKeyInfo in base64. */
  publicKey(): Promise<string>;
  /** Signs and posts one webhook event. */
  sendEvent(type: string, payload: Readonly<Record<string, unknown>>, options: SendEventOptions): Promise<SentEvent>;
  /** A paused resource refuses refreshes with "Location is not active" and keeps its tokens. */
  setActive(resourceId: string, active: boolean): void;
  /** Apps and the resources where they are installed. */
  installations(): readonly InstalledApp[];
  /** Ends an installation and its tokens; with a company those of its locations. Answers how many there were. */
  uninstall(resource: Resource, clientId?: string): number;
  /** Records that were created or seeded, and the locations of the options, counted by collection. */
  records(): Readonly<Record<string, number>>;
  clearLog(): void;
  /**
   * Begins again as at the start: what was created, installed, issued, changed and seen is forgotten, seeded records are as they were,
   * and ids repeat. Held answers are released. `log`, `faults` and the like must be read from the emulator again.
   */
  reset(): void;
  /** Ends every access token of a resource, as if its time had passed. Refresh tokens live on. */
  expireAccessTokens(resource: Resource): void;
}
