-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 3.

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
