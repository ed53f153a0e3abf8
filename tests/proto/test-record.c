/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "proto/kith-body.h"
#include "proto/kith-record.h"

static void
test_buckets (void)
{
  static const struct
  {
    gsize content;
    gsize bucket;
  } table[] = {
    { 0, 256 },      { 1, 256 },         { 255, 256 },        { 256, 256 },        { 257, 512 },
    { 512, 512 },    { 513, 1024 },      { 32768, 32768 },    { 32769, 65519 },    { 65519, 65519 },
    { 65520, 0 },    { G_MAXSIZE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpuint (kith_frame_bucket_for (table[i].content), ==, table[i].bucket);

  g_assert_true (kith_frame_is_bucket (256));
  g_assert_true (kith_frame_is_bucket (65519));
  g_assert_false (kith_frame_is_bucket (0));
  g_assert_false (kith_frame_is_bucket (1));
  g_assert_false (kith_frame_is_bucket (255));
  g_assert_false (kith_frame_is_bucket (65535));
}

/* A record of any length goes through frames of any room and comes out whole. */
static void
test_fragments (void)
{
  for (gsize len = 0; len <= KITH_LIMIT_RECORD_CHAT_BYTES; len += len < 600 ? 1 : 997)
    {
      g_autofree guint8 *body = g_malloc0 (len + 1);
      g_autoptr (KithReassembler) reassembler = kith_reassembler_new ();
      const guint8 *back;
      gsize back_len, offset = 0;
      KithRecordResult result = KITH_RECORD_RESULT_MORE;
      guint8 frame[512];

      randombytes_buf (body, len);
      while (result == KITH_RECORD_RESULT_MORE)
        {
          KithFrameParser parser;
          KithFragment fragment;
          gsize written;

          memset (frame, 0, sizeof frame);
          written = kith_record_write (frame, sizeof frame, KITH_RECORD_MSG, 3, body, len, &offset);

          g_assert_cmpuint (written, >, 0);
          kith_frame_parser_init (&parser, frame, sizeof frame);
          g_assert_cmpint (kith_frame_parser_next (&parser, &fragment), ==, KITH_RECORD_RESULT_OK);
          g_assert_cmpuint (fragment.channel, ==, 3);
          result = kith_reassembler_add (reassembler, &fragment, &back, &back_len);
          g_assert_cmpint (kith_frame_parser_next (&parser, &fragment), ==, KITH_RECORD_RESULT_MORE);
        }

      g_assert_cmpint (result, ==, KITH_RECORD_RESULT_OK);
      g_assert_cmpmem (back, back_len, body, len);
    }
}

static KithRecordResult
parse_all (const guint8 *frame, gsize len)
{
  KithFrameParser parser;
  KithFragment fragment;
  KithRecordResult result;

  kith_frame_parser_init (&parser, frame, len);
  while ((result = kith_frame_parser_next (&parser, &fragment)) == KITH_RECORD_RESULT_OK)
    ;
  return result;
}

static void
test_bad_frames (void)
{
  guint8 frame[256] = { KITH_RECORD_PING, 0, 0, 0, 0, 2, 8, 1 };

  g_assert_cmpint (parse_all (frame, sizeof frame), ==, KITH_RECORD_RESULT_MORE);
  frame[255] = 1; /* padding has to be zero */
  g_assert_cmpint (parse_all (frame, sizeof frame), ==, KITH_RECORD_RESULT_BAD);
  frame[255] = 0;
  frame[1] = 2; /* a reserved flag */
  g_assert_cmpint (parse_all (frame, sizeof frame), ==, KITH_RECORD_RESULT_BAD);
  frame[1] = 0;
  frame[5] = 250; /* to the very end */
  g_assert_cmpint (parse_all (frame, sizeof frame), ==, KITH_RECORD_RESULT_MORE);
  frame[5] = 251; /* past it */
  g_assert_cmpint (parse_all (frame, sizeof frame), ==, KITH_RECORD_RESULT_BAD);
  frame[4] = 0xff;
  g_assert_cmpint (parse_all (frame, sizeof frame), ==, KITH_RECORD_RESULT_BAD);
  memset (frame, 1, sizeof frame);
  g_assert_cmpint (parse_all (frame, 3), ==, KITH_RECORD_RESULT_BAD);
}

static void
test_reassembly_limits (void)
{
  static guint8 bytes[KITH_LIMIT_RECORD_CHAT_BYTES];
  KithFragment fragment = { .type = KITH_RECORD_MSG, .more = TRUE, .body = bytes };
  const guint8 *body;
  gsize len;

  for (gsize size = KITH_LIMIT_RECORD_CHAT_BYTES - 1; size <= KITH_LIMIT_RECORD_CHAT_BYTES; size++)
    {
      g_autoptr (KithReassembler) reassembler = kith_reassembler_new ();

      fragment.more = TRUE;
      fragment.len = size;
      g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_MORE);
      fragment.more = FALSE;
      fragment.len = KITH_LIMIT_RECORD_CHAT_BYTES - size + 1; /* one too many */
      g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_BAD);
    }

  {
    g_autoptr (KithReassembler) reassembler = kith_reassembler_new ();

    /* 64 channels, and not one more. */
    fragment.more = TRUE;
    fragment.len = 1;
    for (fragment.channel = 0; fragment.channel < KITH_LIMIT_CHANNELS; fragment.channel++)
      g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_MORE);
    g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_BAD);

    /* The type of a record does not change in its middle, and an empty piece is no progress. */
    fragment.channel = 0;
    fragment.type = KITH_RECORD_ACK;
    g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_BAD);
    fragment.type = KITH_RECORD_MSG;
    fragment.len = 0;
    g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_BAD);

    /* Channels do not mix. */
    fragment.channel = 7;
    fragment.more = FALSE;
    fragment.len = 2;
    g_assert_cmpint (kith_reassembler_add (reassembler, &fragment, &body, &len), ==, KITH_RECORD_RESULT_OK);
    g_assert_cmpuint (len, ==, 3);
  }
}

