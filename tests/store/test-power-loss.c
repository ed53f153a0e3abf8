/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power goes at every moment there is: what was acknowledged is there afterwards, nothing is
 * half there, and nothing is taken for damage. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "kith-test-database.h"
#include "kith-test-disk.h"

#define MESSAGES_BEFORE 200 /* more than the cache holds */
#define RANDOM_CUTS 300
#define CHAINS 12
#define CHAIN_LINKS 5
#define LONG_FACTOR 20

/* A database on a disk in memory. */
typedef struct
{
  KithTestDisk     *disk;
  KithTestDatabase *database;
} Machine;

static guint
times (guint n)
{
  return kith_test_is_long () ? n * LONG_FACTOR : n;
}

/* @disk: (transfer full) */
static void
machine_init (Machine *self, KithTestDisk *disk)
{
  self->disk = disk;
  self->database = kith_test_database_new (NULL, "db", kith_test_disk_get_name (disk));
}

static void
machine_clear (Machine *self)
{
  kith_test_database_abandon (self->database);
  g_clear_pointer (&self->database, kith_test_database_free);
  g_clear_pointer (&self->disk, kith_test_disk_free);
}

static void
add (Machine *self, guint n)
{
  kith_test_disk_mark (self->disk, kith_test_add_messages (self->database->db, n));
}

static void
exec (Machine *self, const char *sql)
{
  kith_test_exec (self->database->db, sql);
}

/* More than the cache holds, and then nothing of it: frames that belong to no transaction stay. */
static void
roll_back_much (Machine *self)
{
  exec (self, "BEGIN; UPDATE message SET time_ms = time_ms + 1; INSERT INTO message"
              " SELECT id + 100000, conversation, time_ms, text || text FROM message; ROLLBACK");
}

/* Spilled pages are written again, some of them after a savepoint. */
static void
change_much (Machine *self)
{
  exec (self, "BEGIN; UPDATE message SET time_ms = time_ms + 1; SAVEPOINT a;"
              "DELETE FROM message WHERE id % 3 = 0; ROLLBACK TO a;"
              "UPDATE message SET time_ms = time_ms + 1; COMMIT");
}

static void
start (Machine *self, int cache_pages)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA cache_size=%d", cache_pages);

  kith_test_database_open (self->database);
  kith_test_create_schema (self->database->db);
  exec (self, sql);
  add (self, MESSAGES_BEFORE);
}

/* Opens what is left after a cut. Returns: (transfer full) (nullable): what is wrong with it */
static char *
find_fault_on (KithTestDisk *disk, gint64 acknowledged)
{
  g_autoptr (KithTestDatabase) database =
    kith_test_database_new (NULL, "db", kith_test_disk_get_name (disk));
  int rc = kith_test_database_try_open (database);
  char *fault;

  if (rc != SQLITE_OK)
    return g_strdup_printf ("refused with %d%s%s", rc,
                            kith_cipher_vfs_is_damaged (database->vfs) ? ", as damaged" : "",
                            kith_cipher_vfs_is_wrong_key (database->vfs) ? ", wrong key" : "");

  fault = kith_test_find_fault (database->db, acknowledged);
  if (fault == NULL && kith_cipher_vfs_is_damaged (database->vfs))
    fault = g_strdup ("damage was seen");
  kith_test_database_abandon (database);
  return fault;
}

static void
assert_survives (Machine *self, guint n_ops, KithTestCut mode, GRand *rand)
{
  static const char *const names[] = { "all kept", "few lost", "half lost", "reordered" };
  g_autoptr (KithTestDisk) cut = kith_test_disk_cut (self->disk, n_ops, mode, rand);
  g_autofree char *fault = find_fault_on (cut, kith_test_disk_get_mark (self->disk, n_ops));

  if (fault != NULL)
    g_error ("Cut after %u of %u operations, %s: %s", n_ops, kith_test_disk_get_n_ops (self->disk),
             names[mode], fault);
}

static GRand *
rand_new (void)
{
  return g_rand_new_with_seed ((guint32) g_test_rand_int ());
}

static void
work_little (Machine *self)
{
  add (self, 1);
  add (self, 30);
  roll_back_much (self);
  add (self, 1);
  exec (self, "PRAGMA wal_checkpoint(PASSIVE)");
  add (self, 1);
  change_much (self);
  exec (self, "PRAGMA wal_checkpoint(RESTART)");
  add (self, 1);
  add (self, 1);
  exec (self, "PRAGMA wal_checkpoint(TRUNCATE)");
  add (self, 2);
}

