/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <unistd.h>

#include <gio/gio.h>
#include <sys/socket.h>

#include "net/kith-poller.h"

#define DEADLINE_US (30 * G_USEC_PER_SEC)
#define MANY 200
#define AT_ONCE 64
#define REDRAW_PRIORITY 120

/* One end of a pair of sockets that is watched. */
typedef struct
{
  KithWatch   *watch;
  int          fd;
  int          peer;
  guint        n_calls;
  GIOCondition last;
  gboolean     leaves;  /* what it gets unread */
  KithWatch  **frees;   /* (nullable): what it frees when it is called */
  KithWatch   *raises;  /* (nullable): what it raises */
  GString     *log;     /* (nullable): adds its name */
  char         name;
} End;

static void
end_cb (GIOCondition ready, gpointer user_data)
{
  End *self = user_data;
  char bytes[16];

  self->n_calls++;
  self->last = ready;
  if (self->log != NULL)
    g_string_append_c (self->log, self->name);
  if ((ready & G_IO_IN) != 0 && !self->leaves)
    (void) !recv (self->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (self->raises != NULL)
    kith_watch_raise (self->raises, G_IO_OUT);
  if (self->frees != NULL)
    g_clear_pointer (self->frees, kith_watch_free);
}

static void
end_open (End *self)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->peer = fds[1];
  self->watch = kith_watch_new (self->fd, end_cb, self);
  kith_watch_want (self->watch, G_IO_IN);
}

static void
end_say (End *self)
{
  g_assert_cmpint (send (self->peer, "x", 1, MSG_NOSIGNAL), ==, 1);
}

static void
end_close (End *self)
{
  g_clear_pointer (&self->watch, kith_watch_free);
  if (self->fd >= 0)
    close (self->fd);
  if (self->peer >= 0)
    close (self->peer);
}

static gboolean
turn (void)
{
  return g_main_context_iteration (NULL, FALSE);
}

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;                                    \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);                                 \
        turn ();                                                                                   \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

/* Whatever is under way has come to an end, and nothing spins. */
static void
settle (void)
{
  guint n_turns = 0;

  while (turn ())
    g_assert_cmpuint (++n_turns, <, 20);
}

/* --- Sockets -------------------------------------------------------------------------------- */

static void
test_reads_and_writes (void)
{
  End end = { .leaves = TRUE };

  end_open (&end);
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 0);

  /* As long as it is possible, again and again. */
  end_say (&end);
  wait_for (end.n_calls == 3);
  g_assert_cmpuint (end.last, ==, G_IO_IN);
  end.leaves = FALSE;
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 4);

  kith_watch_want (end.watch, G_IO_IN | G_IO_OUT);
  wait_for (end.n_calls == 5);
  g_assert_cmpuint (end.last, ==, G_IO_OUT);
  end_say (&end);
  wait_for ((end.last & G_IO_IN) != 0);
  g_assert_cmpuint (end.last, ==, G_IO_IN | G_IO_OUT);

  kith_watch_want (end.watch, 0);
  end.n_calls = 0;
  end_say (&end);
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 0);

  kith_watch_want (end.watch, G_IO_IN);
  wait_for (end.n_calls == 1);
  end_close (&end);
}

/* The end of the other side is told to whom it concerns, and to nobody else. */
static void
test_hangup (void)
{
  End end = { .leaves = TRUE };

  end_open (&end);
  kith_watch_want (end.watch, 0);
  close (end.peer);
  end.peer = -1;
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 0);

  kith_watch_want (end.watch, G_IO_OUT);
  wait_for (end.n_calls > 0);
  g_assert_cmpuint (end.last, ==, G_IO_OUT);
  kith_watch_want (end.watch, G_IO_IN);
  wait_for (end.last == G_IO_IN);
  end_close (&end);
}

/* Each frees the other: whoever is first, the second is not called. */
static void
test_free_other (void)
{
  End a = { 0 }, b = { 0 };

  end_open (&a);
  end_open (&b);
  a.frees = &b.watch;
  b.frees = &a.watch;
  end_say (&a);
  end_say (&b);
  wait_for (a.n_calls + b.n_calls > 0);
  settle ();
  g_assert_cmpuint (a.n_calls + b.n_calls, ==, 1);
  g_assert_true ((a.watch == NULL) == (b.n_calls == 1));
  end_close (&a);
  end_close (&b);
}

