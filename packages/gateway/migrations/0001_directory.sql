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

CREATE INDEX installation_of_company ON installation (app, company_id);

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

-- Finds the entries of one installation without reading all others.
CREATE INDEX audit_of_target ON audit (app, target);

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