static void
work_at_random (Machine *self, guint n, GRand *rand)
{
  static const char *const checkpoints[] = { "PRAGMA wal_checkpoint(PASSIVE)",
                                             "PRAGMA wal_checkpoint(RESTART)",
                                             "PRAGMA wal_checkpoint(TRUNCATE)" };

  for (guint i = 0; i < n; i++)
    switch (g_rand_int_range (rand, 0, 12))
      {
      case 0:
        add (self, (guint) g_rand_int_range (rand, 2, 120));
        break;
      case 1:
        roll_back_much (self);
        break;
      case 2:
        change_much (self);
        break;
      case 3:
        exec (self, checkpoints[g_rand_int_range (rand, 0, G_N_ELEMENTS (checkpoints))]);
        break;
      default:
        add (self, 1);
        break;
      }
}

static void
assert_all_survive (Machine *machine, guint first, GRand *rand)
{
  for (guint n_ops = first; n_ops <= kith_test_disk_get_n_ops (machine->disk); n_ops++)
    for (guint mode = 0; mode < KITH_TEST_CUT_N_MODES; mode++)
      for (guint i = 0; i < (mode == KITH_TEST_CUT_KEEP_ALL ? 1 : times (2)); i++)
        assert_survives (machine, n_ops, mode, rand);
}

static void
test_every_moment (void)
{
  g_autoptr (GRand) rand = rand_new ();
  Machine machine;
  guint first;

  machine_init (&machine, kith_test_disk_new ());
  start (&machine, 10);
  first = kith_test_disk_get_n_ops (machine.disk);
  work_little (&machine);
  assert_all_survive (&machine, first, rand);
  g_test_message ("%u moments", kith_test_disk_get_n_ops (machine.disk) - first + 1);
  machine_clear (&machine);
}

static void
test_random_moments (void)
{
  g_autoptr (GRand) rand = rand_new ();
  Machine machine;
  guint first;

  machine_init (&machine, kith_test_disk_new ());
  start (&machine, 20);
  first = kith_test_disk_get_n_ops (machine.disk);
  exec (&machine, "PRAGMA wal_autocheckpoint=200");
  work_at_random (&machine, 120, rand);
  for (guint i = 0; i < times (RANDOM_CUTS); i++)
    {
      guint n_ops = kith_test_disk_get_n_ops (machine.disk);

      n_ops = (guint) g_rand_int_range (rand, (gint32) first, (gint32) n_ops + 1);
      assert_survives (&machine, n_ops, i % KITH_TEST_CUT_N_MODES, rand);
    }
  machine_clear (&machine);
}

/* Works on, and the power goes. @machine goes on with what is left. */
static void
work_and_cut (Machine *machine, GRand *rand)
{
  guint mode = (guint) g_rand_int_range (rand, 0, KITH_TEST_CUT_N_MODES);
  KithTestDisk *cut;
  gint64 acknowledged;
  guint n_ops;

  work_at_random (machine, (guint) g_rand_int_range (rand, 1, 12), rand);
  n_ops = (guint) g_rand_int_range (rand, 0, (gint32) kith_test_disk_get_n_ops (machine->disk) + 1);
  assert_survives (machine, n_ops, mode, rand);

  cut = kith_test_disk_cut (machine->disk, n_ops, mode, rand);
  acknowledged = kith_test_disk_get_mark (machine->disk, n_ops);
  machine_clear (machine);
  machine_init (machine, cut);
  kith_test_disk_mark (cut, acknowledged);
  kith_test_database_open (machine->database);
  g_assert_cmpint (kith_test_count (machine->database->db), >=, acknowledged);
  exec (machine, "PRAGMA cache_size=10");
}

/* A machine whose power went with a log that was not empty. Its disk has seen no operation yet. */
static void
init_after_cut (Machine *machine)
{
  Machine before;

  machine_init (&before, kith_test_disk_new ());
  start (&before, 10);
  exec (&before, "PRAGMA wal_checkpoint(TRUNCATE)");
  roll_back_much (&before);
  add (&before, 10);
  change_much (&before);
  machine_init (machine, kith_test_disk_copy (before.disk));
  machine_clear (&before);
}

static void
test_while_opening (void)
{
  g_autoptr (GRand) rand = rand_new ();
  Machine machine;

  init_after_cut (&machine);
  kith_test_disk_mark (machine.disk, MESSAGES_BEFORE + 10);
  kith_test_database_open (machine.database);
  assert_all_survive (&machine, 0, rand);
  machine_clear (&machine);
}

/* The last connection copies the log into the database and deletes it. */
static void
test_while_closing (void)
{
  g_autoptr (GRand) rand = rand_new ();
  Machine machine;

  init_after_cut (&machine);
  kith_test_disk_mark (machine.disk, MESSAGES_BEFORE + 10);
  kith_test_database_open (machine.database);
  add (&machine, 1);
  kith_test_database_close (machine.database);
  g_assert_null (machine.disk->files[KITH_TEST_DISK_WAL]);
  assert_all_survive (&machine, 0, rand);
  machine_clear (&machine);
}

