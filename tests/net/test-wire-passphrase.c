/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can reach me: silence for everybody else, the passphrase of strangers, and guessing it. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>
#include <sys/socket.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-wire.h"
#include "proto/kith-handshake-payload.h"
#include "proto/kith-join-passphrase.h"

#define PASSPHRASE "correct horse battery staple"
#define MINUTE_US (60 * G_USEC_PER_SEC)

/* A wire whose listener has a clock that is set by hand. */
typedef struct
{
  TestWire    wire;
  KithFakeEnv env;
  guint16     port;
} Door;

static void
door_init (Door *self, KithReach reach, const char *text)
{
  g_autoptr (KithSecret) passphrase = text != NULL ? kith_join_passphrase_new (text, NULL) : NULL;

  kith_fake_env_init (&self->env, 1, g_get_real_time () / G_USEC_PER_SEC);
  test_end_init (&self->wire.a, 10);
  test_end_init_with_env (&self->wire.b, 20, &self->env.env);
  kith_local_set_reach (self->wire.b.local, reach, passphrase);
  self->wire.listener = kith_listener_new (self->wire.b.local, test_end_take, &self->wire.b);
  g_assert_true (kith_listener_start (self->wire.listener, "127.0.0.1", 0, FALSE, NULL));
  self->port = kith_listener_get_port (self->wire.listener);
}

static void
door_clear (Door *self)
{
  test_wire_wait (kith_listener_get_half_open (self->wire.listener) == 0);
  test_wire_clear (&self->wire);
}

/* --- Dialling it ---------------------------------------------------------------------------- */

/* Dials with what is in @entry. Returns: the error, or -1 when the door has opened */
static int
dial (Door *door, KithEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = test_wire_dial_with (&door->wire.a, door->port, entry, &error);

  kith_entry_clear (entry);
  if (session == NULL)
    {
      g_assert_null (door->wire.b.session);
      return error->code;
    }

  test_wire_wait (door->wire.b.session != NULL);
  g_assert_cmpint (kith_session_get_mode (session), ==,
                   kith_session_get_mode (door->wire.b.session));
  g_assert_cmpmem (kith_session_get_hash (session), KITH_HASH_BYTES,
                   kith_session_get_hash (door->wire.b.session), KITH_HASH_BYTES);
  test_end_reset (&door->wire.b);
  return -1;
}

static int
dial_openly (Door *door)
{
  KithEntry entry = { .kind = KITH_ENTRY_OPEN };

  return dial (door, &entry);
}

static int
dial_with_passphrase (Door *door, const char *text)
{
  g_autoptr (KithSecret) passphrase = kith_join_passphrase_new (text, NULL);
  KithEntry entry;

  kith_entry_init_passphrase (&entry, passphrase);
  return dial (door, &entry);
}

static int
knock (Door *door)
{
  static const guint8 root[KITH_KEY_BYTES] = { 7 };
  KithEntry entry;

  kith_entry_init_invite (&entry, root);
  return dial (door, &entry);
}

/* --- By hand -------------------------------------------------------------------------------- */

static void
make_preamble (guint8 preamble[KITH_PREAMBLE_BYTES], guint8 mode)
{
  randombytes_buf (preamble, KITH_PREAMBLE_BYTES);
  memcpy (preamble, "KITH\x01", 5);
  preamble[5] = mode;
  preamble[6] = preamble[7] = 0;
  crypto_core_ristretto255_random (preamble + KITH_PREAMBLE_SHARE_AT);
}

/* Says what a scanner would. Returns: how many bytes came back */
static gsize
scan (Door *door, guint8 mode)
{
  int fd = test_wire_connect_by_hand (door->port);
  guint8 first[KITH_PREAMBLE_BYTES + 2 + KITH_MSG1_BYTES];
  guint8 key[KITH_MSG1_BYTES] = { 5 };
  gsize n;

  make_preamble (first, mode);
  first[KITH_PREAMBLE_BYTES] = 0;
  first[KITH_PREAMBLE_BYTES + 1] = KITH_MSG1_BYTES;
  crypto_scalarmult_base (first + KITH_PREAMBLE_BYTES + 2, key);
  test_wire_send_by_hand (fd, first, sizeof first);
  n = test_wire_read_to_end (fd);
  close (fd);
  return n;
}

