/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KITH_RECORD_HEADER_BYTES 6
#define KITH_RECORD_SKIPPABLE 0x80
#define KITH_RECORD_GROUP_LAST KITH_RECORD_GROUP_SECRET

/**
 * KithRecordType:
 *
 * The types of records (protocol 4). Numbers are of the wire and never change their meaning. A
 * type with the bit %KITH_RECORD_SKIPPABLE that is not known is skipped; any other closes.
 */
typedef enum
{
  KITH_RECORD_END = 0x00,
  KITH_RECORD_OPEN = 0x01,
  KITH_RECORD_OPEN_OK = 0x02,
  KITH_RECORD_BYE = 0x03,
  KITH_RECORD_PING = 0x04,
  KITH_RECORD_PONG = 0x05,
  KITH_RECORD_PROFILE = 0x06,
  KITH_RECORD_ACCEPT = 0x07,
  KITH_RECORD_PAIR = 0x08,
  KITH_RECORD_REKEY_REQ = 0x09,
  KITH_RECORD_REKEY1 = 0x0a,
  KITH_RECORD_REKEY2 = 0x0b,
  KITH_RECORD_REKEY3 = 0x0c,
  KITH_RECORD_ENDPOINTS = 0x0d,
  KITH_RECORD_DIAL_BACK = 0x0e,
  KITH_RECORD_DIAL_BACK_RESULT = 0x0f,
  KITH_RECORD_MSG = 0x10,
  KITH_RECORD_ACK = 0x11,
  KITH_RECORD_RESEND = 0x12,
  KITH_RECORD_TYPING = 0x13,
  KITH_RECORD_PRESENCE = 0x14,
  KITH_RECORD_SAS_COMMIT = 0x15,
  KITH_RECORD_SAS_REPLY = 0x16,
  KITH_RECORD_SAS_REVEAL = 0x17,
  KITH_RECORD_FILE_GET = 0x30,
  KITH_RECORD_FILE_LEAVES = 0x31,
  KITH_RECORD_FILE_CHUNK = 0x32,
  KITH_RECORD_FILE_STATE = 0x33,
  KITH_RECORD_GROUP_HELLO = 0x20,
  KITH_RECORD_GROUP_OPS = 0x21,
  KITH_RECORD_GROUP_VECTOR = 0x22,
  KITH_RECORD_GROUP_WANT = 0x23,
  KITH_RECORD_GROUP_ENTRIES = 0x24,
  KITH_RECORD_GROUP_PROOF = 0x25,
  KITH_RECORD_GROUP_ENDORSE = 0x26,
  KITH_RECORD_GROUP_STATUS = 0x27,
  KITH_RECORD_GROUP_JOIN = 0x28,
  KITH_RECORD_GROUP_PEERS = 0x29,
  KITH_RECORD_GROUP_SECRET = 0x2a,
  KITH_RECORD_GROUP_SHARED = 0x2b,
  KITH_RECORD_GROUP_ANSWER = 0x2c,
  KITH_RECORD_GROUP_FILES = 0x2d,
  KITH_RECORD_GROUP_PICTURE = 0xae, /* skipped by who does not know of it */
} KithRecordType;

/* One fragment, or the whole, of a record in a frame; body points into the frame. */
typedef struct
{
  guint8        type;
  gboolean      more; /* more fragments follow on this channel */
  guint16       channel;
  const guint8 *body;
  gsize         len;
} KithFragment;

/**
 * KithRecordResult:
 * @KITH_RECORD_RESULT_OK: there is one
 * @KITH_RECORD_RESULT_MORE: nothing yet; more has to come first
 * @KITH_RECORD_RESULT_BAD: the peer broke the protocol: close
 */
typedef enum
{
  KITH_RECORD_RESULT_OK,
  KITH_RECORD_RESULT_MORE,
  KITH_RECORD_RESULT_BAD,
} KithRecordResult;

gsize            kith_frame_bucket_for       (gsize          content_len);
gboolean         kith_frame_is_bucket        (gsize          plaintext_len);
gsize            kith_record_max_bytes       (guint8         type);
gboolean         kith_record_is_group        (guint8         type);

gsize            kith_record_write           (guint8        *frame,
                                              gsize          room,
                                              guint8         type,
                                              guint16        channel,
                                              const guint8  *body,
                                              gsize          len,
                                              gsize         *offset);

/**
 * KithFrameParser:
 *
 * Goes through the records of one frame.
 */
typedef struct
{
  const guint8 *frame;
  gsize         len;
  gsize         offset;
} KithFrameParser;

void             kith_frame_parser_init      (KithFrameParser *self,
                                              const guint8    *frame,
                                              gsize            len);
KithRecordResult kith_frame_parser_next      (KithFrameParser *self,
                                              KithFragment    *fragment);

/* Puts the fragments of records together: one record at a time on each channel, 64 channels,
 * 1 MiB in all. */
typedef struct _KithReassembler KithReassembler;

KithReassembler *kith_reassembler_new        (void);
void             kith_reassembler_free       (KithReassembler    *self);
KithRecordResult kith_reassembler_add        (KithReassembler    *self,
                                              const KithFragment *fragment,
                                              const guint8      **body,
                                              gsize              *len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithReassembler, kith_reassembler_free)

G_END_DECLS