static void
test_free_self (void)
{
  End end = { .leaves = TRUE };

  end_open (&end);
  end.frees = &end.watch;
  kith_watch_raise (end.watch, G_IO_OUT);
  end_say (&end);
  wait_for (end.n_calls > 0);
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 1);
  end_close (&end);
}

/* A descriptor that is watched again, or that is another socket now, under the same number. */
static void
test_same_fd (void)
{
  End end = { 0 }, other = { 0 };

  end_open (&end);
  end_say (&end);
  kith_watch_free (end.watch);
  end.watch = kith_watch_new (end.fd, end_cb, &end);
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 0);
  kith_watch_want (end.watch, G_IO_IN);
  wait_for (end.n_calls == 1);

  end_open (&other);
  g_clear_pointer (&end.watch, kith_watch_free);
  g_clear_pointer (&other.watch, kith_watch_free);
  g_assert_cmpint (dup2 (other.fd, end.fd), ==, end.fd);
  end_say (&other);
  end.watch = kith_watch_new (end.fd, end_cb, &end);
  kith_watch_want (end.watch, G_IO_IN);
  wait_for (end.n_calls == 2);
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 2);
  g_assert_cmpuint (other.n_calls, ==, 0);
  end_close (&end);
  end_close (&other);
}

/* What cannot be watched is told once, and not from within. */
static void
test_closed_fd (void)
{
  End end = { .leaves = TRUE };

  end_open (&end);
  kith_watch_want (end.watch, 0);
  close (end.fd);
  end.fd = -1;
  kith_watch_want (end.watch, G_IO_IN);
  g_assert_cmpuint (end.n_calls, ==, 0);
  wait_for (end.n_calls == 1);
  g_assert_cmpuint (end.last, ==, G_IO_ERR);
  settle ();
  g_assert_cmpuint (end.n_calls, ==, 1);
  end_close (&end);
}

/* --- Many ----------------------------------------------------------------------------------- */

static void
test_many (void)
{
  g_autofree End *ends = g_new0 (End, MANY);
  guint n_calls = 0;

  for (guint i = 0; i < MANY; i++)
    {
      end_open (&ends[i]);
      end_say (&ends[i]);
    }
  settle ();
  for (guint i = 0; i < MANY; i++)
    {
      g_assert_cmpuint (ends[i].n_calls, ==, 1);
      if (i % 2 == 0)
        g_clear_pointer (&ends[i].watch, kith_watch_free);
      end_say (&ends[i]);
    }
  settle ();
  for (guint i = 0; i < MANY; i++)
    {
      n_calls += ends[i].n_calls;
      g_assert_cmpuint (ends[i].n_calls, ==, 1 + i % 2);
      end_close (&ends[i]);
    }
  g_assert_cmpuint (n_calls, ==, MANY + MANY / 2);
}

/* Nobody gets a second turn before all had their first, and a turn takes so many. */
static void
check_fair (guint n, guint at_once, gboolean bulk)
{
  g_autofree End *ends = g_new0 (End, n);

  for (guint i = 0; i < n; i++)
    {
      ends[i].leaves = TRUE;
      end_open (&ends[i]);
      kith_watch_set_bulk (ends[i].watch, bulk);
      end_say (&ends[i]);
    }

  for (guint turns = 1; turns < 3 * n; turns++)
    {
      guint least = G_MAXUINT, most = 0, sum = 0;

      turn ();
      for (guint i = 0; i < n; i++)
        {
          least = MIN (least, ends[i].n_calls);
          most = MAX (most, ends[i].n_calls);
          sum += ends[i].n_calls;
        }
      g_assert_cmpuint (most - least, <=, 1);
      g_assert_cmpuint (sum, ==, turns * at_once);
    }

  for (guint i = 0; i < n; i++)
    end_close (&ends[i]);
}

static void
test_fair (void)
{
  check_fair (MANY, AT_ONCE, FALSE);
  check_fair (10, 1, TRUE);
}

/* --- Lanes and turns ------------------------------------------------------------------------ */

static gboolean
redraw_cb (gpointer user_data)
{
  g_string_append_c (user_data, 'r');
  return G_SOURCE_REMOVE;
}

