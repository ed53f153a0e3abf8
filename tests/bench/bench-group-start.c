/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A start with a group that has a long history: how long until it can be used, and for how long the main
 * loop stands still at most. KITH_BENCH_ENTRIES says how long the history is. */
#include "config.h"

#include <string.h>

#include <sodium.h>

#include "../node/kith-test-people.h"
#include "kith-bench-figure.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-groups.h"
#include "proto/kith-group-content.h"

#define BATCH 1000

static KithGroupHost *
get_host (TestPerson *person)
{
  GListModel *groups = kith_node_get_groups (person->node);
  g_autoptr (KithGroup) group = g_list_model_get_item (groups, 0);

  return kith_node_lookup_group (person->node, kith_group_get_id_bytes (group));
}

static void
create_group (TestPerson *person)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithGroup) group = NULL;

  kith_node_create_group_async (person->node, "Old", NULL, NULL, NULL, test_result_cb, &result);
  group = kith_node_create_group_finish (person->node, test_await (&result), NULL, NULL);
  g_assert_nonnull (group);
}

/* What an entry is made of. */
typedef struct
{
  guint8      gid[KITH_GROUP_ID_BYTES];
  guint8      head[KITH_GROUP_ID_BYTES];
  guint32     height;
  KithSecret *seed; /* (owned) */
  guint8      prev[KITH_GROUP_ID_BYTES];
} Writer;

static void
put_entry (Writer *writer, guint64 seq, gint64 time_ms, KithStoreBatch *batch)
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

static void
write_history (TestPerson *person, Writer *writer, guint n)
{
  gint64 time_ms = g_get_real_time () / 1000 - n * (gint64) 1000;

  for (guint64 seq = 1; seq <= n;)
    {
      g_autoptr (GAsyncResult) result = NULL;
      KithStoreBatch *batch = kith_store_batch_new ();

      for (guint i = 0; i < BATCH && seq <= n; i++, seq++)
        put_entry (writer, seq, time_ms + (gint64) seq * 1000, batch);
      kith_store_commit_async (person->store, batch, NULL, test_result_cb, &result);
      g_assert_true (kith_store_commit_finish (person->store, test_await (&result), NULL));
    }
}

int
main (int argc, char **argv)
{
  const char *number = g_getenv ("KITH_BENCH_ENTRIES");
  guint n = number != NULL ? (guint) g_ascii_strtoull (number, NULL, 10) : 100000;
  g_autoptr (TestPerson) ann = NULL;
  Writer writer = { .height = 0 };
  double longest_us = 0; /* of CPU: what others do at that moment is not our standing still */
  gint64 began_us;

  g_assert_cmpint (sodium_init (), >=, 0);
  ann = test_person_new ("ann");
  create_group (ann);
  test_wait_for (get_host (ann)->ready);
  memcpy (writer.gid, get_host (ann)->gid, sizeof writer.gid);
  memcpy (writer.head, kith_group_replica_get_state (get_host (ann)->replica)->head, sizeof writer.head);
  writer.height = kith_group_replica_get_state (get_host (ann)->replica)->height;
  writer.seed = kith_secret_ref (get_host (ann)->row->author_seed);
  test_person_stop (ann);
  write_history (ann, &writer, n);

  began_us = g_get_monotonic_time ();
  test_person_start (ann);
  while (!get_host (ann)->ready)
    {
      double turn_us = kith_bench_thread_us ();

      if (g_main_context_iteration (NULL, FALSE))
        longest_us = MAX (longest_us, kith_bench_thread_us () - turn_us);
    }
  g_assert_cmpuint (kith_group_replica_get_newest_seq (get_host (ann)->replica,
                                                       kith_group_replica_get_author (get_host (ann)->replica)),
                    ==, n);
  g_print ("a start with %u entries: %.2f s until the group can be used; the main loop stands still for"
           " %.1f ms at most\n",
           n, (double) (g_get_monotonic_time () - began_us) / 1e6, longest_us / 1e3);
  kith_bench_tell ("Start with a group of a long history", "ms", (KithBenchBar[]){
    { "until it can be used", (double) (g_get_monotonic_time () - began_us) / 1e3 },
    { "CPU of the longest turn of the loop", longest_us / 1e3 }, { NULL, 0 } });
  kith_bench_tell_goal ("longest turn of the loop while a group is read, ms of CPU", longest_us / 1e3, TRUE, 16);
  kith_secret_unref (writer.seed);
  return 0;
}
