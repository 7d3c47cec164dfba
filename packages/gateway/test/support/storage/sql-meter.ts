/** An object's SQL that counts what it reads and writes. */
export function metered(sql: SqlStorage) {
  let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const meter = {
    exec<Row extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) {
      const cursor = sql.exec<Row>(query, ...bindings);
      cursors.push(cursor as never);
      return cursor;
    },
    get databaseSize() {
      return sql.databaseSize;
    },
  };
  return {
    sql: meter as unknown as SqlStorage,
    /** Counts the rows that `work` reads and writes. */
    count<Result>(work: () => Result): { readonly result: Result; readonly read: number; readonly written: number } {
      cursors = [];
      const result = work();
      const sum = (rows: (cursor: SqlStorageCursor<Record<string, SqlStorageValue>>) => number): number =>
        cursors.reduce((total, cursor) => total + rows(cursor), 0);
      return { result, read: sum(({ rowsRead }) => rowsRead), written: sum(({ rowsWritten }) => rowsWritten) };
    },
  };
}