/* Begins as one who has the passphrase. Returns: whether the reply came, and not the end */
static gboolean
begin (int fd)
{
  guint8 preamble[KITH_PREAMBLE_BYTES], reply[KITH_JOIN_REPLY_BYTES];
  gsize n = 0;

  make_preamble (preamble, KITH_MODE_PASSPHRASE);
  test_wire_send_by_hand (fd, preamble, sizeof preamble);
  while (n < sizeof reply)
    {
      gssize len = recv (fd, reply + n, sizeof reply - n, MSG_DONTWAIT);

      if (len == 0 || (len < 0 && errno == ECONNRESET))
        return FALSE;
      if (len > 0)
        n += (gsize) len;
      else
        g_main_context_iteration (NULL, FALSE);
    }

  return TRUE;
}

/* Goes on without it; there is no answer, ever. */
static void
guess (int fd)
{
  guint8 message[2 + KITH_MSG1_PSK_BYTES] = { 0, KITH_MSG1_PSK_BYTES };

  randombytes_buf (message + 2, KITH_MSG1_PSK_BYTES);
  test_wire_send_by_hand (fd, message, sizeof message);
  g_assert_cmpuint (test_wire_read_to_end (fd), ==, 0);
  close (fd);
}

/* --- Who gets in ---------------------------------------------------------------------------- */

static void
test_everyone (void)
{
  Door door;

  door_init (&door, KITH_REACH_EVERYONE, PASSPHRASE);
  g_assert_cmpint (dial_openly (&door), ==, -1);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, -1);
  g_assert_cmpint (dial_with_passphrase (&door, "something else"), ==, KITH_ERROR_NOT_ADMITTED);
  door_clear (&door);
}

static void
test_passphrase (void)
{
  Door door;

  door_init (&door, KITH_REACH_PASSPHRASE, PASSPHRASE);
  door.wire.b.knows = TRUE;
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, -1);
  g_assert_cmpint (dial_with_passphrase (&door, "Correct horse battery staple"), ==,
                   KITH_ERROR_NOT_ADMITTED);
  g_assert_cmpint (dial_openly (&door), ==, KITH_ERROR_PEER_CLOSED);
  g_assert_cmpint (knock (&door), ==, -1);
  g_assert_cmpuint (scan (&door, KITH_MODE_OPEN), ==, 0);
  door_clear (&door);
}

/* Attack 11: a scanner gets no byte, whatever it tries. */
static void
test_contacts (void)
{
  Door door;

  door_init (&door, KITH_REACH_CONTACTS, PASSPHRASE);
  for (guint8 mode = 0; mode < 4; mode++)
    g_assert_cmpuint (scan (&door, mode), ==, 0);
  g_assert_cmpint (dial_openly (&door), ==, KITH_ERROR_PEER_CLOSED);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, KITH_ERROR_NOT_ADMITTED);
  g_assert_cmpint (knock (&door), ==, KITH_ERROR_PEER_CLOSED);
  door.wire.b.knows = TRUE;
  g_assert_cmpint (knock (&door), ==, -1);
  door_clear (&door);
}

/* Without a passphrase of ours nobody gets in with one. */
static void
test_none (void)
{
  Door door;

  door_init (&door, KITH_REACH_EVERYONE, NULL);
  g_assert_cmpuint (scan (&door, KITH_MODE_PASSPHRASE), ==, 0);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, KITH_ERROR_NOT_ADMITTED);
  door_clear (&door);
}

