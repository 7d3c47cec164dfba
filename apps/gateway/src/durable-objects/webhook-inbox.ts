import { DurableObject } from "cloudflare:workers";
import type { InboxEvent } from "../domain/inbox-event.ts";
import type { WebhookInboxApi } from "./interfaces.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS event (
  dedupe_key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT,
  webhook_id TEXT,
  event_at_ms INTEGER,
  received_at_ms INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT`;

/**
 * Verified events of one resource and one day. A row is keyed by what makes two deliveries the same event, so a
 * redelivery changes nothing; the day in the object's name lets retention drop a whole object.
 */
export class WebhookInbox extends DurableObject<Env> implements WebhookInboxApi {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    state.storage.sql.exec(TABLE);
  }

  async store(event: InboxEvent): Promise<{ readonly stored: boolean }> {
    const { rowsWritten } = this.ctx.storage.sql.exec(
      "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      event.dedupeKey,
      event.name,
      event.type ?? null,
      event.webhookId ?? null,
      event.eventAtMs ?? null,
      Date.now(),
      event.quarantined ? 1 : 0,
      event.body,
    );
    // The reply may only say what is on disk; the output gate holds it until then, and sync says so in the code.
    await this.ctx.storage.sync();
    return { stored: rowsWritten > 0 };
  }
}
