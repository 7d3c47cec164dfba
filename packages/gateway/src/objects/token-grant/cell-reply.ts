import { freshUntilMs } from "../../domain/token-record.ts";
import { refusalOf, type TokenReply } from "../../domain/token-reply.ts";
import type { GrantCell } from "./grant-cell.ts";
import { MintRefusedError } from "./mint.ts";

/** A token of this grant, renewed first where that is due; `rejectedToken`: HighLevel has just refused it. */
export async function replyFrom(cell: GrantCell, rejectedToken: string | undefined): Promise<TokenReply> {
  if (rejectedToken !== undefined && cell.tokens?.accessToken === rejectedToken) cell.apply({ type: "rejected" });
  for (let round = 0; ; round++) {
    const reading = cell.read();
    if (reading.kind === "usable" && cell.tokens !== undefined) {
      if (reading.due && !cell.isRunning) void cell.run().catch(() => {});
      const { accessToken, scopes } = cell.tokens;
      return {
        ok: true,
        accessToken,
        freshUntilMs: freshUntilMs(cell.state, Date.now()),
        scopes,
        source: cell.source,
      };
    }
    if (reading.kind === "refused") return refusalOf(reading, cell.state);
    const untilMs = reading.kind === "wait" ? reading.untilMs : Date.now();
    if (round > 0 || (!cell.isRunning && untilMs > Date.now()))
      return { ok: false, reason: "refreshing", retryAtMs: untilMs };
    try {
      await cell.run();
    } catch (error) {
      if (error instanceof MintRefusedError) return error.refusal;
      throw error;
    }
  }
}
