/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that last: from the composer to "delivered", between two whole nodes on loopback, each with
 * an encrypted database on the disk. Beside it what the store alone does, and what the disk does when
 * a little is appended and synced. All of it in one process: both nodes share a main loop, which two
 * machines would not. Prints a JSON object. With "loop" as its argument it does nothing but send messages. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "../node/kith-test-people.h"
#include "kith-bench-disk.h"
#include "kith-bench-figure.h"
#include "kith-bench-loop.h"
#include "kith-bench-text.h"

#define ROUNDS 3
#define DEFAULT_MESSAGES 20000
#define MANY 100 /* outstanding */
#define APPEND_BYTES 4096
#define SINGLE_SHARE 20 /* of the messages, one after another */

typedef struct
{
  double rate; /* per second */
  double p50_ms, p99_ms;
  double cpu_us; /* of the process, for each */
} Figures;

/* Something that is begun again and again, so many at a time, until all of it is done. */
typedef struct Run Run;
struct Run
{
  void      (*begin) (Run *run);
  guint       n;
  guint       n_begun;
  guint       n_done;
  GHashTable *began_us; /* (owned): id of a message -> when */
  GArray     *took_us;  /* (owned) gint64 */
  GPtrArray  *texts;    /* (unowned) */

  TestPerson *from, *to;
  KithConversation *conversation; /* (unowned) */
  KithStore  *store;
};

static int
compare_rates (gconstpointer a, gconstpointer b)
{
  double x = ((const Figures *) a)->rate, y = ((const Figures *) b)->rate;

  return (x > y) - (x < y);
}

static void
done (Run *run, gint64 began_us)
{
  gint64 took_us = g_get_monotonic_time () - began_us;

  g_array_append_val (run->took_us, took_us);
  run->n_done++;
  if (run->n_begun < run->n)
    {
      run->n_begun++;
      run->begin (run);
    }
}

static Figures
do_run (Run *run, guint n, guint n_outstanding)
{
  gint64 began_us = g_get_monotonic_time ();
  double cpu_us = kith_bench_cpu_us ();
  Figures figures;

  run->n = n;
  run->n_begun = run->n_done = 0;
  run->took_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < MIN (n, n_outstanding); i++)
    {
      run->n_begun++;
      run->begin (run);
    }
  while (run->n_done < n)
    g_main_context_iteration (NULL, TRUE);

  figures.rate = n * 1e6 / (double) (g_get_monotonic_time () - began_us);
  figures.cpu_us = (kith_bench_cpu_us () - cpu_us) / n;
  figures.p50_ms = kith_bench_percentile_ms (run->took_us, 50);
  figures.p99_ms = kith_bench_percentile_ms (run->took_us, 99);
  g_array_unref (run->took_us);
  return figures;
}

static const char *
next_text (Run *run)
{
  return g_ptr_array_index (run->texts, run->n_begun % run->texts->len);
}

/* --- Messages ------------------------------------------------------------------------------- */

typedef struct
{
  Run   *run;
  gint64 began_us;
} Composed;

static void
take_delivered (Run *run, KithMessage *message)
{
  gpointer key = (gpointer) kith_message_get_id (message);
  gint64 *began_us = g_hash_table_lookup (run->began_us, key);
  gint64 us;

  if (began_us == NULL || kith_message_get_state (message) != KITH_MESSAGE_DELIVERED)
    return;

  us = *began_us;
  g_hash_table_remove (run->began_us, key);
  done (run, us);
}

static void
changed_cb (KithNode *node, KithConversation *conversation, KithMessage *message, gpointer user_data)
{
  take_delivered (user_data, message);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Composed *composed = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, &error);

  if (message == NULL)
    g_error ("%s", error->message);
  g_hash_table_insert (composed->run->began_us, g_strdup (kith_message_get_id (message)),
                       g_memdup2 (&composed->began_us, sizeof composed->began_us));
  take_delivered (composed->run, message);
}

