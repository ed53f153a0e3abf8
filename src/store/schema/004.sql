-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 4: groups (protocol 10).

-- A group's conversation has the group's id where one with a contact has the identity key.
-- restored: this came from a backup, and its log may have gone on elsewhere: it needs a new author key.
CREATE TABLE chat_group (
  number INTEGER PRIMARY KEY,
  gid BLOB NOT NULL UNIQUE CHECK (length (gid) = 32),
  membership INTEGER NOT NULL,
  created_ms INTEGER NOT NULL CHECK (created_ms BETWEEN 0 AND 253402300799999),
  author_seed BLOB CHECK (length (author_seed) = 32),
  next_seed BLOB CHECK (length (next_seed) = 32),
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  topic_hlc INTEGER NOT NULL,
  inviter BLOB CHECK (length (inviter) = 32),
  admin BLOB CHECK (length (admin) = 32),
  invitation BLOB,
  request BLOB,
  tokens BLOB NOT NULL,
  state BLOB,
  mentions_only INTEGER NOT NULL,
  restored INTEGER NOT NULL
) STRICT;

-- The membership chain, in the order in which it came, with the branches that do not count.
CREATE TABLE group_op (
  number INTEGER PRIMARY KEY,
  chat_group INTEGER NOT NULL REFERENCES chat_group (number),
  id BLOB NOT NULL CHECK (length (id) = 32),
  op BLOB NOT NULL,
  received_ms INTEGER NOT NULL CHECK (received_ms BETWEEN 0 AND 253402300799999),
  UNIQUE (chat_group, id)
) STRICT;

-- The logs of the authors. What they say is apart: at the start only the headers are read, and what
-- somebody takes back leaves its header behind. redacted: there was a content.
CREATE TABLE group_entry (
  number INTEGER PRIMARY KEY,
  chat_group INTEGER NOT NULL REFERENCES chat_group (number),
  author BLOB NOT NULL CHECK (length (author) = 32),
  seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 0x3fffffffffffffff),
  header BLOB NOT NULL CHECK (length (header) = 186),
  redacted INTEGER NOT NULL,
  UNIQUE (chat_group, author, seq)
) STRICT;
CREATE TABLE group_content (
  entry INTEGER PRIMARY KEY REFERENCES group_entry (number),
  signature BLOB NOT NULL CHECK (length (signature) = 64),
  salt BLOB CHECK (length (salt) = 16),
  content BLOB
) STRICT;

-- Entries that have a text of a message besides the first one: when the message goes, they go too.
CREATE TABLE group_edit (
  number INTEGER PRIMARY KEY,
  chat_group INTEGER NOT NULL REFERENCES chat_group (number),
  target BLOB NOT NULL CHECK (length (target) = 16),
  author BLOB NOT NULL CHECK (length (author) = 32),
  seq INTEGER NOT NULL,
  UNIQUE (chat_group, target, author, seq)
) STRICT;

-- What members say to messages, also before those have come. author: an identity key.
CREATE TABLE group_reaction (
  number INTEGER PRIMARY KEY,
  identity BLOB NOT NULL CHECK (length (identity) = 32),
  message BLOB NOT NULL CHECK (length (message) = 16),
  author BLOB NOT NULL CHECK (length (author) = 32),
  emoji TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  UNIQUE (identity, message, author)
) STRICT;

-- Messages of groups: author is the identity key of who wrote them, author_key their key in the group;
-- seq is the number of the entry. event: it is a line of that sort, the text belongs to it.
ALTER TABLE message ADD COLUMN author BLOB CHECK (length (author) = 32);
ALTER TABLE message ADD COLUMN author_key BLOB CHECK (length (author_key) = 32);
ALTER TABLE message ADD COLUMN event TEXT;
ALTER TABLE message ADD COLUMN event_who BLOB CHECK (length (event_who) = 32);
ALTER TABLE message ADD COLUMN event_by BLOB CHECK (length (event_by) = 32);
ALTER TABLE message ADD COLUMN mention INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_author ON message (conversation, author_key, seq) WHERE author_key IS NOT NULL;
CREATE INDEX message_mention ON message (conversation) WHERE mention <> 0 AND read_ms = 0;

-- What disappears, or was deleted here, is not kept as an entry either.
CREATE TRIGGER group_message_gone AFTER UPDATE OF deleted ON message
WHEN new.author_key IS NOT NULL AND new.deleted <> 0 AND old.deleted = 0
BEGIN
  UPDATE group_content SET salt = NULL, content = NULL WHERE entry IN
    (SELECT e.number FROM group_entry e
     JOIN chat_group g ON g.number = e.chat_group
     JOIN conversation c ON c.identity = g.gid AND c.id = new.conversation
     WHERE e.author = new.author_key AND (e.seq = new.seq OR e.seq IN
       (SELECT d.seq FROM group_edit d WHERE d.chat_group = g.number AND d.target = new.id
        AND d.author = new.author_key)));
  UPDATE group_entry SET redacted = 1 WHERE number IN
    (SELECT e.number FROM group_entry e
     JOIN chat_group g ON g.number = e.chat_group
     JOIN conversation c ON c.identity = g.gid AND c.id = new.conversation
     WHERE e.author = new.author_key AND (e.seq = new.seq OR e.seq IN
       (SELECT d.seq FROM group_edit d WHERE d.chat_group = g.number AND d.target = new.id
        AND d.author = new.author_key)));
  DELETE FROM group_reaction WHERE message = new.id
    AND identity = (SELECT identity FROM conversation WHERE id = new.conversation);
END;

-- Invitations to groups go through the outbox as well, kind 6: the text is what they say. They have no
-- message that they are about.
CREATE TABLE act_4 (
  number INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  id BLOB NOT NULL CHECK (length (id) = 16),
  kind INTEGER NOT NULL CHECK (kind BETWEEN 3 AND 63),
  target BLOB NOT NULL CHECK (length (target) = 16),
  seq INTEGER NOT NULL,
  hlc INTEGER NOT NULL CHECK (hlc BETWEEN 0 AND 0x3fffffffffffffff),
  time_ms INTEGER NOT NULL CHECK (time_ms BETWEEN 0 AND 253402300799999),
  text TEXT NOT NULL
) STRICT;
INSERT INTO act_4 SELECT number, conversation, id, kind, target, seq, hlc, time_ms, text FROM act;
DROP TABLE act;
ALTER TABLE act_4 RENAME TO act;
CREATE UNIQUE INDEX act_id ON act (id, conversation);
