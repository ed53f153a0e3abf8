/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole node, and a contact of its user who sends it any record, in any order, while the user does things:
 * messages, files, words to compare, what is said of groups and addresses; and time goes by. What it is, in two
 * bytes how long, then that. The records are handed over where a session hands them over. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz-people.h"
#include "kith-fuzz.h"
#include "node/kith-node-records.h"
#include "node/kith-node-verify.h"
#include "node/kith-peer.h"
#include "proto/kith-identity.h"

#define INPUTS 100 /* that one node gets */
#define STEPS 48
#define MOST_S 7200 /* that go by at once */

/* What stands in place of the type of a record. */
enum
{
  SAY = 0xe0, /* a MSG with the next number and an id of its own */
  OFFER,      /* of a file that is what follows */
  LEAVES,     /* of the file that is waited for */
  CHUNK,
  TAKE = 0xf0, /* the user does something: every file that is offered */
  DROP,
  WRITE,
  WORDS,
  ANSWER,
  PASS,        /* seconds, in two bytes */
};

static TestPerson *ben;
static KithFuzzPerson eve; /* a contact */
static guint n_inputs, n_messages;

/* --- Two people ----------------------------------------------------------------------------- */

static KithPeer *
get_peer (void)
{
  return kith_node_lookup_peer (ben->node, kith_fuzz_person_get_identity (&eve));
}

static void
connect_again (KithPurpose purpose)
{
  const guint8 open[] = { 2 << 3, (guint8) purpose, 3 << 3 | 2, 8, 1, 2, 3, 4, 5, 6, 7, 8 };

  kith_fuzz_person_come (&eve, ben);
  kith_fuzz_person_open (&eve, ben, NULL, open, sizeof open);
  kith_fuzz_people_settle (ben, &eve, 1);
}

static void
begin (void)
{
  g_autoptr (KithRequest) request = NULL;

  ben = kith_fuzz_people_begin ("Ben");
  kith_fuzz_person_init (&eve, 1, 0);
  connect_again (KITH_PURPOSE_REQUEST);
  request = g_list_model_get_item (kith_node_get_requests (ben->node), 0);
  kith_fuzz_check (request != NULL);
  kith_node_accept_async (ben->node, request, NULL, NULL, NULL);
  kith_fuzz_people_settle (ben, &eve, 1);
}

static void
end (void)
{
  kith_fuzz_person_go (&eve);
  g_clear_pointer (&ben, kith_fuzz_people_end);
}

/* --- What the user does --------------------------------------------------------------------- */

static void
start_words (KithContact *contact)
{
  KithComparison *words = kith_node_start_words (ben->node, contact, NULL);

  g_clear_object (&words);
}

static void
do_act (guint8 act)
{
  g_autofree char *id = kith_id_string_encode (kith_fuzz_person_get_identity (&eve));
  KithContact *contact = kith_node_find_contact (ben->node, id, NULL);

  if (act == TAKE || act == DROP)
    kith_fuzz_do_files (ben, act == TAKE, n_inputs);
  else if (contact != NULL && act == WRITE)
    kith_node_send_async (ben->node, kith_node_get_conversation (ben->node, contact), "Hello", NULL, NULL, NULL);
  else if (contact != NULL && act == WORDS)
    start_words (contact);
  else if (contact != NULL && act == ANSWER)
    kith_node_answer_words (ben->node, contact, TRUE, NULL);
}

/* --- What she says -------------------------------------------------------------------------- */

/* In a buffer of its own size. Returns: whether the session goes on */
static gboolean
hand_over (guint8 type, const guint8 *data, gsize len)
{
  g_autofree guint8 *copy = g_malloc (MAX (len, 1));
  KithPeer *peer = get_peer ();

  if (len > kith_record_max_bytes ((KithRecordType) type) || peer == NULL || peer->session == NULL)
    return FALSE;

  memcpy (copy, data, len);
  return kith_node_receive_record (peer->session, (KithRecordType) type, copy, len, ben->node);
}

/* With a number and an id that are right. */
static gboolean
say (KithBodyMsg *msg)
{
  KithPeer *peer = get_peer ();
  g_autoptr (GByteArray) body = NULL;

  if (peer == NULL)
    return FALSE;

  msg->seq = peer->row->received_seq + 1;
  n_messages++;
  memcpy (msg->id.bytes, &n_messages, sizeof n_messages);
  msg->id.bytes[15] = 1;
  body = kith_body_msg_pack (msg);
  return hand_over (KITH_RECORD_MSG, body->data, body->len);
}

static gboolean
say_again (const guint8 *data, gsize len)
{
  g_auto (KithBodyMsg) msg = { 0 };

  return !kith_body_msg_unpack (&msg, data, len) || say (&msg);
}

static gboolean
offer (const guint8 *data, gsize len)
{
  KithBodyFile file = { .name = (char *) "x.bin" };
  KithBodyMsg msg = { .hlc = 1, .content = KITH_CONTENT_FILE, .file = &file };

  kith_fuzz_describe_file (&file, data, len);
  return say (&msg);
}

/* What is waited for. */
static gboolean
answer_file (KithRecordType type, const guint8 *data, gsize len)
{
  g_autoptr (GByteArray) body = kith_fuzz_pack_piece (ben, type, data, len);

  return body == NULL || hand_over (type, body->data, body->len);
}

static gboolean
do_one (guint8 type, const guint8 *data, gsize len)
{
  if (type == PASS)
    kith_fuzz_people_pass (len < 2 ? 1 : MIN (data[0] << 8 | data[1], MOST_S));
  else if (type >= TAKE)
    do_act (type);
  if (type >= TAKE)
    return TRUE;

  switch (type)
    {
    case SAY:
      return say_again (data, len);
    case OFFER:
      return offer (data, len);
    case LEAVES:
      return answer_file (KITH_RECORD_FILE_LEAVES, data, len);
    case CHUNK:
      return answer_file (KITH_RECORD_FILE_CHUNK, data, len);
    default:
      return hand_over (type, data, len);
    }
}

/* --- Input after input ---------------------------------------------------------------------- */

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gboolean goes_on = TRUE;

  if (n_inputs++ % INPUTS == 0)
    {
      if (ben != NULL)
        end ();
      kith_fuzz_empty_inbox ();
      begin ();
    }
  if (get_peer () == NULL || get_peer ()->session == NULL)
    connect_again (KITH_PURPOSE_CONTACT);

  for (guint i = 0; i < STEPS && size >= 3 && goes_on; i++)
    {
      gsize len = MIN ((gsize) data[1] << 8 | data[2], size - 3);

      goes_on = do_one (data[0], data + 3, len);
      kith_fuzz_people_settle (ben, &eve, 1);
      data += 3 + len;
      size -= 3 + len;
    }
  return 0;
}
