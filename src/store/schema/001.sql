-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 1. Times are milliseconds since 1970, booleans 0 or 1, ids and keys blobs.

CREATE TABLE profile (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  name TEXT NOT NULL,
  identity_seed BLOB NOT NULL,
  device_key BLOB NOT NULL,
  certificate BLOB NOT NULL
);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE contact (
  identity BLOB PRIMARY KEY,
  relation INTEGER NOT NULL,
  name TEXT,
  alias TEXT,
  note TEXT,
  verified INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  favourite INTEGER NOT NULL,
  added_ms INTEGER NOT NULL,
  last_seen_ms INTEGER NOT NULL,
  pair_root BLOB,
  pair_root_ms INTEGER NOT NULL,
  old_pair_root BLOB,
  next_seq INTEGER NOT NULL,
  received_device BLOB NOT NULL,
  received_seq INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  endpoints BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE device (
  identity BLOB NOT NULL,
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  device_key BLOB NOT NULL,
  PRIMARY KEY (identity, device)
) WITHOUT ROWID;

CREATE TABLE request (
  identity BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  endpoints BLOB NOT NULL
) WITHOUT ROWID;

-- A conversation without an identity was cleared: its messages are deleted little by little.
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY,
  identity BLOB UNIQUE,
  draft TEXT
);

-- Numbers of rows are never given out twice: the search index depends on that.
CREATE TABLE message (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  id BLOB NOT NULL,
  outgoing INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hlc INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  state INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL,
  delivered_ms INTEGER NOT NULL,
  read_ms INTEGER NOT NULL,
  reason TEXT,
  text TEXT NOT NULL
);
CREATE UNIQUE INDEX message_id ON message (id, conversation, outgoing);
CREATE INDEX message_order ON message (conversation, hlc);
CREATE INDEX message_unread ON message (conversation, hlc) WHERE outgoing = 0 AND read_ms = 0;
CREATE INDEX message_waiting ON message (number)
  WHERE outgoing = 1 AND delivered_ms = 0 AND reason IS NULL;
CREATE INDEX message_unseen ON message (conversation, seq)
  WHERE outgoing = 1 AND delivered_ms <> 0 AND read_ms = 0;

-- Rows up to the mark are in the index; those above are put there in batches, later.
CREATE VIRTUAL TABLE message_text USING fts5 (
  text, content = 'message', content_rowid = 'number', tokenize = 'kith', prefix = '2 3'
);
CREATE TABLE search_mark (number INTEGER NOT NULL);
INSERT INTO search_mark VALUES (0);