/* --- Bodies --------------------------------------------------------------------------------- */

static void
test_msg (void)
{
  KithBodyMsg msg = { .seq = 7,
                      .hlc = 99,
                      .content = KITH_CONTENT_TEXT,
                      .text = (char *) "e\xcc\x81 \xf0\x9f\x98\x80" };
  g_auto (KithBodyMsg) back = { 0 };
  g_autoptr (GByteArray) bytes = NULL;

  memset (msg.id.bytes, 5, sizeof msg.id.bytes);
  bytes = kith_body_msg_pack (&msg);
  g_assert_true (kith_body_msg_unpack (&back, bytes->data, bytes->len));
  g_assert_cmpmem (back.id.bytes, 16, msg.id.bytes, 16);
  g_assert_cmpuint (back.seq, ==, 7);
  g_assert_cmpstr (back.text, ==, "\xc3\xa9 \xf0\x9f\x98\x80");

  for (guint i = 0; i < bytes->len; i++)
    {
      g_auto (KithBodyMsg) cut = { 0 };

      /* Cut between two fields it is a message of an unknown kind, which shows nothing. */
      kith_body_msg_unpack (&cut, bytes->data, i);
      g_assert_null (cut.text);
    }
}

/* The longest text with all its fields fits a chat record. */
static void
test_longest_msg (void)
{
  g_autofree char *text = g_strnfill (KITH_LIMIT_MESSAGE_TEXT_BYTES, 'x');
  KithBodyMsg msg = { .seq = G_MAXUINT64,
                      .hlc = G_MAXUINT64,
                      .ttl_s = G_MAXUINT32,
                      .content = KITH_CONTENT_TEXT,
                      .has_target = TRUE,
                      .text = text };
  g_autoptr (GByteArray) bytes = kith_body_msg_pack (&msg);

  g_assert_cmpuint (bytes->len, <=, KITH_LIMIT_RECORD_CHAT_BYTES);
}

