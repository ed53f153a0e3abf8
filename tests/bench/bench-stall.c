/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the main loop keeps a window waiting while others work: while a node with a long history starts and
 * meets a contact, while somebody types into the search of it, and while a group with a long history comes
 * from a member. Both nodes share the loop, which two machines would not. KITH_BENCH_MESSAGES and
 * KITH_BENCH_ENTRIES say how long the histories are. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "../node/kith-test-trio.h"
#include "kith-bench-alone.h"
#include "kith-bench-disk.h"
#include "kith-bench-figure.h"
#include "kith-bench-group.h"
#include "kith-bench-loop.h"
#include "kith-bench-text.h"
#include "node/kith-node-history.h"

#define BATCH 500
#define TYPED 60 /* words */
#define TURNS_A_LETTER 3
#define HITS 50
#define HISTORY_DAYS 60
#define STARTS 20
#define ROWS_AT_ONCE 100

/* The clock of the trio goes on. */
static void
turn (void)
{
  g_main_context_iteration (NULL, TRUE);
  test_wait_hook ();
}

/* --- A search ------------------------------------------------------------------------------- */

static void
add_message (KithStoreBatch *batch, const guint8 *identity, GRand *rand, guint64 seq, gint64 time_ms)
{
  KithStoreMessage row = { .seq = seq, .time_ms = time_ms, .hlc = (guint64) time_ms << 16, .read_ms = time_ms };

  memcpy (row.identity, identity, sizeof row.identity);
  randombytes_buf (row.id, sizeof row.id);
  row.text = kith_bench_message (rand);
  kith_store_batch_add_message (batch, &row);
  g_free (row.text);
}

static void
write_history (TestPerson *person, const guint8 *identity, guint n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  gint64 first_ms = g_get_real_time () / 1000 - (gint64) n * 1000;

  for (guint i = 0; i < n;)
    {
      g_autoptr (GAsyncResult) result = NULL;
      KithStoreBatch *batch = kith_store_batch_new ();

      for (guint j = 0; j < BATCH && i < n; j++, i++)
        add_message (batch, identity, rand, i + 1, first_ms + (gint64) i * 1000);
      kith_store_commit_async (person->store, batch, NULL, test_result_cb, &result);
      g_assert_true (kith_store_commit_finish (person->store, test_await (&result), NULL));
    }
}

/* Until the node is open, the end of the conversation is there, and so is the contact. */
static void
start_watched (TestPerson *ann, TestPerson *ben, KithBenchLoop *loop)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GAsyncResult) met = NULL;

  kith_bench_loop_watch (loop);
  ann->node = kith_node_new (ann->store, ann->env);
  kith_node_open_async (ann->node, NULL, test_result_cb, &opened);
  while (opened == NULL)
    turn ();
  g_assert_true (kith_node_open_finish (ann->node, opened, NULL));
  g_assert_true (kith_node_listen (ann->node, "127.0.0.1", 0, FALSE, NULL));
  kith_node_load_older_async (ann->node, test_person_conversation (ann, ben), NULL, test_result_cb, &loaded);
  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL, NULL, test_result_cb, &met);
  while (loaded == NULL || !test_person_is_online (ann, ben))
    turn ();
  kith_bench_loop_rest (loop);
}

static void
measure_starts (TestPerson *ann, TestPerson *ben)
{
  KithBenchLoop loop;

  kith_bench_loop_init (&loop);
  for (guint i = 0; i < STARTS; i++)
    {
      test_person_stop (ann);
      start_watched (ann, ben, &loop);
    }
  kith_bench_loop_tell (&loop, "a start");
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *n_outstanding = user_data;
  GPtrArray *hits = kith_node_search_finish (KITH_NODE (source), result, NULL);

  g_clear_pointer (&hits, g_ptr_array_unref);
  (*n_outstanding)--;
}

/* A search for each letter more; the one before is given up, as the window does. */
static void
type_word (TestPerson *person, const char *word)
{
  g_autoptr (GCancellable) cancellable = NULL;
  guint n_outstanding = 0;

  for (const char *end = word; *end != '\0';)
    {
      g_autofree char *part = NULL;

      end = g_utf8_next_char (end);
      part = g_strndup (word, (gsize) (end - word));
      g_cancellable_cancel (cancellable);
      g_clear_object (&cancellable);
      cancellable = g_cancellable_new ();
      n_outstanding++;
      kith_node_search_async (person->node, part, NULL, HITS, NULL, cancellable, searched_cb, &n_outstanding);
      for (guint i = 0; i < TURNS_A_LETTER; i++)
        turn ();
    }

  while (n_outstanding > 0)
    turn ();
}

