-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 2: one-time invites, and what was last found of a contact in the DHT.

-- Ours, which somebody may use, and those of others that we are using. The link is a secret.
CREATE TABLE invite (
  id BLOB PRIMARY KEY CHECK (length (id) = 8),
  ours INTEGER NOT NULL,
  link TEXT NOT NULL,
  reply_key BLOB CHECK (length (reply_key) = 32),
  note TEXT NOT NULL,
  created_ms INTEGER NOT NULL CHECK (created_ms BETWEEN 0 AND 253402300799999),
  expires_ms INTEGER NOT NULL CHECK (expires_ms BETWEEN 0 AND 253402300799999),
  state INTEGER NOT NULL,
  peer BLOB CHECK (length (peer) = 32),
  misused INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

ALTER TABLE contact ADD COLUMN found_seq INTEGER NOT NULL DEFAULT 0;
