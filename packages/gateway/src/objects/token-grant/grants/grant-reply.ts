import type { GrantHost } from "@ghl-edge/oauth";
import { freshUntilMs, type GrantSource } from "../../../domain/grants/token-record.ts";
import { refusalOf, type TokenReply } from "../../../domain/grants/token-reply.ts";
import { MintRefusedError } from "./mint.ts";
import type { ObjectRecordStore } from "./object-record-store.ts";

/** One grant of an object: its record, and the host that renews it. */
export interface ResourceGrant {
  readonly source: GrantSource;
  readonly store: ObjectRecordStore;
  readonly host: GrantHost;
}

/** Answers with the grant's token, renewed first where that is due. `rejectedToken`: HighLevel has just refused it. */
export async function replyFrom(
  { source, store, host }: ResourceGrant,
  rejectedToken: string | undefined,
): Promise<TokenReply> {
  if (rejectedToken !== undefined && store.tokens?.accessToken === rejectedToken) store.apply({ type: "rejected" });
  for (let round = 0; ; round++) {
    const reading = store.read();
    if (reading.kind === "usable" && store.tokens !== undefined) {
      if (reading.due && !host.isRunning) void host.run().catch(() => {});
      const { accessToken, scopes } = store.tokens;
      return { ok: true, accessToken, freshUntilMs: freshUntilMs(store.state, Date.now()), scopes, source };
    }
    if (reading.kind === "refused") return refusalOf(reading, store.state);
    const untilMs = reading.kind === "wait" ? reading.untilMs : Date.now();
    if (round > 0 || (!host.isRunning && untilMs > Date.now()))
      return { ok: false, reason: "refreshing", retryAtMs: untilMs };
    try {
      await host.run();
    } catch (error) {
      if (error instanceof MintRefusedError) return error.refusal;
      throw error;
    }
  }
}
