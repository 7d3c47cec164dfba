import { type InstallHistory, noted } from "../../domain/held-install.ts";

const KEY = "install_history";

/** The `InstallHistory` of an object, in its storage. Synchronous, to be part of the transaction that it is about. */
export interface StoredInstallHistory {
  read(): InstallHistory;
  note(what: keyof InstallHistory, atMs: number): void;
  /** An exchange has become the grant; `vouchedByAtMs`: by the INSTALL of this time. */
  exchanged(atMs: number, vouchedByAtMs: number | undefined): void;
}

export function createInstallHistory(kv: SyncKvStorage): StoredInstallHistory {
  const read = (): InstallHistory => kv.get<InstallHistory>(KEY) ?? {};
  return {
    read,
    note(what, atMs) {
      const before = read();
      let after = noted(before, what, atMs);
      // A newer INSTALL vouches for the grant as well as the one that did.
      if (what === "installEventAtMs" && before.vouchedByAtMs !== undefined)
        after = noted(after, "vouchedByAtMs", atMs);
      if (after !== before) kv.put<InstallHistory>(KEY, after);
    },
    exchanged(atMs, vouchedByAtMs) {
      kv.put<InstallHistory>(KEY, { ...noted(read(), "exchangedAtMs", atMs), vouchedByAtMs });
    },
  };
}
