-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 5: files. A message with a row here offers a file or a folder: its text is the name.

-- list_bytes: 0 of a file. live: the node has to know of it from the start. path: what we send, or
-- where theirs is written; target: where the user wants it. Both are bytes, as names of files are.
CREATE TABLE transfer (
  message INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE,
  root BLOB NOT NULL CHECK (length (root) = 32),
  size INTEGER NOT NULL CHECK (size >= 0),
  list_bytes INTEGER NOT NULL CHECK (list_bytes BETWEEN 0 AND 0xffffffff),
  name TEXT NOT NULL,
  media_type TEXT,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  waveform BLOB NOT NULL CHECK (length (waveform) <= 64),
  n_files INTEGER NOT NULL,
  state INTEGER NOT NULL,
  live INTEGER NOT NULL,
  told INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  path BLOB,
  mtime_us INTEGER NOT NULL,
  target BLOB,
  done_bytes INTEGER NOT NULL CHECK (done_bytes >= 0),
  error TEXT
) STRICT;
CREATE INDEX transfer_live ON transfer (message) WHERE live <> 0;

-- What we send and what exists nowhere else, in pieces.
CREATE TABLE transfer_content (
  message INTEGER NOT NULL REFERENCES transfer (message) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (message, part)
) WITHOUT ROWID, STRICT;

CREATE TRIGGER transfer_gone AFTER UPDATE OF deleted ON message WHEN new.deleted <> 0
BEGIN
  DELETE FROM transfer WHERE message = new.number;
END;