static void
begin_message (Run *run)
{
  Composed *composed = g_new (Composed, 1);

  composed->run = run;
  composed->began_us = g_get_monotonic_time ();
  kith_node_send_async (run->from->node, run->conversation, next_text (run), NULL, sent_cb, composed);
}

/* --- The store alone ------------------------------------------------------------------------ */

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Composed *composed = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    g_error ("%s", error->message);
  done (composed->run, composed->began_us);
}

static void
begin_commit (Run *run)
{
  static guint64 seq = 1;
  KithStoreMessage row = { .outgoing = TRUE, .state = KITH_MESSAGE_QUEUED };
  KithStoreBatch *batch = kith_store_batch_new ();
  Composed *composed = g_new (Composed, 1);

  randombytes_buf (row.id, sizeof row.id);
  row.seq = seq++;
  row.time_ms = g_get_real_time () / 1000;
  row.hlc = (guint64) row.time_ms << 16;
  row.text = (char *) next_text (run);
  kith_store_batch_add_message (batch, &row);
  composed->run = run;
  composed->began_us = g_get_monotonic_time ();
  kith_store_commit_async (run->store, batch, NULL, committed_cb, composed);
}

/* --- The disk alone ------------------------------------------------------------------------- */

static Figures
append (const char *folder, guint n)
{
  g_autofree char *path = g_build_filename (folder, "appended", NULL);
  g_autoptr (GArray) took_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint8 bytes[APPEND_BYTES];
  gint64 began_us = g_get_monotonic_time ();
  double cpu_us = kith_bench_cpu_us ();
  Figures figures;
  int fd = open (path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  randombytes_buf (bytes, sizeof bytes);
  for (guint i = 0; i < n; i++)
    {
      gint64 one_us = g_get_monotonic_time ();

      if (write (fd, bytes, sizeof bytes) != sizeof bytes || fdatasync (fd) != 0)
        g_error ("Appending: %s", g_strerror (errno));
      one_us = g_get_monotonic_time () - one_us;
      g_array_append_val (took_us, one_us);
    }

  figures.rate = n * 1e6 / (double) (g_get_monotonic_time () - began_us);
  figures.cpu_us = (kith_bench_cpu_us () - cpu_us) / n;
  figures.p50_ms = kith_bench_percentile_ms (took_us, 50);
  figures.p99_ms = kith_bench_percentile_ms (took_us, 99);
  close (fd);
  g_unlink (path);
  return figures;
}

/* --- All of it ------------------------------------------------------------------------------ */

/* The median round. */
static Figures
print_figures (const char *name, Figures *rounds)
{
  Figures *median = rounds + ROUNDS / 2;

  qsort (rounds, ROUNDS, sizeof *rounds, compare_rates);
  g_print ("  \"%s\": { \"per_s\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f,"
           " \"cpu_us\": %.1f },\n", name, median->rate, median->p50_ms, median->p99_ms, median->cpu_us);
  return *median;
}

static guint
get_n_messages (void)
{
  const char *value = g_getenv ("KITH_BENCH_MESSAGES");
  guint64 n = value == NULL ? DEFAULT_MESSAGES : g_ascii_strtoull (value, NULL, 10);

  return (guint) CLAMP (n, 1000, 1000000);
}

static void
measure (Run *run, const char *folder, guint n)
{
  Figures disk[ROUNDS], store_one[ROUNDS], store_many[ROUNDS], one[ROUNDS], many[ROUNDS];
  Figures of_store, of_commit, of_many, of_one, of_disk;

  for (guint i = 0; i < ROUNDS; i++)
    {
      disk[i] = append (folder, n / SINGLE_SHARE);
      run->begin = begin_commit;
      store_one[i] = do_run (run, n / SINGLE_SHARE, 1);
      store_many[i] = do_run (run, n, MANY);
      run->begin = begin_message;
      one[i] = do_run (run, n / SINGLE_SHARE, 1);
      many[i] = do_run (run, n, MANY);
    }

  g_print ("{\n  \"messages\": %u,\n", n);
  of_disk = print_figures ("append_and_sync_4k", disk);
  of_commit = print_figures ("store_1_outstanding", store_one);
  of_store = print_figures ("store_100_outstanding", store_many);
  of_one = print_figures ("delivered_1_outstanding", one);
  of_many = print_figures ("delivered_100_outstanding", many);
  g_print ("  \"delivered_to_store\": %.3f,\n  \"round_trip_to_append\": %.3f\n}\n",
           of_many.rate / of_store.rate, of_one.p50_ms / of_disk.p50_ms);
  kith_bench_tell ("Messages that last, 100 outstanding", "a second", (KithBenchBar[]){
    { "Kith, written and acknowledged", of_many.rate }, { "the store alone", of_store.rate }, { NULL, 0 } });
  kith_bench_tell_goal ("durable messages a second, 100 outstanding", of_many.rate, FALSE, 20000);
  kith_bench_tell_goal ("durable messages to what the store alone commits", of_many.rate / of_store.rate, FALSE, .5);
  kith_bench_tell ("A message that lasts, until it is known to be delivered", "ms", (KithBenchBar[]){
    { "Kith, three commits", of_one.p50_ms }, { "the store alone, one commit", of_commit.p50_ms },
    { "4 KiB appended and synced", of_disk.p50_ms }, { NULL, 0 } });
  kith_bench_tell_goal ("a message that lasts until it is delivered, to one commit of the store", of_one.p50_ms / of_commit.p50_ms,
                        TRUE, 4);
}

/* By itself: what watches takes a little of the CPU. */
static void
measure_loop (Run *run, guint n, const char *during)
{
  KithBenchLoop loop;

  kith_bench_loop_init (&loop);
  run->begin = begin_message;
  kith_bench_loop_watch (&loop);
  do_run (run, n, MANY);
  kith_bench_loop_rest (&loop);
  kith_bench_loop_tell (&loop, during);
}

/* @folder: (nullable): of databases on the disk, else they are in memory */
static void
begin_pair (Run *run, const char *folder)
{
  run->began_us = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  run->from = folder == NULL ? test_person_new ("Ann") : test_person_new_on ("Ann", kith_bench_open_store (folder, "ann.db"), NULL);
  run->to = folder == NULL ? test_person_new ("Ben") : test_person_new_on ("Ben", kith_bench_open_store (folder, "ben.db"), NULL);
  test_befriend (run->from, run->to);
  run->conversation = test_person_conversation (run->from, run->to);
  g_signal_connect (run->from->node, "message-changed", G_CALLBACK (changed_cb), run);
}

static void
end_pair (Run *run)
{
  test_person_free (run->from);
  test_person_free (run->to);
  g_hash_table_unref (run->began_us);
}

static void
measure_in_memory (Run *run, guint n)
{
  Figures rounds[ROUNDS];

  begin_pair (run, NULL);
  run->begin = begin_message;
  for (guint i = 0; i < ROUNDS; i++)
    rounds[i] = do_run (run, n, MANY);
  qsort (rounds, ROUNDS, sizeof *rounds, compare_rates);
  kith_bench_tell ("Messages of whole nodes in memory, 100 outstanding", "a second", (KithBenchBar[]){
    { "Kith, written and acknowledged", rounds[ROUNDS / 2].rate }, { NULL, 0 } });
  measure_loop (run, n, "messages in memory");
  end_pair (run);
}

int
main (int argc, char **argv)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kith-bench-XXXXXX", &error);
  Run run = { .texts = texts };

  g_assert_no_error (error);
  g_assert_cmpint (sodium_init (), >=, 0);
  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add (texts, kith_bench_message (rand));

  begin_pair (&run, folder);
  if (argc < 2)
    {
      run.store = kith_bench_open_store (folder, "alone.db");
      measure (&run, folder, get_n_messages ());
    }
  measure_loop (&run, get_n_messages (), "messages that last");
  end_pair (&run);
  if (argc < 2)
    measure_in_memory (&run, get_n_messages ());

  g_clear_object (&run.store);
  test_remove_folder (folder);
  return 0;
}
