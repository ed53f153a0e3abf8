/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it costs that somebody is there: memory and CPU of sessions that say nothing but that they live. Both ends
 * are in this process, and each is one: it has a descriptor, and the limit of these is raised to what the system
 * allows. It is told how many there were.
 *
 * KITH_BENCH_SESSIONS says how many ends, KITH_BENCH_IDLE_S for how long they are watched. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <malloc.h>
#include <stdio.h>

#include <sodium.h>
#include <sys/resource.h>

#include "../net/kith-test-wire.h"
#include "base/kith-limits.h"
#include "kith-bench-figure.h"
#include "kith-bench-loop.h"

#define SESSIONS 10000 /* more than a node lets in, KITH_LIMIT_SESSIONS */
#define AT_ONCE (KITH_LIMIT_HALF_OPEN_PER_PREFIX - 2)
#define IDLE_S 90 /* all of them have said that they live */
#define SPARE_DESCRIPTORS 100
#define FRAME_MS 16

static guint n_opened;
static guint n_closed;

static void
open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  const KithBodyOpen answer = { 0 };

  kith_session_accept_open (session, &answer);
}

static void
opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  n_opened++;
}

static gboolean
record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  return TRUE;
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  n_closed++;
}

static const KithSessionEvents events = { open_cb, opened_cb, record_cb, drained_cb, closed_cb };

static void
take (KithSession *session, gpointer user_data)
{
  kith_session_set_events (session, &events, NULL);
  g_ptr_array_add (user_data, kith_session_ref (session));
}

/* How many ends the system has descriptors for. */
static guint
raise_limit (guint n)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MIN (limit.rlim_max, n + SPARE_DESCRIPTORS);
  setrlimit (RLIMIT_NOFILE, &limit);
  return (guint) MIN (n, limit.rlim_cur - SPARE_DESCRIPTORS);
}

static double
get_rss_bytes (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*d %ld", &pages), ==, 1);
  return (double) pages * 4096;
}

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST };
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, &error);

  g_assert_no_error (error);
  take (session, user_data);
  kith_session_open (session, &open);
}

/* A few at once: each turn of the loop looks at all that are there already. */
static void
connect_all (TestEnd *from, guint16 port, GPtrArray *sessions, guint n)
{
  KithEndpoint endpoint;

  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", port));
  n_opened = 0;
  for (guint i = 0; i < n; i++)
    {
      kith_dialer_dial_async (from->local, &endpoint, 1, NULL, NULL, NULL, dialled_cb, sessions);
      test_wire_wait (n_opened + AT_ONCE > i);
    }
  test_wire_wait (n_opened == n);
}

static gboolean
frame_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Returns: in percent of a core */
static double
watch (guint seconds)
{
  gboolean is_over = FALSE;
  double cpu_us = kith_bench_cpu_us ();

  g_timeout_add_seconds (seconds, over_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  return (kith_bench_cpu_us () - cpu_us) / seconds / 1e4;
}

int
main (int argc, char **argv)
{
  guint n = raise_limit (kith_bench_number ("KITH_BENCH_SESSIONS", SESSIONS));
  guint idle_s = kith_bench_number ("KITH_BENCH_IDLE_S", IDLE_S);
  g_autoptr (GPtrArray) sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_session_unref);
  double rss, heap, empty, quiet, drawn;
  KithBenchLoop loop;
  g_autofree char *name = NULL;
  g_autofree char *what = NULL;
  guint frames;
  TestWire wire;

  g_assert_cmpint (sodium_init (), >=, 0);
  test_wire_init (&wire);
  g_clear_pointer (&wire.listener, kith_listener_free);
  wire.listener = kith_listener_new (wire.b.local, take, sessions);
  g_assert_true (kith_listener_start (wire.listener, "127.0.0.1", 0, FALSE, NULL));

  connect_all (&wire.a, kith_listener_get_port (wire.listener), sessions, 10); /* what is made once */
  rss = get_rss_bytes ();
  heap = (double) mallinfo2 ().uordblks;
  empty = watch (5);
  connect_all (&wire.a, kith_listener_get_port (wire.listener), sessions, n / 2);
  malloc_trim (0);
  rss = (get_rss_bytes () - rss) / (n & ~1u);
  heap = ((double) mallinfo2 ().uordblks - heap) / (n & ~1u);

  quiet = watch (idle_s);
  frames = g_timeout_add (FRAME_MS, frame_cb, NULL);
  drawn = watch (10);
  g_source_remove (frames);
  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  watch (idle_s);
  kith_bench_loop_rest (&loop);
  g_assert_cmpuint (n_closed, ==, 0);

  kith_bench_tell ("An idle session", "KiB of memory",
                   (KithBenchBar[]){ { "resident", rss / 1024 }, { "heap", heap / 1024 }, { NULL, 0 } });
  name = g_strdup_printf ("%u idle sessions", n & ~1u);
  kith_bench_tell (name, "percent of a core",
                   (KithBenchBar[]){ { "20 sessions", empty }, { "all", quiet },
                                     { "all, and 60 pictures a second", drawn }, { NULL, 0 } });
  kith_bench_tell_goal ("an idle session, KiB", rss / 1024, TRUE, 24);
  what = g_strdup_printf ("%s, percent of a core", name);
  kith_bench_tell_goal (what, quiet, TRUE, 1);
  kith_bench_loop_tell (&loop, name);

  for (guint i = 0; i < sessions->len; i++)
    {
      kith_session_set_events (sessions->pdata[i], NULL, NULL);
      kith_session_abort (sessions->pdata[i]);
    }
  g_ptr_array_set_size (sessions, 0);
  test_wire_clear (&wire);
  return 0;
}
