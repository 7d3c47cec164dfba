-- STORAGE.md explains every column.
-- Says whether the gateway has issued an API key or the id of a workflow receiver, before anything is looked up. Made here, once, so that
-- it comes and goes with the rows that it stands for.
CREATE TABLE check_secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  secret TEXT NOT NULL CHECK (length(secret) = 64)
) STRICT;

INSERT INTO check_secret (id, secret) VALUES (1, lower(hex(randomblob(32))));
