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
