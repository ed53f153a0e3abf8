/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kith-bench-group.h"

#include <string.h>

#include "proto/kith-group-content.h"

#define BATCH 1000

/* (transfer none): of the only group that @person has */
KithGroupHost *
kith_bench_get_group_host (TestPerson *person)
{
  GListModel *groups = kith_node_get_groups (person->node);
  g_autoptr (KithGroup) group = g_list_model_get_item (groups, 0);

  return kith_node_lookup_group (person->node, kith_group_get_id_bytes (group));
}

void
kith_bench_writer_init (KithBenchWriter *self, TestPerson *person)
{
  KithGroupHost *host = kith_bench_get_group_host (person);
  const KithGroupState *state = kith_group_replica_get_state (host->replica);

  *self = (KithBenchWriter){ .height = state->height };
  memcpy (self->gid, host->gid, sizeof self->gid);
  memcpy (self->head, state->head, sizeof self->head);
  /* Theirs is wiped when they stop. */
  self->seed = kith_secret_new_from (kith_secret_get_data (host->row->author_seed), KITH_IDENTITY_SEED_BYTES);
}

void
kith_bench_writer_clear (KithBenchWriter *self)
{
  g_clear_pointer (&self->seed, kith_secret_unref);
}

static void
put_entry (KithBenchWriter *writer, guint64 seq, gint64 time_ms, KithStoreBatch *batch)
{
  static const guint8 salt[KITH_GROUP_SALT_BYTES];
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT,
                               .text = (char *) "This is one message of a long history" };
  g_autoptr (GBytes) packed = kith_group_content_pack (&content);
  KithGroupEntryDraft draft = { .kind = KITH_GROUP_ENTRY_MESSAGE,
                                .gid = writer->gid,
                                .seq = seq,
                                .prev = writer->prev,
                                .chain_height = writer->height,
                                .chain_head = writer->head,
                                .hlc = kith_hlc_from_ms (time_ms),
                                .content = g_bytes_get_data (packed, NULL),
                                .content_len = g_bytes_get_size (packed),
                                .salt = salt };
  g_autoptr (KithGroupEntry) entry =
    kith_group_entry_seal (&draft, kith_secret_get_data (writer->seed));
  KithStoreGroupAct *act = kith_store_group_act_new (KITH_STORE_GROUP_PUT_ENTRY, writer->gid);

  act->entry = g_new0 (KithStoreGroupEntry, 1);
  memcpy (act->entry->author, entry->author, sizeof act->entry->author);
  act->entry->seq = seq;
  memcpy (act->entry->header, entry->header, sizeof act->entry->header);
  memcpy (act->entry->signature, entry->signature, sizeof act->entry->signature);
  act->entry->content = g_bytes_ref (packed);
  kith_store_batch_group (batch, act);
  memcpy (writer->prev, entry->id, sizeof writer->prev);
}

/* @n messages, a second apart. @first_ms: unix time of the first, after the group was made */
void
kith_bench_writer_write (KithBenchWriter *self, TestPerson *person, guint n, gint64 first_ms)
{
  for (guint64 seq = 1; seq <= n;)
    {
      g_autoptr (GAsyncResult) result = NULL;
      KithStoreBatch *batch = kith_store_batch_new ();

      for (guint i = 0; i < BATCH && seq <= n; i++, seq++)
        put_entry (self, seq, first_ms + (gint64) seq * 1000, batch);
      kith_store_commit_async (person->store, batch, NULL, test_result_cb, &result);
      g_assert_true (kith_store_commit_finish (person->store, test_await (&result), NULL));
    }
}
