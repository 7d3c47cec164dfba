-- STORAGE.md explains every column. Times are milliseconds since 1970.
-- Where a periodic job goes on with its next run.
CREATE TABLE job_cursor (
  job TEXT PRIMARY KEY,
  cursor TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was done to one installation, without reading all that was done.
CREATE INDEX audit_of_target ON audit (app, target);
