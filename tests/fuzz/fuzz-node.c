/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole node, and a contact of its user who sends it any record, in any order, while the user does things:
 * messages, files, words to compare, what is said of groups and addresses. What it is, in two bytes how long,
 * then that. The session is a real one; the records are handed over where a session hands them over. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-bytes.h"
#include "kith-fuzz.h"
#include "kith-test-raw.h"
#include "node/kith-node-files.h"
#include "node/kith-node-records.h"
#include "node/kith-node-verify.h"
#include "node/kith-parcel.h"
#include "node/kith-peer.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-body.h"
#include "proto/kith-file-tree.h"
#include "proto/kith-identity.h"
#include "proto/kith-record.h"

#define INPUTS 100 /* that one node gets */
#define STEPS 48
#define FILE_BYTES 2000

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
};

static TestPerson *ben;
static KithLocal *eve;             /* keys of a contact, who has no node any more */
static guint8 eve_identity[32];
static TestRaw raw;
static char *inbox;
static guint8 content[FILE_BYTES]; /* of the last file that was offered in earnest */
static gsize content_len;
static guint n_inputs, n_messages;

/* --- Two people ----------------------------------------------------------------------------- */

static KithPeer *
get_peer (void)
{
  return kith_node_lookup_peer (ben->node, eve_identity);
}

static void
begin (void)
{
  TestPerson *before;

  ben = test_person_new ("Ben");
  before = test_person_new ("Eve");
  test_befriend (ben, before);
  memcpy (eve_identity, kith_contact_get_identity (test_person_contact (ben, before)), sizeof eve_identity);
  eve = test_local_new_for (before);
  test_person_free (before);
  test_wait_for (get_peer ()->session == NULL);
  test_raw_let_many_in (ben);
}

static void
end (void)
{
  test_raw_clear (&raw);
  raw.session = NULL;
  kith_local_unref (eve);
  g_clear_pointer (&ben, test_person_free);
}

static void
connect_again (void)
{
  if (raw.session != NULL)
    test_raw_clear (&raw);
  test_raw_dial_as (&raw, eve, ben);
  test_raw_open_as (&raw, KITH_PURPOSE_CONTACT, NULL);
  test_wait_for (raw.opened || raw.error != NULL);
  test_wait_for (raw.error != NULL || get_peer ()->session != NULL);
}

/* --- What the user does --------------------------------------------------------------------- */

static void
do_files (gboolean take)
{
  GListModel *transfers = kith_node_get_transfers (ben->node);

  for (guint i = 0; i < g_list_model_get_n_items (transfers); i++)
    {
      g_autoptr (KithTransfer) transfer = g_list_model_get_item (transfers, i);
      g_autofree char *path = g_strdup_printf ("%s/%u-%u", inbox, n_inputs, i);

      if (!take)
        kith_node_cancel_file (ben->node, transfer, NULL);
      else if (kith_transfer_get_state (transfer) == KITH_TRANSFER_OFFERED)
        kith_node_accept_file (ben->node, transfer, path, NULL);
    }
}

static void
start_words (KithContact *contact)
{
  KithComparison *words = kith_node_start_words (ben->node, contact, NULL);

  g_clear_object (&words);
}

static void
do_act (guint8 act)
{
  g_autofree char *id = kith_id_string_encode (eve_identity);
  KithContact *contact = kith_node_find_contact (ben->node, id, NULL);

  if (act == TAKE || act == DROP)
    do_files (act == TAKE);
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
  guint8 leaf[KITH_HASH_BYTES];

  content_len = MIN (len, sizeof content);
  memcpy (content, data, content_len);
  file.size = content_len;
  kith_file_leaf (leaf, 0, content, content_len);
  kith_file_root (file.root, file.size, leaf, 1);
  return say (&msg);
}

/* What is waited for: as it is right when nothing follows. */
static gboolean
answer_file (guint8 type, const guint8 *data, gsize len)
{
  GPtrArray *running = ben->node->transfers->running;
  KithParcel *parcel = running->len > 0 ? running->pdata[0] : NULL;
  guint8 body[8 + FILE_BYTES];
  KithWriter out;

  if (parcel == NULL)
    return TRUE;

  kith_writer_init (&out, body, sizeof body);
  kith_writer_u32 (&out, parcel->request);
  kith_writer_u32 (&out, type == CHUNK ? parcel->next_piece : 0);
  if (len == 0 && type == LEAVES)
    {
      guint8 leaf[KITH_HASH_BYTES];

      kith_file_leaf (leaf, 0, content, content_len);
      kith_writer_bytes (&out, leaf, sizeof leaf);
    }
  else
    kith_writer_bytes (&out, len == 0 ? content : data, len == 0 ? content_len : MIN (len, FILE_BYTES));
  return hand_over (type == CHUNK ? KITH_RECORD_FILE_CHUNK : KITH_RECORD_FILE_LEAVES, body, out.len);
}

static gboolean
do_one (guint8 type, const guint8 *data, gsize len)
{
  if (type >= TAKE)
    {
      do_act (type);
      return TRUE;
    }

  switch (type)
    {
    case SAY:
      return say_again (data, len);
    case OFFER:
      return offer (data, len);
    case LEAVES:
    case CHUNK:
      return answer_file (type, data, len);
    default:
      return hand_over (type, data, len);
    }
}

/* --- Input after input ---------------------------------------------------------------------- */

static gboolean
is_working (void)
{
  GPtrArray *parcels = ben->node->transfers->parcels;

  for (guint i = 0; i < parcels->len; i++)
    if (((KithParcel *) parcels->pdata[i])->working)
      return TRUE;

  return FALSE;
}

/* What was stored and written meanwhile is done. */
static void
settle (void)
{
  g_autoptr (GAsyncResult) stored = NULL;

  kith_store_commit_async (ben->store, kith_store_batch_new (), NULL, test_result_cb, &stored);
  test_wait_for (stored != NULL && !is_working ());
  kith_store_commit_finish (ben->store, stored, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
make_inbox (void)
{
  inbox = g_dir_make_tmp ("kith-fuzz-XXXXXX", NULL);
  kith_fuzz_check (inbox != NULL);
}

static void
empty_inbox (void)
{
  GDir *dir = g_dir_open (inbox, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (inbox, name, NULL);

      g_remove (path);
    }
  g_clear_pointer (&dir, g_dir_close);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gboolean goes_on = TRUE;

  if (inbox == NULL)
    make_inbox ();
  if (n_inputs++ % INPUTS == 0)
    {
      if (ben != NULL)
        end ();
      empty_inbox ();
      begin ();
    }
  if (get_peer () == NULL || get_peer ()->session == NULL)
    connect_again ();

  for (guint i = 0; i < STEPS && size >= 3 && goes_on; i++)
    {
      gsize len = MIN ((gsize) data[1] << 8 | data[2], size - 3);

      goes_on = do_one (data[0], data + 3, len);
      settle ();
      data += 3 + len;
      size -= 3 + len;
    }
  return 0;
}