/* Several openings in a row, none of them closed: frames of all of them lie behind each other. */
static void
test_again_and_again (void)
{
  g_autoptr (GRand) rand = rand_new ();

  for (guint chain = 0; chain < times (CHAINS); chain++)
    {
      Machine machine;

      init_after_cut (&machine);
      kith_test_disk_mark (machine.disk, MESSAGES_BEFORE + 10);
      kith_test_database_open (machine.database);
      for (guint link = 0; link < CHAIN_LINKS; link++)
        work_and_cut (&machine, rand);
      machine_clear (&machine);
    }
}

/* What storage.md counts on, as it is in force: the machines above are opened as the store's own is. */
static void
test_opening (void)
{
  static const struct
  {
    const char *sql;
    gint64      value;
  } promises[] = {
    { "PRAGMA synchronous", 2 },  { "PRAGMA secure_delete", 1 },   { "PRAGMA temp_store", 2 },
    { "PRAGMA foreign_keys", 1 }, { "PRAGMA trusted_schema", 0 },  { "PRAGMA cell_size_check", 1 },
    { "SELECT locking_mode = 'exclusive' FROM pragma_locking_mode", 1 },
    { "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
  };
  Machine machine;

  machine_init (&machine, kith_test_disk_new ());
  kith_test_database_open (machine.database);
  for (gsize i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      g_test_message ("%s", promises[i].sql);
      g_assert_cmpint (kith_test_get_int (machine.database->db, promises[i].sql), ==, promises[i].value);
    }
  machine_clear (&machine);
}

/* --- Leftovers ------------------------------------------------------------------------------ */

/* The power goes while a transaction is written over frames that were left there: its first frame
 * is torn, the second is still the old one, and the third is written. */
static KithTestDisk *
tear_next_transaction (Machine *machine)
{
  guint before = kith_test_disk_get_n_ops (machine->disk);
  KithTestDisk *cut = kith_test_disk_cut (machine->disk, before, KITH_TEST_CUT_KEEP_ALL, NULL);

  add (machine, 1);
  for (guint i = 0; i < 3; i++)
    {
      const KithTestDiskOp *op = &g_array_index (machine->disk->ops, KithTestDiskOp, before + i);
      gsize len;
      const guint8 *data;

      g_assert_cmpint (op->kind, ==, KITH_TEST_DISK_OP_WRITE);
      g_assert_cmpint (op->file, ==, KITH_TEST_DISK_WAL);
      data = g_bytes_get_data (op->data, &len);
      g_assert_cmpint (cut->files[KITH_TEST_DISK_WAL]->len, >=, op->offset + (gint64) len);
      if (i != 1)
        kith_test_file_write (&cut->files[KITH_TEST_DISK_WAL], op->offset, data,
                              i == 0 ? len / 2 : len);
    }
  return cut;
}

static void
assert_tear_survived (Machine *machine, gint64 acknowledged)
{
  g_autoptr (KithTestDisk) cut = tear_next_transaction (machine);
  g_autofree char *fault = find_fault_on (cut, acknowledged);

  g_assert_cmpstr (fault, ==, NULL);
}

/* What was rolled back lies behind the end of the log, and has been synced with what came next. */
static void
test_rolled_back_leftovers (void)
{
  Machine machine;

  machine_init (&machine, kith_test_disk_new ());
  start (&machine, 10);
  exec (&machine, "PRAGMA wal_checkpoint(TRUNCATE)");
  add (&machine, 1);
  roll_back_much (&machine);
  add (&machine, 1);
  assert_tear_survived (&machine, MESSAGES_BEFORE + 2);
  machine_clear (&machine);
}

/* What lies behind the end is from an opening that had synced much more often. */
static void
test_leftovers_of_another_opening (void)
{
  Machine machine;
  KithTestDisk *cut;

  machine_init (&machine, kith_test_disk_new ());
  start (&machine, 10);
  exec (&machine, "PRAGMA wal_checkpoint(TRUNCATE)");
  for (guint i = 0; i < 10; i++)
    add (&machine, 1);
  roll_back_much (&machine);
  cut = kith_test_disk_cut (machine.disk, kith_test_disk_get_n_ops (machine.disk),
                            KITH_TEST_CUT_KEEP_ALL, NULL);
  machine_clear (&machine);

  machine_init (&machine, cut);
  kith_test_database_open (machine.database);
  assert_tear_survived (&machine, MESSAGES_BEFORE + 10);
  machine_clear (&machine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/power-loss/opening", test_opening);
  g_test_add_func ("/power-loss/every-moment", test_every_moment);
  g_test_add_func ("/power-loss/random-moments", test_random_moments);
  g_test_add_func ("/power-loss/while-opening", test_while_opening);
  g_test_add_func ("/power-loss/while-closing", test_while_closing);
  g_test_add_func ("/power-loss/again-and-again", test_again_and_again);

  g_test_add_func ("/power-loss/leftovers/rolled-back", test_rolled_back_leftovers);
  g_test_add_func ("/power-loss/leftovers/another-opening", test_leftovers_of_another_opening);

  return g_test_run ();
}
