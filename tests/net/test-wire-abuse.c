/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer that is authentic and means ill: it may end its own session, and nothing else. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-wire.h"
#include "net/kith-channel-private.h"
#include "net/kith-session-private.h"

/* Lets the loop run until nothing is left to do for now. */
static void
settle (void)
{
  for (guint idle = 0; idle < 20;)
    idle = g_main_context_iteration (NULL, FALSE) ? 0 : idle + 1;
}

/* Sends one record in a frame of its own, past all that a session knows. */
static void
send_raw (KithSession *session, KithRecordType type, const guint8 *body, gsize len)
{
  gsize room, offset = 0;
  guint8 *frame = kith_channel_begin_frame (session->channel, KITH_RECORD_HEADER_BYTES + len, &room);
  gsize written = kith_record_write (frame, room, (guint8) type, 0, body, len, &offset);

  g_assert_true (kith_channel_end_frame (session->channel, written));
}

/* The listener's limit is reached before the dialer's: it asks once, not at every frame. */
static void
test_asks_once (void)
{
  TestWire wire;
  guint64 nonce;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.b.local)->rekey_frames = 200;
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  settle ();

  /* The dialer does not read, so that the question stays without an answer. */
  kith_session_set_reading (wire.a.session, FALSE);
  nonce = wire.b.session->channel->sending.nonce;
  for (guint i = 0; i < 220; i++)
    {
      kith_session_queue (wire.a.session, KITH_RECORD_MSG, (const guint8 *) "x", 1);
      test_wire_wait (wire.b.received->len == i + 1);
    }
  settle ();
  g_assert_cmpuint (wire.b.session->channel->sending.nonce, ==, nonce + 1);

  kith_session_set_reading (wire.a.session, TRUE);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 2);
  g_assert_null (wire.b.closed);
  test_wire_clear (&wire);
}

/* REKEY1 with a root that the listener lacks and, in one frame with it, one that it can answer:
 * whatever it makes of it, it never sends under a key that is not there. */
static void
test_two_rekeys_at_once (void)
{
  static const guint8 no_key[KITH_KEY_BYTES];
  TestWire wire;
  KithRekey1 rekey1 = { .n = 2 };
  guint8 unknown[KITH_REKEY1_BYTES];

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  settle ();

  kith_session_set_reading (wire.a.session, FALSE);
  memset (rekey1.root_id, 0xee, sizeof rekey1.root_id);
  kith_rekey1_encode (&rekey1, unknown);
  kith_session_queue (wire.a.session, KITH_RECORD_REKEY1, unknown, sizeof unknown);
  kith_session_rekey_start (wire.a.session, FALSE);
  settle ();
  if (wire.b.closed == NULL)
    g_assert_cmpint (memcmp (wire.b.session->channel->sending.key, no_key, sizeof no_key), !=, 0);
  else
    g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PROTOCOL);
  test_wire_clear (&wire);
}

static void
no_flush_cb (GIOCondition ready, gpointer user_data)
{
}

/* REKEY3 before REKEY2 has left: the listener must not believe that the keys are new. */
static void
test_rekey3_too_early (void)
{
  TestWire wire;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  kith_watch_free (wire.b.session->flusher);
  wire.b.session->flusher = kith_watch_new (-1, no_flush_cb, NULL); /* REKEY2 does not leave */
  kith_session_rekey_start (wire.a.session, FALSE);
  test_wire_wait (wire.a.session->out.length == 0);
  send_raw (wire.a.session, KITH_RECORD_REKEY3, NULL, 0);
  test_wire_wait (wire.b.closed != NULL || kith_session_get_n_rekeys (wire.b.session) == 2);
  g_assert_nonnull (wire.b.closed);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PROTOCOL);
  test_wire_clear (&wire);
}