static void
test_open (void)
{
  KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST, .name = (char *) "Ann\u202e\n", .text = (char *) " hi\n" };
  g_auto (KithBodyOpen) back = { 0 };
  g_autoptr (GByteArray) bytes = NULL;

  g_assert_true (kith_endpoint_parse (&open.endpoints.items[0], "192.0.2.1", 5484));
  g_assert_true (kith_endpoint_parse (&open.endpoints.items[1], "[2001:db8::1]", 1));
  open.endpoints.n = 2;
  bytes = kith_body_open_pack (&open);
  g_assert_true (kith_body_open_unpack (&back, bytes->data, bytes->len));
  g_assert_cmpstr (back.name, ==, "Ann");
  g_assert_cmpstr (back.text, ==, "hi");
  g_assert_cmpuint (back.endpoints.n, ==, 2);
  g_assert_true (kith_endpoint_equal (&back.endpoints.items[1], &open.endpoints.items[1]));
}

static void
test_ack (void)
{
  g_autofree KithBodyAck *ack = g_new0 (KithBodyAck, 1);
  g_autofree KithBodyAck *back = g_new0 (KithBodyAck, 1);
  g_autoptr (GByteArray) bytes = NULL;

  ack->kind = KITH_ACK_READ;
  ack->n_ids = KITH_LIMIT_ACK_IDS;
  ack->up_to_seq = 12;
  bytes = kith_body_ack_pack (ack);
  g_assert_cmpuint (bytes->len, <=, KITH_LIMIT_RECORD_CONTROL_BYTES);
  g_assert_true (kith_body_ack_unpack (back, bytes->data, bytes->len));
  g_assert_cmpuint (back->n_ids, ==, KITH_LIMIT_ACK_IDS);
  g_assert_cmpuint (back->up_to_seq, ==, 12);

  /* One id more than there may be. */
  g_byte_array_append (bytes, (const guint8 *) "\x12\x10" "0123456789abcdef", 18);
  g_assert_false (kith_body_ack_unpack (back, bytes->data, bytes->len));
}

/* What a peer sends never does more than be refused. */
static void
test_garbage (void)
{
  guint8 seed[randombytes_SEEDBYTES] = { 0 };
  guint8 bytes[300];

  for (guint round = 0; round < 20000; round++)
    {
      g_auto (KithBodyOpen) open = { 0 };
      g_auto (KithBodyOpen) open_ok = { 0 };
      g_auto (KithBodyOpen) accept = { 0 };
      g_auto (KithBodyMsg) msg = { 0 };
      g_autofree KithBodyAck *ack = g_new0 (KithBodyAck, 1);
      g_autofree char *name = NULL;
      KithByeReason reason;
      guint64 token;
      gsize len = round % sizeof bytes;

      memcpy (seed, &round, sizeof round);
      randombytes_buf_deterministic (bytes, len, seed);
      if (len > 0)
        bytes[0] = (guint8) (bytes[0] % 9 << 3 | 2); /* more often a field that exists */
      kith_body_open_unpack (&open, bytes, len);
      kith_body_open_ok_unpack (&open_ok, bytes, len);
      kith_body_accept_unpack (&accept, bytes, len);
      kith_body_msg_unpack (&msg, bytes, len);
      kith_body_ack_unpack (ack, bytes, len);
      kith_body_profile_unpack (&name, bytes, len);
      kith_body_bye_unpack (&reason, bytes, len);
      kith_body_ping_unpack (&token, bytes, len);
      parse_all (bytes, len);
    }
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/buckets", test_buckets);
  g_test_add_func ("/record/fragments", test_fragments);
  g_test_add_func ("/record/bad-frames", test_bad_frames);
  g_test_add_func ("/record/reassembly-limits", test_reassembly_limits);
  g_test_add_func ("/body/msg", test_msg);
  g_test_add_func ("/body/longest-msg", test_longest_msg);
  g_test_add_func ("/body/open", test_open);
  g_test_add_func ("/body/ack", test_ack);
  g_test_add_func ("/body/garbage", test_garbage);
  return g_test_run ();
}
