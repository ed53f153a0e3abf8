/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole stories of people who come to a node, each as somebody honest would tell it: see fuzz-stranger.c and
 * fuzz-member.c for what the bytes mean. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "make-corpus-more.h"
#include "proto/kith-body.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-content.h"
#include "proto/kith-record.h"

#define add kith_corpus_add
#define add_body kith_corpus_add_body

enum { WHO = 0xd0 };

/* --- Strangers ------------------------------------------------------------------------------ */

enum { OPEN = 0xe0, OPEN_INVITED, COME, GO, PASS };
enum { ACCEPT = 0xf0, DECLINE, BLOCK, UNBLOCK, REMOVE, KEEP, WRITE, ASK, INVITE, REVOKE };

static void
add_open (GByteArray *input, guint8 what, KithPurpose purpose)
{
  KithBodyOpen open = { .purpose = purpose, .name = (char *) "Eve", .text = (char *) "Shall we?", .dht_port = 5484 };

  open.endpoints.items[0] = (KithEndpoint){ .family = 4, .address = { 192, 0, 2, 7 }, .port = 5484 };
  open.endpoints.n = 1;
  open.instance[0] = 1;
  add_body (input, what, kith_body_open_pack (&open));
}

static void
add_pass (GByteArray *input, guint seconds)
{
  const guint8 data[] = { (guint8) (seconds >> 8), (guint8) seconds };

  add (input, PASS, data, sizeof data);
}

static void
add_text (GByteArray *input, guint64 seq, const char *text)
{
  KithBodyMsg msg = { .seq = seq, .hlc = 1ull << 60, .content = KITH_CONTENT_TEXT, .text = (char *) text };

  msg.id.bytes[0] = (guint8) seq;
  add_body (input, KITH_RECORD_MSG, kith_body_msg_pack (&msg));
}

/* What contacts say first. */
static void
add_chat (GByteArray *input)
{
  const guint8 r[KITH_PAIR_BYTES] = { 9 };
  KithEndpoints endpoints = { .n = 1, .items = { { .family = 4, .address = { 192, 0, 2, 8 }, .port = 5484 } } };
  KithBodyAck ack = { .kind = KITH_ACK_READ, .up_to_seq = 1 };

  add_body (input, KITH_RECORD_PAIR, kith_body_pair_pack (r));
  add_body (input, KITH_RECORD_ENDPOINTS, kith_body_endpoints_pack (&endpoints, 5484));
  add_text (input, 1, "Hello Ben");
  add (input, WRITE, NULL, 0);
  add_body (input, KITH_RECORD_ACK, kith_body_ack_pack (&ack));
}

static GByteArray *
make_accepted (void)
{
  GByteArray *input = g_byte_array_new ();

  add_open (input, OPEN, KITH_PURPOSE_REQUEST);
  add_body (input, KITH_RECORD_PROFILE, kith_body_profile_pack ("Eva"));
  add (input, ACCEPT, NULL, 0);
  add_chat (input);
  add (input, GO, NULL, 0);
  add_pass (input, 60);
  add_open (input, OPEN, KITH_PURPOSE_CONTACT);
  add_text (input, 2, "Me again");
  add (input, BLOCK, NULL, 0);
  add_open (input, OPEN, KITH_PURPOSE_CONTACT);
  add (input, UNBLOCK, NULL, 0);
  add (input, KEEP, NULL, 0);
  add_open (input, OPEN, KITH_PURPOSE_REQUEST);
  add (input, REMOVE, NULL, 0);
  return input;
}

static GByteArray *
make_invited (void)
{
  GByteArray *input = g_byte_array_new ();

  add (input, INVITE, NULL, 0);
  add_open (input, OPEN_INVITED, KITH_PURPOSE_INVITE);
  add (input, WHO + 1, NULL, 0);
  add_open (input, OPEN_INVITED, KITH_PURPOSE_INVITE);
  add (input, ACCEPT, NULL, 0);
  add (input, WHO, NULL, 0);
  add_chat (input);
  add (input, INVITE, NULL, 0);
  add (input, REVOKE, NULL, 0);
  add (input, WHO + 2, NULL, 0);
  add_open (input, OPEN_INVITED, KITH_PURPOSE_INVITE);
  add_pass (input, 7200);
  return input;
}

