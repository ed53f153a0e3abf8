-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 8: searching reads the messages that disappear, which are not in the search index.
CREATE INDEX message_vanishing ON message (number) WHERE ttl_s <> 0 AND deleted = 0;
