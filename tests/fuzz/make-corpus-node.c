/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a contact sends, and the user does: see fuzz-node.c for what the bytes mean. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "make-corpus-more.h"
#include "proto/kith-body.h"
#include "proto/kith-record.h"

enum { SAY = 0xe0, OFFER, LEAVES, CHUNK };
enum { TAKE = 0xf0, DROP, WRITE, WORDS, ANSWER };

#define add kith_corpus_add
#define add_body kith_corpus_add_body

void
kith_corpus_add (GByteArray *input, guint8 what, gconstpointer data, gsize len)
{
  const guint8 head[] = { what, (guint8) (len >> 8), (guint8) len };

  g_byte_array_append (input, head, sizeof head);
  if (len > 0)
    g_byte_array_append (input, data, (guint) len);
}

void
kith_corpus_add_body (GByteArray *input, guint8 what, GByteArray *body)
{
  add (input, what, body->data, body->len);
  g_byte_array_unref (body);
}

static void
add_msg (GByteArray *input, KithContent content, const char *text, gboolean has_target)
{
  KithBodyMsg msg = { .seq = 1, .hlc = 1ull << 60, .content = content, .text = (char *) text, .ttl_s = 60 };

  msg.has_target = has_target;
  msg.target.bytes[0] = 1;
  msg.target.bytes[15] = 1;
  add_body (input, SAY, kith_body_msg_pack (&msg));
}

static void
add_file_state (GByteArray *input, KithFileStatus status)
{
  KithBodyFileState state = { .status = status };

  add_body (input, KITH_RECORD_FILE_STATE, kith_body_file_state_pack (&state));
}

/* Messages, and what is said of them. */
static GByteArray *
make_talk (void)
{
  GByteArray *input = g_byte_array_new ();
  KithBodyAck ack = { .kind = KITH_ACK_READ, .n_ids = 1, .up_to_seq = 1 };
  KithBodyResend resend = { 1, 9, FALSE };

  add (input, WRITE, NULL, 0);
  add_msg (input, KITH_CONTENT_TEXT, "Hello", FALSE);
  add_msg (input, KITH_CONTENT_EDIT, "Hello Ben", TRUE);
  add_msg (input, KITH_CONTENT_REACTION, "\xf0\x9f\x91\x8d", TRUE);
  add_msg (input, KITH_CONTENT_DELETE, NULL, TRUE);
  add_msg (input, KITH_CONTENT_TIMER, NULL, FALSE);
  add_body (input, KITH_RECORD_ACK, kith_body_ack_pack (&ack));
  add_body (input, KITH_RECORD_RESEND, kith_body_resend_pack (&resend));
  resend.gone = TRUE;
  add_body (input, KITH_RECORD_RESEND, kith_body_resend_pack (&resend));
  add_body (input, KITH_RECORD_TYPING, kith_body_typing_pack (TRUE));
  add_body (input, KITH_RECORD_PRESENCE, kith_body_presence_pack (TRUE));
  add_body (input, KITH_RECORD_PROFILE, kith_body_profile_pack ("Eva"));
  return input;
}

static GByteArray *
make_file (void)
{
  GByteArray *input = g_byte_array_new ();
  KithBodyFileGet get = { .request = 1, .what = KITH_FILE_CHUNKS, .count = 1 };

  add (input, OFFER, "What is in it", 13);
  add (input, TAKE, NULL, 0);
  add (input, LEAVES, NULL, 0);
  add (input, CHUNK, NULL, 0);
  add (input, OFFER, "Something else", 14);
  add (input, TAKE, NULL, 0);
  add (input, LEAVES, "x", 1);
  add_file_state (input, KITH_FILE_GONE);
  add (input, DROP, NULL, 0);
  add_body (input, KITH_RECORD_FILE_GET, kith_body_file_get_pack (&get));
  return input;
}

static GByteArray *
make_rest (void)
{
  GByteArray *input = g_byte_array_new ();
  KithBodySas sas = { .attempt = 7 };
  KithBodyOpen shared = { .n_groups = 1 };
  KithEndpoints endpoints = { .n = 1, .items = { { .family = 4, .address = { 127, 0, 0, 1 }, .port = 5484 } } };
  const guint8 answer[KITH_GROUP_BLIND_BYTES + 1] = { 1, [KITH_GROUP_BLIND_BYTES] = 1 };
  const guint8 r[KITH_PAIR_BYTES] = { 9 };

  add_body (input, KITH_RECORD_SAS_COMMIT, kith_body_sas_pack (&sas));
  add (input, ANSWER, NULL, 0);
  add_body (input, KITH_RECORD_SAS_REVEAL, kith_body_sas_pack (&sas));
  add (input, WORDS, NULL, 0);
  sas.outcome = KITH_SAS_GIVEN_UP;
  add_body (input, KITH_RECORD_SAS_REPLY, kith_body_sas_pack (&sas));
  add_body (input, KITH_RECORD_GROUP_SHARED, kith_body_group_shared_pack (&shared));
  add (input, KITH_RECORD_GROUP_ANSWER, answer, sizeof answer);
  add_body (input, KITH_RECORD_ENDPOINTS, kith_body_endpoints_pack (&endpoints, 5484));
  add_body (input, KITH_RECORD_PAIR, kith_body_pair_pack (r));
  return input;
}

void
kith_corpus_put_input (KithCorpusPut put, const char *target, const char *name, GByteArray *input)
{
  put (target, name, input->data, input->len);
  g_byte_array_unref (input);
}

void
kith_corpus_put_node (KithCorpusPut put)
{
  kith_corpus_put_input (put, "node", "talk", make_talk ());
  kith_corpus_put_input (put, "node", "file", make_file ());
  kith_corpus_put_input (put, "node", "rest", make_rest ());
}
