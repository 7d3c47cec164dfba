-- STORAGE.md explains every column. Times are milliseconds since 1970.
CREATE TABLE endpoint (
  id TEXT PRIMARY KEY,
  app TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('https', 'queue', 'service', 'workflow')),
  target TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('envelope', 'raw')),
  ordered INTEGER NOT NULL CHECK (ordered IN (0, 1)),
  shards INTEGER NOT NULL CHECK (shards BETWEEN 1 AND 16),
  types TEXT,
  resources TEXT,
  filter TEXT,
  secrets TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
  disabled_because TEXT,
  created_at_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX endpoint_of_app ON endpoint (app);

-- Lists the inbox objects that exist, because an object can only be found by its name.
CREATE TABLE inbox (
  app TEXT NOT NULL,
  resource TEXT NOT NULL,
  day TEXT NOT NULL,
  first_event_at_ms INTEGER NOT NULL,
  PRIMARY KEY (app, resource, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_of_day ON inbox (app, day);

CREATE TABLE undelivered_event (
  app TEXT NOT NULL,
  day TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('stale', 'early', 'undated', 'not_installed')),
  count INTEGER NOT NULL,
  PRIMARY KEY (app, day, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE inactivity (
  app TEXT NOT NULL,
  resource TEXT NOT NULL,
  day TEXT NOT NULL,
  last_event_at_ms INTEGER,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  PRIMARY KEY (app, resource)
) STRICT, WITHOUT ROWID;