/* A listener that has not even the empty root lies, and would keep the dialer busy for ever. */
static void
test_no_root_at_all (void)
{
  static const guint8 no_root[] = { KITH_REKEY_NO_ROOT };
  TestWire wire;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.a.session) == 1
                  && kith_session_get_n_rekeys (wire.b.session) == 1);
  kith_session_set_reading (wire.b.session, FALSE);
  kith_session_rekey_start (wire.a.session, FALSE);
  kith_session_queue (wire.b.session, KITH_RECORD_REKEY2, no_root, sizeof no_root);
  test_wire_wait (wire.a.closed != NULL);
  g_assert_error (wire.a.closed, KITH_ERROR, KITH_ERROR_PROTOCOL);
  test_wire_clear (&wire);
}

/* Asked for roots that it lacks, again and again, the listener does not collect answers. */
static void
test_unknown_roots (void)
{
  TestWire wire;
  KithRekey1 rekey1 = { .n = 2 };
  guint8 body[KITH_REKEY1_BYTES];

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  memset (rekey1.root_id, 0xee, sizeof rekey1.root_id);
  kith_rekey1_encode (&rekey1, body);
  settle ();
  kith_session_set_reading (wire.a.session, FALSE);
  for (guint i = 0; i < 100; i++)
    kith_session_queue (wire.a.session, KITH_RECORD_REKEY1, body, sizeof body);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PROTOCOL);
  test_wire_clear (&wire);
}

/* While our own side is behind and does not read, silence is no sign of death. */
static void
test_paused_is_not_dead (void)
{
  TestWire wire;
  KithTimeouts *timeouts;
  gint64 until_us;

  test_wire_init (&wire);
  timeouts = kith_local_get_timeouts (wire.b.local);
  timeouts->keepalive_ms = 50;
  timeouts->keepalive_jitter_ms = 2;
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  kith_session_set_reading (wire.b.session, FALSE);
  until_us = g_get_monotonic_time () + 1000 * 1000;
  test_wire_wait (g_get_monotonic_time () > until_us || wire.b.closed != NULL);
  g_assert_no_error (wire.b.closed);

  kith_session_set_reading (wire.b.session, TRUE);
  g_assert_true (kith_session_send_record (wire.a.session, KITH_RECORD_MSG, (const guint8 *) "x", 1));
  test_wire_wait (wire.b.received->len == 1);
  test_wire_clear (&wire);
}

/* A peer that answers nothing any more is dead after three pings. */
static void
test_silent_peer (void)
{
  TestWire wire;
  KithTimeouts *timeouts;

  test_wire_init (&wire);
  timeouts = kith_local_get_timeouts (wire.b.local);
  timeouts->keepalive_ms = 20;
  timeouts->keepalive_jitter_ms = 5;
  test_wire_connect (&wire);
  kith_session_set_reading (wire.a.session, FALSE);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PEER_CLOSED);
  test_wire_clear (&wire);
}

/* The pair root is derived once; a second time there is nothing to derive it from. */
static void
test_pair_root_once (void)
{
  TestWire wire;
  guint8 r[KITH_PAIR_BYTES] = { 1 }, s[KITH_PAIR_BYTES] = { 2 };
  g_autoptr (KithSecret) mine = NULL;
  g_autoptr (KithSecret) theirs = NULL;
  g_autoptr (KithSecret) again = NULL;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  mine = kith_session_derive_pair_root (wire.a.session, r, s);
  theirs = kith_session_derive_pair_root (wire.b.session, s, r);
  g_assert_true (kith_secret_equal (mine, theirs));
  again = kith_session_derive_pair_root (wire.a.session, r, s);
  g_assert_null (again);
  test_wire_clear (&wire);
}

/* Paused in the middle of a frame: the clock of the frame does not run on. */
static void
test_paused_in_a_frame (void)
{
  TestWire wire;
  guint8 *half;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.b.local)->frame_complete_ms = 30;
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  settle ();

  half = kith_connection_reserve (wire.a.session->channel->connection, 100);
  memset (half, 1, 100);
  half[0] = 272 >> 8;
  half[1] = 272 & 0xff;
  kith_connection_commit (wire.a.session->channel->connection, 100);
  test_wire_wait (wire.b.session->channel->timeout != NULL);
  kith_session_set_reading (wire.b.session, FALSE);
  g_assert_null (wire.b.session->channel->timeout);

  /* Read on, and the rest does not come: now it does. */
  kith_session_set_reading (wire.b.session, TRUE);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_TIMEOUT);
  test_wire_clear (&wire);
}