/* What is moved in bulk waits until the window was drawn, reading as well as what is raised. */
static void
test_lanes (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  End talk = { .log = log, .name = 't' }, bulk = { .log = log, .name = 'b' };

  end_open (&bulk);
  end_open (&talk);
  kith_watch_set_bulk (bulk.watch, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      g_idle_add_full (REDRAW_PRIORITY, redraw_cb, log, NULL);
      if (i == 0)
        {
          end_say (&bulk);
          end_say (&talk);
        }
      else
        {
          kith_watch_raise (bulk.watch, G_IO_OUT);
          kith_watch_raise (talk.watch, G_IO_OUT);
        }
      settle ();
      g_assert_cmpstr (log->str, ==, "trb");
      g_string_truncate (log, 0);
    }

  /* It takes along what it waits for and what is raised, there and back. */
  kith_watch_raise (bulk.watch, G_IO_OUT);
  kith_watch_raise (talk.watch, G_IO_OUT);
  kith_watch_set_bulk (bulk.watch, FALSE);
  kith_watch_set_bulk (talk.watch, TRUE);
  g_idle_add_full (REDRAW_PRIORITY, redraw_cb, log, NULL);
  settle ();
  g_assert_cmpstr (log->str, ==, "brt");
  g_string_truncate (log, 0);

  kith_watch_raise (talk.watch, G_IO_OUT);
  kith_watch_set_bulk (talk.watch, FALSE);
  kith_watch_set_bulk (talk.watch, TRUE);
  end_say (&talk);
  end_say (&bulk);
  settle ();
  g_assert_cmpuint (log->len, ==, 3);
  g_assert_cmpuint (talk.n_calls, ==, 5);
  end_close (&talk);
  end_close (&bulk);
}

/* What the sockets have raised is done when all that are ready had their say: in the same turn, and what that raises
 * as well, but not without end. */
static void
test_turn (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  End a = { .log = log, .name = 'a' }, b = { .log = log, .name = 'b' };
  End frames = { .log = log, .name = 'f' }, bytes = { .log = log, .name = 'w' };

  frames.watch = kith_watch_new (-1, end_cb, &frames);
  bytes.watch = kith_watch_new (-1, end_cb, &bytes);
  frames.raises = bytes.watch;
  bytes.raises = frames.watch;
  a.raises = b.raises = frames.watch;
  end_open (&a);
  end_open (&b);
  end_say (&a);
  end_say (&b);
  turn ();
  g_assert_cmpint (log->str[0] + log->str[1], ==, 'a' + 'b');
  g_assert_cmpstr (log->str + 2, ==, "fw");
  turn ();
  g_assert_cmpstr (log->str + 2, ==, "fwfw");

  g_assert_cmpuint (kith_watch_get_raised (frames.watch), ==, G_IO_OUT);
  kith_watch_free (frames.watch);
  frames.watch = NULL;
  settle ();
  g_assert_cmpstr (log->str + 2, ==, "fwfw");
  kith_watch_free (bytes.watch);
  end_close (&a);
  end_close (&b);
}

static void
nested_cb (GIOCondition ready, gpointer user_data)
{
  End *inner = user_data;

  wait_for (inner->n_calls == 2);
}

/* Whoever turns the loop from within is not left alone in it. */
static void
test_nested (void)
{
  End inner = { 0 };
  g_autoptr (KithWatch) outer = kith_watch_new (-1, nested_cb, &inner);

  end_open (&inner);
  end_say (&inner);
  kith_watch_raise (outer, G_IO_OUT);
  kith_watch_raise (inner.watch, G_IO_OUT);
  wait_for (inner.n_calls == 2);
  settle ();
  g_assert_cmpuint (inner.n_calls, ==, 2);
  end_close (&inner);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poller/reads-and-writes", test_reads_and_writes);
  g_test_add_func ("/poller/hangup", test_hangup);
  g_test_add_func ("/poller/free-other", test_free_other);
  g_test_add_func ("/poller/free-self", test_free_self);
  g_test_add_func ("/poller/same-fd", test_same_fd);
  g_test_add_func ("/poller/closed-fd", test_closed_fd);
  g_test_add_func ("/poller/many", test_many);
  g_test_add_func ("/poller/fair", test_fair);
  g_test_add_func ("/poller/lanes", test_lanes);
  g_test_add_func ("/poller/turn", test_turn);
  g_test_add_func ("/poller/nested", test_nested);
  return g_test_run ();
}
