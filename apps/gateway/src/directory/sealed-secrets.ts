import { createDataKey, type KeyRing, open, openDataKey, rewrapDataKey, seal } from "../domain/seal.ts";

/** A row with secrets: `<wrapped data key> <sealed secrets>`. */
interface SealedRow {
  readonly id: string;
  readonly secrets: string;
}

/** The column `secrets` of a table: JSON, under a data key per row, as per grant. */
export interface SealedSecrets<Secrets> {
  seal(id: string, secrets: Secrets): Promise<string>;
  /** Wraps the data key anew where an older key has wrapped it. */
  open(row: SealedRow): Promise<Secrets>;
}

/** Sealed for its table and row: the secrets of one do not open in the place of another's. */
export function createSealedSecrets<Secrets>(
  db: D1Database,
  ring: KeyRing,
  table: "endpoint" | "workflow_receiver",
): SealedSecrets<Secrets> {
  const placeOf = (id: string): string => `${table}:${id}`;
  return {
    async seal(id, secrets) {
      const key = await createDataKey(ring, placeOf(id));
      return `${key.wrapped} ${await seal(key, JSON.stringify(secrets), placeOf(id))}`;
    },
    async open({ id, secrets }) {
      const [wrapped = "", sealed = ""] = secrets.split(" ");
      const key = await openDataKey(ring, wrapped, placeOf(id));
      if (!wrapped.startsWith(`${ring.activeId}.`)) {
        const { wrapped: anew } = await rewrapDataKey(ring, wrapped, placeOf(id));
        const query = `UPDATE ${table} SET secrets = ? WHERE id = ? AND secrets = ?`;
        await db.prepare(query).bind(`${anew} ${sealed}`, id, secrets).run();
      }
      return JSON.parse(await open(key, sealed, placeOf(id))) as Secrets;
    },
  };
}
