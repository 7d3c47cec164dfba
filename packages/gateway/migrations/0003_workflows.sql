-- STORAGE.md explains every column. Times are milliseconds since 1970.
CREATE TABLE workflow_receiver (
  id TEXT PRIMARY KEY,
  app TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'action', 'trigger')),
  location TEXT,
  auth_kind TEXT NOT NULL CHECK (auth_kind IN ('bearer', 'basic', 'header', 'query')),
  auth_name TEXT,
  callback TEXT,
  secrets TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
  created_at_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX workflow_receiver_of_app ON workflow_receiver (app);
