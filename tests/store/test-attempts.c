/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pause after wrong passphrases: it lasts a minute of real time, whatever the clock says, and whether or
 * not it can be written down. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "store/kith-attempts.h"

#define UNIX_S 1800000000

typedef struct
{
  char            *folder; /* (owned) */
  char            *path;   /* (owned) */
  KithAttempts    *attempts;
  KithAttemptsTime now;
} Fixture;

static void
set_up (Fixture *self, gconstpointer file)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, file, NULL);
  self->attempts = kith_attempts_new (self->path);
  self->now = (KithAttemptsTime){ UNIX_S, 1000 };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_attempts_unref (self->attempts);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

static void
pass (Fixture *self, gint64 s)
{
  self->now.unix_s += s;
  self->now.running_s += s;
}

/* The clock of the other process that comes may be another one as well. */
static void
restart (Fixture *self)
{
  kith_attempts_unref (self->attempts);
  self->attempts = kith_attempts_new (self->path);
  self->now.running_s = 5;
}

static void
begin_pause (Fixture *self)
{
  g_assert_cmpuint (kith_attempts_get_tries_left (self->attempts, &self->now), ==, 3);
  g_assert_cmpuint (kith_attempts_add_wrong (self->attempts, &self->now), ==, 2);
  g_assert_cmpuint (kith_attempts_get_tries_left (self->attempts, &self->now), ==, 2);
  g_assert_cmpuint (kith_attempts_get_pause_s (self->attempts, &self->now), ==, 0);
  g_assert_cmpuint (kith_attempts_add_wrong (self->attempts, &self->now), ==, 1);
  g_assert_cmpuint (kith_attempts_add_wrong (self->attempts, &self->now), ==, 0);
}

static void
assert_pause (Fixture *self, guint s)
{
  g_assert_cmpuint (kith_attempts_get_pause_s (self->attempts, &self->now), ==, s);
}

static void
test_pause (Fixture *self, gconstpointer data)
{
  begin_pause (self);
  assert_pause (self, 60);
  pass (self, 59);
  assert_pause (self, 1);
  pass (self, 1);
  assert_pause (self, 0);
  g_assert_cmpuint (kith_attempts_get_tries_left (self->attempts, &self->now), ==, 3);
  begin_pause (self);
  kith_attempts_clear (self->attempts);
  assert_pause (self, 0);
}

/* Also where nothing can be written. */
static void
test_clock_is_set (Fixture *self, gconstpointer data)
{
  begin_pause (self);
  self->now.unix_s -= 2;
  assert_pause (self, 60);
  self->now.unix_s -= 1000000;
  assert_pause (self, 60);
  self->now.unix_s += 9000000;
  assert_pause (self, 60);
  pass (self, 30);
  assert_pause (self, 30);
  pass (self, 30);
  assert_pause (self, 0);
}

static void
test_restart (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (kith_attempts_add_wrong (self->attempts, &self->now), ==, 2);
  restart (self);
  g_assert_cmpuint (kith_attempts_get_tries_left (self->attempts, &self->now), ==, 2);
  kith_attempts_clear (self->attempts);
  restart (self);
  begin_pause (self);
  pass (self, 20);
  restart (self);
  assert_pause (self, 40);
  pass (self, 40);
  assert_pause (self, 0);
}

/* A clock that went back in between: a whole pause once more, and not at each start. */
static void
test_clock_is_set_back_before_a_restart (Fixture *self, gconstpointer data)
{
  begin_pause (self);
  self->now.unix_s -= 1000;
  restart (self);
  assert_pause (self, 60);
  pass (self, 50);
  restart (self);
  assert_pause (self, 10);
  pass (self, 10);
  assert_pause (self, 0);
  restart (self);
  assert_pause (self, 0);
}

static void
test_any_file (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint       pause_s;
  } cases[] = {
    { "", 0 }, { "what", 0 }, { "1 9223372036854775807", 60 }, { "1 -9223372036854775808", 0 },
    { "4294967295 0", 0 }, { "0 99999999999999999999999999", 60 }, { "0 1800000010", 10 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (g_file_set_contents (self->path, cases[i].text, -1, NULL));
      restart (self);
      assert_pause (self, cases[i].pause_s);
      g_assert_cmpuint (kith_attempts_get_tries_left (self->attempts, &self->now), >, 0);
    }
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, file, test) g_test_add ("/attempts/" name, Fixture, file, set_up, test, tear_down)
  ADD ("pause", "attempts", test_pause);
  ADD ("pause/full-disk", "not-there/attempts", test_pause);
  ADD ("clock-is-set", "attempts", test_clock_is_set);
  ADD ("clock-is-set/full-disk", "not-there/attempts", test_clock_is_set);
  ADD ("restart", "attempts", test_restart);
  ADD ("clock-is-set-back-before-a-restart", "attempts", test_clock_is_set_back_before_a_restart);
  ADD ("any-file", "attempts", test_any_file);
#undef ADD
  return g_test_run ();
}
