import { type InstallHistory, noted } from "../../../domain/grants/install-history.ts";

const KEY = "install_history";

/** The `InstallHistory` of an object, in its storage. Synchronous, to be part of the transaction that it is about. */
export interface StoredInstallHistory {
  read(): InstallHistory;
  note(what: keyof InstallHistory, atMs: number): void;
  /** An exchange has become the grant; `approvedByAtMs`: by the INSTALL of this time. */
  exchanged(atMs: number, approvedByAtMs: number | undefined): void;
}

export function createInstallHistory(kv: SyncKvStorage): StoredInstallHistory {
  const read = (): InstallHistory => kv.get<InstallHistory>(KEY) ?? {};
  return {
    read,
    note(what, atMs) {
      const before = read();
      let after = noted(before, what, atMs);
      // A newer INSTALL approves the grant as well as the one that did.
      if (what === "installEventAtMs" && before.approvedByAtMs !== undefined)
        after = noted(after, "approvedByAtMs", atMs);
      if (after !== before) kv.put<InstallHistory>(KEY, after);
    },
    exchanged(atMs, approvedByAtMs) {
      kv.put<InstallHistory>(KEY, { ...noted(read(), "exchangedAtMs", atMs), approvedByAtMs });
    },
  };
}
