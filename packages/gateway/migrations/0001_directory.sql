-- STORAGE.md explains every column. Times are milliseconds since 1970.
CREATE TABLE installation (
  app TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('location', 'company')),
  resource_id TEXT NOT NULL,
  company_id TEXT,
  state TEXT NOT NULL CHECK (
    state IN ('pending', 'active', 'suspended', 'misconfigured', 'reauth_required', 'uninstalled')
  ),
  scopes TEXT NOT NULL,
  installed_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  -- What is wrong with the tokens of the installation, as its object reported last. Both are null where nothing is wrong.
  problem_code TEXT,
  problem_at_ms INTEGER,
  PRIMARY KEY (app, kind, resource_id)
) STRICT, WITHOUT ROWID;

-- A list has an index for each of its filters, because none can be added to a table of millions of rows. A table without row ids appends its
-- primary key to every index, so each of these also has the order of the list.
CREATE INDEX installation_of_company ON installation (company_id);
CREATE INDEX installation_of_company_and_state ON installation (company_id, state);
CREATE INDEX installation_of_kind ON installation (kind);
CREATE INDEX installation_of_kind_and_state ON installation (kind, state);
CREATE INDEX installation_of_state ON installation (state);

-- Counts the rows of `installation`, so that nothing has to read all of them.
CREATE TABLE installation_count (
  app TEXT NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (app, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER installation_added AFTER INSERT ON installation BEGIN
  INSERT INTO installation_count (app, state, count) VALUES (NEW.app, NEW.state, 1)
  ON CONFLICT (app, state) DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER installation_removed AFTER DELETE ON installation BEGIN
  UPDATE installation_count SET count = count - 1 WHERE app = OLD.app AND state = OLD.state;
END;

CREATE TRIGGER installation_state_changed AFTER UPDATE OF state ON installation WHEN NEW.state <> OLD.state BEGIN
  UPDATE installation_count SET count = count - 1 WHERE app = OLD.app AND state = OLD.state;
  INSERT INTO installation_count (app, state, count) VALUES (NEW.app, NEW.state, 1)
  ON CONFLICT (app, state) DO UPDATE SET count = count + 1;
END;

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  app TEXT NOT NULL,
  hash TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('read', 'write')),
  resources TEXT,
  created_at_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX api_key_of_app ON api_key (app);

CREATE TABLE operator (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
  added_at_ms INTEGER NOT NULL,
  added_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  app TEXT,
  target TEXT NOT NULL,
  request_id TEXT NOT NULL
) STRICT;

-- Each filter of the audit finds its entries, newest first, without reading all others.
CREATE INDEX audit_of_app ON audit (app);
CREATE INDEX audit_of_target ON audit (app, target);
CREATE INDEX audit_of_actor ON audit (actor);
CREATE INDEX audit_of_action ON audit (action);
CREATE INDEX audit_of_time ON audit (at_ms);

-- Position at which the next run of a periodic job continues.
CREATE TABLE job_cursor (
  job TEXT PRIMARY KEY,
  cursor TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- HMAC key of check digits. They show before any look-up whether the gateway has issued an API key or the id of a workflow receiver. The
-- key is created here, once, so that it is restored and removed with the rows that depend on it.
CREATE TABLE check_secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  secret TEXT NOT NULL CHECK (length(secret) = 64)
) STRICT;

INSERT INTO check_secret (id, secret) VALUES (1, lower(hex(randomblob(32))));

CREATE TABLE endpoint (
  id TEXT PRIMARY KEY,
  app TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('https', 'queue', 'service', 'workflow')),
  target TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('envelope', 'raw')),
  ordered INTEGER NOT NULL CHECK (ordered IN (0, 1)),
  batch_size INTEGER NOT NULL CHECK (batch_size BETWEEN 1 AND 100),
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

-- Lists the inbox objects that exist, because an object can only be found by its name. The primary key finds the inboxes of a resource, the
-- index those of an app by day.
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
