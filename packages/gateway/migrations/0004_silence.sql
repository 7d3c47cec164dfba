-- STORAGE.md explains every column. Times are milliseconds since 1970.
CREATE TABLE silence (
  app TEXT NOT NULL,
  resource TEXT NOT NULL,
  day TEXT NOT NULL,
  last_event_at_ms INTEGER,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  PRIMARY KEY (app, resource)
) STRICT, WITHOUT ROWID;
