-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 7: the highest number of theirs that came, also beyond what is missing (docs/protocol.md 8).
ALTER TABLE contact ADD COLUMN heard_seq INTEGER NOT NULL DEFAULT 0;
