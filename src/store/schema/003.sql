-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 3.

-- Broadcasts: one text of ours that went to several people, each in private. How far it has come stands
-- with the messages; those that were deleted leave only who they went to.
CREATE TABLE broadcast (
  id BLOB PRIMARY KEY CHECK (length (id) = 16),
  time_ms INTEGER NOT NULL CHECK (time_ms BETWEEN 0 AND 253402300799999),
  text TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE broadcast_recipient (
  broadcast BLOB NOT NULL CHECK (length (broadcast) = 16),
  identity BLOB NOT NULL CHECK (length (identity) = 32),
  message BLOB NOT NULL CHECK (length (message) = 16),
  PRIMARY KEY (broadcast, identity)
) WITHOUT ROWID, STRICT;
CREATE INDEX broadcast_order ON broadcast (time_ms);

ALTER TABLE message ADD COLUMN broadcast INTEGER NOT NULL DEFAULT 0;

-- What becomes of messages: replies, edits, deletion, reactions, disappearing.
-- kind: 0 text, 1 a change of the timer, 2 numbers of theirs that are missing; all have a place in the
-- conversation. What only says something of a message is in the table act.
ALTER TABLE message ADD COLUMN kind INTEGER NOT NULL DEFAULT 0 CHECK (kind BETWEEN 0 AND 2);
ALTER TABLE message ADD COLUMN reply_to BLOB CHECK (length (reply_to) = 16);
ALTER TABLE message ADD COLUMN edited_ms INTEGER NOT NULL DEFAULT 0
  CHECK (edited_ms BETWEEN 0 AND 253402300799999);
ALTER TABLE message ADD COLUMN edit_hlc INTEGER NOT NULL DEFAULT 0;
-- 0 no, 1 taken back by who wrote it, 2 gone from here: only the id is kept. The text is empty then.
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted BETWEEN 0 AND 2);
ALTER TABLE message ADD COLUMN ttl_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN expires_ms INTEGER NOT NULL DEFAULT 0
  CHECK (expires_ms BETWEEN 0 AND 253402300799999);
ALTER TABLE message ADD COLUMN n_missing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN my_reaction TEXT;
ALTER TABLE message ADD COLUMN my_reaction_hlc INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN their_reaction TEXT;
ALTER TABLE message ADD COLUMN their_reaction_hlc INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_expires ON message (expires_ms) WHERE expires_ms <> 0;
CREATE INDEX message_missing ON message (conversation, seq) WHERE kind = 2 AND deleted = 0;

-- Edits, deletions and reactions of ours that still have to arrive: kinds 3, 4 and 5. They share
-- their numbers with the messages.
CREATE TABLE act (
  number INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  id BLOB NOT NULL CHECK (length (id) = 16),
  kind INTEGER NOT NULL CHECK (kind BETWEEN 3 AND 5),
  target BLOB NOT NULL CHECK (length (target) = 16),
  seq INTEGER NOT NULL,
  hlc INTEGER NOT NULL CHECK (hlc BETWEEN 0 AND 0x3fffffffffffffff),
  time_ms INTEGER NOT NULL CHECK (time_ms BETWEEN 0 AND 253402300799999),
  text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX act_id ON act (id, conversation);

ALTER TABLE conversation ADD COLUMN ttl_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN ttl_hlc INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN muted_until_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;

-- --- Verification ---------------------------------------------------------------------------------

-- How: 0 not said, 1 number, 2 code, 3 words. A contact is locked for words after too many failures
-- in a day, which is counted from the first of them.
ALTER TABLE contact ADD COLUMN verified_how INTEGER NOT NULL DEFAULT 0
  CHECK (verified_how BETWEEN 0 AND 3);
ALTER TABLE contact ADD COLUMN verified_ms INTEGER NOT NULL DEFAULT 0
  CHECK (verified_ms BETWEEN 0 AND 253402300799999);
ALTER TABLE contact ADD COLUMN sas_failures INTEGER NOT NULL DEFAULT 0
  CHECK (sas_failures BETWEEN 0 AND 255);
ALTER TABLE contact ADD COLUMN sas_failed_ms INTEGER NOT NULL DEFAULT 0
  CHECK (sas_failed_ms BETWEEN 0 AND 253402300799999);
