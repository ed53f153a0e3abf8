/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that writes is killed at any moment: what it had acknowledged is there. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "kith-test-database.h"

#define ROUNDS 100
#define LONG_ROUNDS 200
#define MANY_MESSAGES 20000 /* in the file, then a new one is begun */
#define MAX_PROGRESS 40

/* Shared with the process that writes. */
typedef struct
{
  gint acknowledged;
  gint progress; /* transactions in this round */
} Shared;

/* What the killed one does. Never returns. */
static void G_GNUC_NORETURN
write_for_ever (KithTestDatabase *database, guint round, Shared *shared)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (kith_test_database_try_open (database) != SQLITE_OK)
    _exit (2);
  kith_test_exec (database->db, round % 2 == 0 ? "PRAGMA cache_size=10" : "PRAGMA cache_size=500");
  kith_test_exec (database->db, "PRAGMA wal_autocheckpoint=100");

  for (guint i = 1;; i++)
    {
      gint64 last = kith_test_add_messages (database->db, i % 11 == 0 ? 400 : 1 + i % 3);

      g_atomic_int_set (&shared->acknowledged, (gint) last);
      g_atomic_int_set (&shared->progress, (gint) i);
    }
}

/* Some way into a round; the scheduler adds the rest of the chance. */
static void
wait_for_progress (Shared *shared, pid_t child, gint progress, guint spins)
{
  while (g_atomic_int_get (&shared->progress) < progress)
    {
      int status;

      g_assert_cmpint (waitpid (child, &status, WNOHANG), ==, 0);
      g_thread_yield ();
    }
  while (spins-- > 0)
    g_atomic_int_get (&shared->progress);
}

static void
kill_one (KithTestDatabase *database, guint round, Shared *shared, GRand *rand)
{
  gint progress = g_rand_int_range (rand, 0, MAX_PROGRESS);
  int status;
  pid_t child;

  g_atomic_int_set (&shared->progress, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    write_for_ever (database, round, shared);

  wait_for_progress (shared, child, progress, (guint) g_rand_int_range (rand, 0, 1000000));
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
}

/* Returns: whether there was a log to recover */
static gboolean
check (KithTestDatabase *database, guint round, Shared *shared)
{
  g_autoptr (GByteArray) wal = kith_test_read_file (database->wal_path);
  g_autofree char *fault = NULL;

  kith_test_database_open (database);
  fault = kith_test_find_fault (database->db, g_atomic_int_get (&shared->acknowledged));
  g_assert_cmpstr (fault, ==, NULL);
  g_assert_false (kith_cipher_vfs_is_damaged (database->vfs));
  if (round % 3 == 0)
    kith_test_database_close (database);
  else
    kith_test_database_abandon (database);
  return wal != NULL && wal->len > 0;
}

static void
begin_anew (KithTestDatabase *database, Shared *shared)
{
  kith_test_write_file (database->path, NULL);
  kith_test_write_file (database->wal_path, NULL);
  g_atomic_int_set (&shared->acknowledged, 0);
  kith_test_database_open (database);
  kith_test_create_schema (database->db);
  kith_test_database_close (database);
}

static void
test_kill (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autoptr (KithTestDatabase) database = kith_test_database_new (folder, "killed.db", NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  Shared *shared = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                         -1, 0);
  guint rounds = kith_test_is_long () ? LONG_ROUNDS : ROUNDS;
  guint n_logs = 0;

  g_assert_true (shared != MAP_FAILED);
  begin_anew (database, shared);
  for (guint round = 0; round < rounds; round++)
    {
      kill_one (database, round, shared, rand);
      if (check (database, round, shared))
        n_logs++;
      if (g_atomic_int_get (&shared->acknowledged) > MANY_MESSAGES)
        begin_anew (database, shared);
    }
  g_assert_cmpuint (n_logs, >, rounds / 2);
  munmap (shared, sizeof *shared);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/kill/writer", test_kill);

  return g_test_run ();
}