/* A share that is no point gets no reply, and one that is gets nothing after it. */
static void
test_by_hand (void)
{
  Door door;
  guint8 preamble[KITH_PREAMBLE_BYTES];
  int fd;

  door_init (&door, KITH_REACH_PASSPHRASE, PASSPHRASE);
  for (guint i = 0; i < 2; i++)
    {
      make_preamble (preamble, KITH_MODE_PASSPHRASE);
      memset (preamble + KITH_PREAMBLE_SHARE_AT, i == 0 ? 0 : 0xff, KITH_CPACE_SHARE_BYTES);
      fd = test_wire_connect_by_hand (door.port);
      test_wire_send_by_hand (fd, preamble, sizeof preamble);
      g_assert_cmpuint (test_wire_read_to_end (fd), ==, 0);
      close (fd);
    }

  fd = test_wire_connect_by_hand (door.port);
  g_assert_true (begin (fd));
  guess (fd);
  door_clear (&door);
}

/* --- Guessing ------------------------------------------------------------------------------- */

/* Attack 14, one source: three, then a minute's rest. */
static void
test_one_source (void)
{
  Door door;

  door_init (&door, KITH_REACH_PASSPHRASE, PASSPHRASE);
  door.wire.b.knows = TRUE;
  for (guint i = 0; i < KITH_LIMIT_JOIN_FAILURES; i++)
    g_assert_cmpint (dial_with_passphrase (&door, "something else"), ==, KITH_ERROR_NOT_ADMITTED);

  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, KITH_ERROR_NOT_ADMITTED);
  g_assert_cmpuint (scan (&door, KITH_MODE_PASSPHRASE), ==, 0);
  g_assert_cmpint (knock (&door), ==, -1);
  kith_fake_env_advance (&door.env, MINUTE_US - 1);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, KITH_ERROR_NOT_ADMITTED);
  kith_fake_env_advance (&door.env, 1);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, -1);
  door_clear (&door);
}

/* Who begins several times at once has no more tries by that: the fourth is not looked at, or the
 * rest would be twice as long. */
static void
test_at_once (void)
{
  Door door;
  int fds[KITH_LIMIT_HALF_OPEN_PER_PREFIX];

  G_STATIC_ASSERT (G_N_ELEMENTS (fds) > KITH_LIMIT_JOIN_FAILURES);
  door_init (&door, KITH_REACH_PASSPHRASE, PASSPHRASE);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = test_wire_connect_by_hand (door.port);
      g_assert_true (begin (fds[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    guess (fds[i]);

  kith_fake_env_advance (&door.env, MINUTE_US);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, -1);
  door_clear (&door);
}

/* Attack 14, 200 sources: twenty guesses in all, and contacts come in all the same. */
static void
test_many_sources (void)
{
  Door door;
  guint n = 0;

  door_init (&door, KITH_REACH_PASSPHRASE, PASSPHRASE);
  door.wire.b.knows = TRUE;
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *address = g_strdup_printf ("127.0.1.%u", i + 1);
      int fd = test_wire_connect_from (address, door.port);

      if (begin (fd))
        {
          guess (fd);
          n++;
        }
      else
        close (fd);
    }

  g_assert_cmpuint (n, ==, KITH_LIMIT_JOIN_FAILURES_IN_ALL);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, KITH_ERROR_NOT_ADMITTED);
  g_assert_cmpint (knock (&door), ==, -1);
  kith_fake_env_advance (&door.env, MINUTE_US);
  g_assert_cmpint (dial_with_passphrase (&door, PASSPHRASE), ==, -1);
  door_clear (&door);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reach/everyone", test_everyone);
  g_test_add_func ("/reach/passphrase", test_passphrase);
  g_test_add_func ("/reach/contacts", test_contacts);
  g_test_add_func ("/reach/none", test_none);
  g_test_add_func ("/reach/by-hand", test_by_hand);
  g_test_add_func ("/reach/one-source", test_one_source);
  g_test_add_func ("/reach/at-once", test_at_once);
  g_test_add_func ("/reach/many-sources", test_many_sources);
  return g_test_run ();
}
