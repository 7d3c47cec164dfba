-- STORAGE.md explains every column.
CREATE TABLE quarantine (
  app TEXT NOT NULL,
  day TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('stale', 'early', 'undated', 'not_installed')),
  count INTEGER NOT NULL,
  PRIMARY KEY (app, day, reason)
) STRICT, WITHOUT ROWID;
