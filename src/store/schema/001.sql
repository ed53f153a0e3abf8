-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 1. Times are milliseconds since 1970, booleans 0 or 1, ids and keys blobs. Types and
-- lengths are checked here, because rows of a backup come from wherever the file comes from.

CREATE TABLE profile (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  name TEXT NOT NULL,
  identity_seed BLOB NOT NULL CHECK (length (identity_seed) = 32),
  device_key BLOB NOT NULL CHECK (length (device_key) = 32),
  certificate BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE contact (
  identity BLOB PRIMARY KEY CHECK (length (identity) = 32),
  relation INTEGER NOT NULL,
  name TEXT,
  alias TEXT,
  note TEXT,
  verified INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  favourite INTEGER NOT NULL,
  added_ms INTEGER NOT NULL CHECK (added_ms BETWEEN 0 AND 253402300799999),
  last_seen_ms INTEGER NOT NULL CHECK (last_seen_ms BETWEEN 0 AND 253402300799999),
  pair_root BLOB CHECK (length (pair_root) = 32),
  pair_root_ms INTEGER NOT NULL,
  old_pair_root BLOB CHECK (length (old_pair_root) = 32),
  next_seq INTEGER NOT NULL,
  received_device BLOB NOT NULL,
  received_seq INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  endpoints BLOB NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE device (
  identity BLOB NOT NULL,
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  device_key BLOB NOT NULL,
  PRIMARY KEY (identity, device)
) WITHOUT ROWID, STRICT;

CREATE TABLE request (
  identity BLOB PRIMARY KEY CHECK (length (identity) = 32),
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  time_ms INTEGER NOT NULL CHECK (time_ms BETWEEN 0 AND 253402300799999),
  endpoints BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- A conversation without an identity was cleared: its messages are deleted little by little.
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY,
  identity BLOB UNIQUE CHECK (length (identity) = 32),
  draft TEXT
) STRICT;

-- Numbers of rows are never given out twice: the search index depends on that. They and the times
-- have room for those that come after.
CREATE TABLE message (
  number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number BETWEEN 1 AND 0xfffffffffffff),
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  id BLOB NOT NULL CHECK (length (id) = 16),
  outgoing INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hlc INTEGER NOT NULL CHECK (hlc BETWEEN 0 AND 0x3fffffffffffffff),
  time_ms INTEGER NOT NULL CHECK (time_ms BETWEEN 0 AND 253402300799999),
  state INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL CHECK (sent_ms BETWEEN 0 AND 253402300799999),
  delivered_ms INTEGER NOT NULL CHECK (delivered_ms BETWEEN 0 AND 253402300799999),
  read_ms INTEGER NOT NULL CHECK (read_ms BETWEEN 0 AND 253402300799999),
  reason TEXT,
  text TEXT NOT NULL
) STRICT;
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
CREATE TABLE search_mark (number INTEGER NOT NULL) STRICT;
INSERT INTO search_mark VALUES (0);
