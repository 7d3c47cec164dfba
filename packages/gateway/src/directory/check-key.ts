import { fromHex } from "@ghl-edge/core";
import { importCheckKey } from "../domain/access/check-digits.ts";
import { createSingleFlight } from "../domain/limits/single-flight.ts";

/** A read takes some milliseconds. One whose request was cancelled keeps the others waiting for this long. */
const READ_TIMEOUT_MS = 2_000;
/** After a read that has failed, so that a database that is away is not asked by each request. */
const FAILED_PAUSE_MS = 1_000;
/** The second is for requests that have waited for a read that was lost. */
const ATTEMPTS = 2;

/** The key of check digits: of API keys and of ids of workflow receivers. */
export interface CheckKey {
  /** Answers from memory; the first time in an isolate one request reads it from D1. */
  read(): Promise<CryptoKey>;
}

export function createCheckKey(db: D1Database, now: () => number = () => Date.now()): CheckKey {
  const reading = createSingleFlight({ timeoutMs: READ_TIMEOUT_MS, now });
  let key: CryptoKey | undefined;
  let notBeforeMs = 0;

  async function fetchKey(): Promise<void> {
    notBeforeMs = now() + FAILED_PAUSE_MS;
    const query = db.prepare("SELECT secret FROM check_secret WHERE id = 1");
    const row = await query.first<{ readonly secret: string }>();
    if (row === null) throw new Error("check_secret has no row");
    key = await importCheckKey(fromHex(row.secret));
  }

  return {
    async read() {
      for (let i = 0; i < ATTEMPTS && key === undefined; i++)
        if (reading.isUnderWay() || now() >= notBeforeMs) await reading.run(fetchKey);
      if (key === undefined) throw new Error("check_secret cannot be read");
      return key;
    },
  };
}