/* The user has asked, and they come. */
static GByteArray *
make_asked (void)
{
  GByteArray *input = g_byte_array_new ();
  KithBodyOpen open = { .name = (char *) "Eve" };

  add (input, ASK, NULL, 0);
  add_open (input, OPEN, KITH_PURPOSE_CONTACT);
  add_chat (input);
  add (input, WHO + 1, NULL, 0);
  add (input, ASK, NULL, 0);
  add_open (input, OPEN, KITH_PURPOSE_REQUEST);
  add_body (input, KITH_RECORD_ACCEPT, kith_body_accept_pack (&open));
  add_chat (input);
  return input;
}

static GByteArray *
make_crowd (void)
{
  GByteArray *input = g_byte_array_new ();

  for (guint8 who = 0; who < 4; who++)
    {
      add (input, (guint8) (WHO + who), NULL, 0);
      add_open (input, OPEN, who == 2 ? KITH_PURPOSE_GROUP : KITH_PURPOSE_REQUEST);
    }
  add_pass (input, 1);
  add (input, DECLINE, NULL, 0);
  add (input, WHO, NULL, 0);
  add (input, COME, NULL, 0);
  add_pass (input, 11);
  add_open (input, OPEN, KITH_PURPOSE_REQUEST);
  add_body (input, KITH_RECORD_BYE, kith_body_bye_pack (KITH_BYE_NOT_CONTACT));
  return input;
}

/* --- Members -------------------------------------------------------------------------------- */

enum { ENTRY = 0xe0, POST, OFFER, LEAVES, CHUNK, HERE, GET, NOTE, STATUS, OP, JOIN, YES, MEMBER_COME, MEMBER_GO, MEMBER_PASS };
enum { TAKE = 0xf0, DROP, MEMBER_WRITE, SHARE, READ, KICK, HAND_ON, APPROVE, DENY, LINK, RENAME };

static void
add_post (GByteArray *input, KithGroupContentKind kind, guint8 which, const char *text)
{
  g_autofree char *data = g_strdup_printf ("%c%c%s", kind, 'x', text);

  data[1] = (char) which;
  add (input, POST, data, 2 + strlen (text));
}

static GByteArray *
make_group_talk (void)
{
  GByteArray *input = g_byte_array_new ();
  const guint8 status[] = { 1, 0, 1, 0, 1, 0, 1, 0, 0 };
  const guint8 heartbeat[] = { 1, 0, 0, 1 }, leave[] = { 3, 0, 0, 1 };

  add (input, MEMBER_WRITE, NULL, 0);
  add_post (input, KITH_GROUP_CONTENT_TEXT, 1, "Hello Ben");
  add_post (input, KITH_GROUP_CONTENT_EDIT, 2, "Hello all");
  add_post (input, KITH_GROUP_CONTENT_REACTION, 1, "\xf0\x9f\x91\x8d");
  add (input, READ, NULL, 0);
  add (input, STATUS, status, sizeof status);
  add (input, ENTRY, heartbeat, sizeof heartbeat);
  add (input, WHO + 1, NULL, 0);
  add_post (input, KITH_GROUP_CONTENT_TEXT, 2, "And me");
  add_post (input, KITH_GROUP_CONTENT_DELETE, 2, "");
  add_post (input, KITH_GROUP_CONTENT_TOPIC, 0, "What it is about");
  add (input, ENTRY, leave, sizeof leave);
  return input;
}

static GByteArray *
make_group_file (void)
{
  GByteArray *input = g_byte_array_new ();
  const guint8 leaves[] = { 1, KITH_FILE_LEAVES, 0, 0, 0, 1 }, chunks[] = { 2, KITH_FILE_CHUNKS, 0, 0, 0, 1 };

  add (input, OFFER, "What is in it", 13);
  add (input, TAKE, NULL, 0);
  add (input, HERE, NULL, 0);
  add (input, LEAVES, NULL, 0);
  add (input, CHUNK, NULL, 0);
  add (input, OFFER, "Something else", 14);
  add (input, TAKE, NULL, 0);
  add (input, HERE, NULL, 0);
  add (input, LEAVES, "x", 1);
  add (input, SHARE, NULL, 0);
  add (input, GET, leaves, sizeof leaves);
  add (input, GET, chunks, sizeof chunks);
  add (input, DROP, NULL, 0);
  return input;
}

