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
