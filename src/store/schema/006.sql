-- Version 6: pictures of groups (docs/protocol.md 10.2).
ALTER TABLE chat_group ADD COLUMN picture BLOB;