static void
measure_history (guint n_messages)
{
  g_autofree char *folder = g_dir_make_tmp ("kith-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *generation = g_strconcat (path, "-generation", NULL);
  g_autoptr (TestPerson) ann = trio_person_new_on ("ann", kith_bench_open_store (folder, "kith.db"));
  g_autoptr (TestPerson) ben = trio_person_new ("ben");
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint8 identity[KITH_IDENTITY_BYTES];
  KithBenchLoop loop;

  test_befriend (ann, ben);
  memcpy (identity, kith_node_get_own_identity (ben->node), sizeof identity);
  test_person_stop (ann);
  write_history (ann, identity, n_messages);
  measure_starts (ann, ben);
  test_person_stop (ben);

  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  type_word (ann, "nowhere"); /* makes the index complete */
  for (guint i = 0; i < TYPED; i++)
    {
      g_autofree char *word = kith_bench_word (kith_bench_zipf (rand, KITH_BENCH_WORDS));

      type_word (ann, word);
    }
  kith_bench_loop_rest (&loop);
  kith_bench_loop_tell (&loop, "search");

  test_person_stop (ann);
  g_clear_object (&ann->store);
  g_unlink (path);
  g_unlink (generation);
  g_rmdir (folder);
}

/* --- A group -------------------------------------------------------------------------------- */

static gboolean
has_all (TestPerson *person, const guint8 *author, guint n)
{
  return kith_group_replica_get_newest_seq (kith_bench_get_group_host (person)->replica, author) >= n;
}

/* Both ends, their stores and their sessions, beside what cannot be left out. */
static void
tell_entries (guint n, double cpu_us, gint64 took_us)
{
  double check_us = kith_bench_check_signatures (n), write_us = kith_bench_write_entries (n, ROWS_AT_ONCE);

  kith_bench_tell ("A group comes from a member", "entries a second", (KithBenchBar[]){
    { "Kith, both ends in one loop", n * 1e6 / (double) took_us },
    { "libsodium checks as many signatures", 1e6 / check_us }, { NULL, 0 } });
  kith_bench_tell ("An entry of a group that comes from a member", "µs of CPU", (KithBenchBar[]){
    { "Kith, both ends", cpu_us / n }, { "libsodium checks a signature", check_us },
    { "plain SQLite, in memory, writes its rows", write_us }, { NULL, 0 } });
  kith_bench_tell_goal ("an entry of a group, CPU of both ends, to a signature checked and rows written",
                        cpu_us / n / (check_us + write_us), TRUE, 1.5);
}

static void
measure_group (guint n_entries)
{
  g_autoptr (TestPerson) ann = trio_person_new ("ann");
  g_autoptr (TestPerson) ben = trio_person_new ("ben");
  guint8 author[KITH_GROUP_KEY_BYTES];
  KithBenchWriter writer;
  KithBenchLoop loop;
  g_autoptr (GAsyncResult) met = NULL;
  gint64 first_ms, began_us;
  double cpu_us;

  test_befriend (ann, ben);
  trio_create (ann, &ben, 1);
  trio_join (ben);
  test_wait_for (trio_agree ((TestPerson *[]){ ann, ben }, 2, 2));
  kith_bench_writer_init (&writer, ann);
  memcpy (author, kith_group_replica_get_author (kith_bench_get_group_host (ann)->replica), sizeof author);
  first_ms = kith_group_host_now_ms (kith_bench_get_group_host (ann)) + 1000;
  test_person_stop (ben);
  test_person_stop (ann);
  trio_skip_days (HISTORY_DAYS);
  kith_bench_writer_write (&writer, ann, n_entries, first_ms);
  test_person_start (ann);
  test_wait_for (kith_bench_get_group_host (ann)->ready);

  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  began_us = g_get_monotonic_time ();
  cpu_us = kith_bench_cpu_us ();
  test_person_start (ben);
  kith_node_connect_async (ben->node, "127.0.0.1", kith_node_get_listen_port (ann->node), NULL, NULL, test_result_cb, &met);
  while (!kith_bench_get_group_host (ben)->ready || !has_all (ben, author, n_entries))
    turn ();
  began_us = g_get_monotonic_time () - began_us;
  cpu_us = kith_bench_cpu_us () - cpu_us;
  kith_bench_loop_rest (&loop);
  kith_bench_loop_tell (&loop, "the coming of a group");
  tell_entries (n_entries, cpu_us, began_us);
  kith_bench_writer_clear (&writer);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (sodium_init (), >=, 0);
  trio_begin ();
  measure_history (kith_bench_number ("KITH_BENCH_MESSAGES", 200000));
  measure_group (kith_bench_number ("KITH_BENCH_ENTRIES", 20000));
  return 0;
}
