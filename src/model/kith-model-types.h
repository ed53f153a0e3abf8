/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-sizes.h"

G_BEGIN_DECLS

/* The id of a message as text. */
#define KITH_MESSAGE_ID_HEX ((gsize) 2 * KITH_MESSAGE_ID_BYTES)

/* model/kith-transfer.h, which needs messages, as these need it. */
typedef struct _KithTransfer KithTransfer;

/**
 * KithPresence:
 * @KITH_PRESENCE_OFFLINE: no session, and none is being tried
 * @KITH_PRESENCE_CONNECTING: a dial or a handshake is under way
 * @KITH_PRESENCE_ONLINE: an open session exists
 *
 * Whether a contact can be talked to now.
 */
typedef enum
{
  KITH_PRESENCE_OFFLINE,
  KITH_PRESENCE_CONNECTING,
  KITH_PRESENCE_ONLINE,
} KithPresence;

/**
 * KithRelation:
 * @KITH_RELATION_REQUESTED: we asked, they have not answered yet
 * @KITH_RELATION_MUTUAL: both sides accepted
 * @KITH_RELATION_DECLINED: we asked and they declined; nothing is tried until we ask again
 * @KITH_RELATION_REMOVED: not a contact any more; what was written is kept to be read
 * @KITH_RELATION_MEMBER: not a contact, but somebody who is or was in a group with us. In no list
 *
 * What a contact is to us. Somebody who asked *us* is a #KithRequest, not a contact.
 */
typedef enum
{
  KITH_RELATION_REQUESTED,
  KITH_RELATION_MUTUAL,
  KITH_RELATION_DECLINED,
  KITH_RELATION_REMOVED,
  KITH_RELATION_MEMBER,
} KithRelation;

/**
 * KithVerified:
 * @KITH_VERIFIED_NOT: nobody has made sure that it is them
 * @KITH_VERIFIED_NUMBER: the user compared the safety number
 * @KITH_VERIFIED_CODE: the user scanned their QR code
 * @KITH_VERIFIED_WORDS: both compared words
 *
 * How the user knows that a contact is who they say they are (protocol 2.1). Stored.
 */
typedef enum
{
  KITH_VERIFIED_NOT,
  KITH_VERIFIED_NUMBER,
  KITH_VERIFIED_CODE,
  KITH_VERIFIED_WORDS,
} KithVerified;

/**
 * KithMessageState:
 * @KITH_MESSAGE_RECEIVED: somebody else wrote it
 * @KITH_MESSAGE_QUEUED: in the outbox; nobody else has it
 * @KITH_MESSAGE_SENT: handed to an open session, not acknowledged yet
 * @KITH_MESSAGE_DELIVERED: the recipient's device has committed it
 * @KITH_MESSAGE_READ: the recipient saw it
 * @KITH_MESSAGE_FAILED: it will not be tried again; the message says why
 *
 * The delivery state of a message, in the order in which it advances. It never goes back,
 * but for sent -> queued when a session ends before the acknowledgement.
 */
typedef enum
{
  KITH_MESSAGE_RECEIVED,
  KITH_MESSAGE_QUEUED,
  KITH_MESSAGE_SENT,
  KITH_MESSAGE_DELIVERED,
  KITH_MESSAGE_READ,
  KITH_MESSAGE_FAILED,
} KithMessageState;

/**
 * KithMessageKind:
 * @KITH_MESSAGE_TEXT: what somebody wrote
 * @KITH_MESSAGE_TIMER: a line: from here on messages are kept for "ttl-s" (0 = for good)
 * @KITH_MESSAGE_MISSING: a line: "n-missing" messages of the contact have not arrived
 * @KITH_MESSAGE_FILE: a file or a folder: "transfer"; the text is its name
 * @KITH_MESSAGE_UNKNOWN: a line: something of the contact that this version cannot show
 * @KITH_MESSAGE_EVENT: a line: what happened in a group: "event" and what belongs to it
 *
 * What stands in a conversation. Lines have no text, are never unread and never the last message.
 */
typedef enum
{
  KITH_MESSAGE_TEXT,
  KITH_MESSAGE_TIMER,
  KITH_MESSAGE_MISSING,
  KITH_MESSAGE_FILE,
  KITH_MESSAGE_UNKNOWN,
  KITH_MESSAGE_EVENT,
} KithMessageKind;

/**
 * KithQuoteState:
 * @KITH_QUOTE_NONE: it answers no message
 * @KITH_QUOTE_FOUND: the message that it answers is here
 * @KITH_QUOTE_DELETED: it was here, and was deleted
 * @KITH_QUOTE_UNKNOWN: it is not here
 */
typedef enum
{
  KITH_QUOTE_NONE,
  KITH_QUOTE_FOUND,
  KITH_QUOTE_DELETED,
  KITH_QUOTE_UNKNOWN,
} KithQuoteState;

G_END_DECLS
