/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz-node.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-bytes.h"
#include "kith-fuzz.h"
#include "node/kith-node-files.h"
#include "node/kith-parcel.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-file-tree.h"

#define FILE_BYTES 2000

static char *inbox;
static guint8 content[FILE_BYTES]; /* of the last file that was offered in earnest */
static gsize content_len;

/* --- Rest ----------------------------------------------------------------------------------- */

static gboolean
is_working (TestPerson *person)
{
  GPtrArray *parcels = person->node->transfers->parcels;

  for (guint i = 0; i < parcels->len; i++)
    if (((KithParcel *) parcels->pdata[i])->working)
      return TRUE;

  return FALSE;
}

static void
store_what_waits (TestPerson *person)
{
  g_autoptr (GAsyncResult) stored = NULL;

  kith_store_commit_async (person->store, kith_store_batch_new (), NULL, test_result_cb, &stored);
  test_wait_for (stored != NULL && !is_working (person));
  kith_store_commit_finish (person->store, stored, NULL);
}

/* What happens because something was stored may be stored as well. */
void
kith_fuzz_settle (TestPerson *person)
{
  gboolean is_at_rest;

  do
    {
      store_what_waits (person);
      is_at_rest = TRUE;
      while (g_main_context_iteration (NULL, FALSE))
        is_at_rest = FALSE;
    }
  while (!is_at_rest);
}

/* --- Files ---------------------------------------------------------------------------------- */

void
kith_fuzz_empty_inbox (void)
{
  GDir *dir = inbox != NULL ? g_dir_open (inbox, 0, NULL) : NULL;
  const char *name;

  if (inbox == NULL)
    inbox = g_dir_make_tmp ("kith-fuzz-XXXXXX", NULL);
  kith_fuzz_check (inbox != NULL);

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (inbox, name, NULL);

      g_remove (path);
    }
  g_clear_pointer (&dir, g_dir_close);
}

const char *
kith_fuzz_get_inbox (void)
{
  return inbox;
}

void
kith_fuzz_do_files (TestPerson *person, gboolean take, guint prefix)
{
  GListModel *transfers = kith_node_get_transfers (person->node);

  for (guint i = 0; i < g_list_model_get_n_items (transfers); i++)
    {
      g_autoptr (KithTransfer) transfer = g_list_model_get_item (transfers, i);
      g_autofree char *path = g_strdup_printf ("%s/%u-%u", inbox, prefix, i);

      if (!take)
        kith_node_cancel_file (person->node, transfer, NULL);
      else if (kith_transfer_get_state (transfer) == KITH_TRANSFER_OFFERED)
        kith_node_accept_file (person->node, transfer, path, NULL);
    }
}

void
kith_fuzz_describe_file (KithBodyFile *file, const guint8 *data, gsize len)
{
  guint8 leaf[KITH_HASH_BYTES];

  content_len = MIN (len, sizeof content);
  memcpy (content, data, content_len);
  file->size = content_len;
  kith_file_leaf (leaf, 0, content, content_len);
  kith_file_root (file->root, file->size, leaf, 1);
}

GByteArray *
kith_fuzz_pack_piece (TestPerson *person, KithRecordType type, const guint8 *data, gsize len)
{
  GPtrArray *running = person->node->transfers->running;
  KithParcel *parcel = running->len > 0 ? running->pdata[0] : NULL;
  guint8 body[8 + FILE_BYTES];
  guint8 leaf[KITH_HASH_BYTES];
  KithWriter out;

  if (parcel == NULL)
    return NULL;

  kith_file_leaf (leaf, 0, content, content_len);
  kith_writer_init (&out, body, sizeof body);
  kith_writer_u32 (&out, parcel->request);
  kith_writer_u32 (&out, type == KITH_RECORD_FILE_CHUNK ? parcel->next_piece : 0);
  if (len > 0)
    kith_writer_bytes (&out, data, MIN (len, FILE_BYTES));
  else if (type == KITH_RECORD_FILE_LEAVES)
    kith_writer_bytes (&out, leaf, sizeof leaf);
  else
    kith_writer_bytes (&out, content, content_len);
  return g_byte_array_append (g_byte_array_new (), body, (guint) out.len);
}