static GByteArray *
make_group_chain (void)
{
  GByteArray *input = g_byte_array_new ();
  const guint8 forked[] = { 2, 1, 0, 0, 0x0a, 3, 0x0a, 1, 'x' };
  const guint8 rename_by_eve[] = { 4, 0, 0x0a, 2, 'h', 'i' }, rename_by_ben[] = { 4, 4, 0x0a, 2, 'h', 'i' };

  add (input, RENAME, NULL, 0);
  add (input, OP, rename_by_eve, sizeof rename_by_eve);
  add (input, HAND_ON, NULL, 0);
  add (input, YES, NULL, 0);
  add (input, OP, rename_by_eve, sizeof rename_by_eve);
  add (input, OP, rename_by_ben, sizeof rename_by_ben);
  add (input, WHO + 1, NULL, 0);
  add_post (input, KITH_GROUP_CONTENT_TEXT, 0, "One");
  add (input, ENTRY, forked, sizeof forked);
  add (input, KICK, NULL, 0);
  add_post (input, KITH_GROUP_CONTENT_TEXT, 0, "Two");
  return input;
}

static GByteArray *
make_group_joins (void)
{
  GByteArray *input = g_byte_array_new ();
  const guint8 own[] = { 2 }, of_another[] = { 3 };

  add (input, LINK, NULL, 0);
  add (input, WHO + 2, NULL, 0);
  add (input, JOIN, own, sizeof own);
  add (input, APPROVE, NULL, 0);
  add_post (input, KITH_GROUP_CONTENT_TEXT, 0, "I am in");
  add (input, WHO, NULL, 0);
  add (input, JOIN, of_another, sizeof of_another);
  add (input, DENY, NULL, 0);
  add (input, MEMBER_GO, NULL, 0);
  add_post (input, KITH_GROUP_CONTENT_TEXT, 0, "Back again");
  return input;
}

static GByteArray *
make_group_rest (void)
{
  GByteArray *input = g_byte_array_new ();
  KithGroupHello hello = { .has_head = FALSE };
  g_autoptr (GBytes) body = kith_group_hello_pack (&hello);
  const guint8 note[] = { 0, 0, 192, 0, 2, 7, 0x15, 0x6c }, seconds[] = { 0, 60 };
  gsize len;
  gconstpointer data = g_bytes_get_data (body, &len);

  add (input, KITH_RECORD_GROUP_HELLO, data, len);
  add (input, KITH_RECORD_GROUP_VECTOR, NULL, 0);
  add (input, KITH_RECORD_GROUP_WANT, NULL, 0);
  add (input, NOTE, note, sizeof note);
  add (input, KITH_RECORD_GROUP_PICTURE, NULL, 0);
  add (input, KITH_RECORD_GROUP_ANSWER, "\1", 1);
  add (input, MEMBER_PASS, seconds, sizeof seconds);
  add (input, KITH_RECORD_GROUP_SHARED, NULL, 0);
  add (input, MEMBER_COME, NULL, 0);
  add_body (input, KITH_RECORD_PROFILE, kith_body_profile_pack ("Eva"));
  return input;
}

void
kith_corpus_put_people (KithCorpusPut put)
{
  kith_corpus_put_input (put, "stranger", "accepted", make_accepted ());
  kith_corpus_put_input (put, "stranger", "invited", make_invited ());
  kith_corpus_put_input (put, "stranger", "asked", make_asked ());
  kith_corpus_put_input (put, "stranger", "crowd", make_crowd ());
  kith_corpus_put_input (put, "member", "talk", make_group_talk ());
  kith_corpus_put_input (put, "member", "file", make_group_file ());
  kith_corpus_put_input (put, "member", "chain", make_group_chain ());
  kith_corpus_put_input (put, "member", "joins", make_group_joins ());
  kith_corpus_put_input (put, "member", "rest", make_group_rest ());
}