/* The whole handshake has 15 s from the accept, not from msg1. */
static void
test_handshake_in_all (void)
{
  KithFakeEnv env;
  TestWire wire;
  TestEnd late;
  guint8 first[KITH_PREAMBLE_BYTES + 2 + KITH_MSG1_BYTES] = "KITH\x01";
  guint8 e[32] = { 5 };
  int fd;
  gint64 started_us = g_get_monotonic_time ();

  test_wire_init (&wire);
  kith_fake_env_init (&env, 1, g_get_real_time () / G_USEC_PER_SEC);
  test_end_init_with_env (&late, 40, &env.env);
  kith_local_get_timeouts (late.local)->handshake_ms = 25000;
  g_clear_pointer (&wire.listener, kith_listener_free);
  wire.listener = kith_listener_new (late.local, test_end_take, &late);
  g_assert_true (kith_listener_start (wire.listener, "127.0.0.1", 0, FALSE, NULL));

  fd = test_wire_connect_by_hand (kith_listener_get_port (wire.listener));
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 1);
  kith_fake_env_advance (&env, 24990 * 1000);
  first[KITH_PREAMBLE_BYTES + 1] = KITH_MSG1_BYTES;
  kith_device_key_get_public (e, first + KITH_PREAMBLE_BYTES + 2);
  test_wire_send_by_hand (fd, first, sizeof first);
  g_assert_cmpuint (test_wire_read_to_end (fd), ==, 2 + KITH_MSG2_BYTES);
  g_assert_cmpint (g_get_monotonic_time () - started_us, <, 20 * G_USEC_PER_SEC);
  close (fd);

  g_clear_pointer (&wire.listener, kith_listener_free);
  test_end_clear (&late);
  test_wire_clear (&wire);
}

static gboolean
redraw_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

/* Messages at full speed: what has the priority of a redraw has its turn all the same. */
static void
test_window_lives (void)
{
  TestWire wire;
  g_autofree char *body = g_strnfill (16000, 'x');
  g_autoptr (GSource) redraw = g_timeout_source_new (1);
  guint n_redraws = 0;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  settle ();
  g_source_set_priority (redraw, 120);
  g_source_set_callback (redraw, redraw_cb, &n_redraws, NULL);
  g_source_attach (redraw, NULL);

  for (guint i = 0; i < 4000; i++)
    {
      test_wire_wait (kith_session_send_record (wire.a.session, KITH_RECORD_MSG, (const guint8 *) body, 16000));
      if (i == 3000)
        n_redraws = 0;
    }

  g_assert_cmpuint (n_redraws, >, 10);
  g_source_destroy (redraw);
  test_wire_wait (wire.b.received->len == 4000 * 16000);
  test_wire_clear (&wire);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/abuse/asks-once", test_asks_once);
  g_test_add_func ("/abuse/two-rekeys-at-once", test_two_rekeys_at_once);
  g_test_add_func ("/abuse/rekey3-too-early", test_rekey3_too_early);
  g_test_add_func ("/abuse/no-root-at-all", test_no_root_at_all);
  g_test_add_func ("/abuse/unknown-roots", test_unknown_roots);
  g_test_add_func ("/abuse/paused-is-not-dead", test_paused_is_not_dead);
  g_test_add_func ("/abuse/silent-peer", test_silent_peer);
  g_test_add_func ("/abuse/pair-root-once", test_pair_root_once);
  g_test_add_func ("/abuse/paused-in-a-frame", test_paused_in_a_frame);
  g_test_add_func ("/abuse/handshake-in-all", test_handshake_in_all);
  g_test_add_func ("/abuse/window-lives", test_window_lives);
  return g_test_run ();
}
