/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody on the way, floods, and rekeys under traffic: on real sockets. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-wire.h"
#include "net/kith-channel-private.h"
#include "net/kith-session-private.h"

static void
settle (void)
{
  for (guint idle = 0; idle < 20;)
    idle = g_main_context_iteration (NULL, FALSE) ? 0 : idle + 1;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static KithSession *
dial_many (TestEnd *end, const KithEndpoint *endpoints, guint n, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_dialer_dial_async (end->local, endpoints, n, NULL, NULL, NULL, result_cb, &result);
  test_wire_wait (result != NULL);
  return kith_dialer_dial_finish (result, error);
}

static gboolean
has_ipv6 (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);

  return socket != NULL && g_socket_bind (socket, address, TRUE, NULL);
}

/* --- Addresses ------------------------------------------------------------------------------ */

static void
listen_on (TestWire *wire, const char *address)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&wire->listener, kith_listener_free);
  wire->listener = kith_listener_new (wire->b.local, test_end_take, &wire->b);
  kith_listener_start (wire->listener, address, 0, FALSE, &error);
  g_assert_no_error (error);
}

static void
assert_reaches (TestWire *wire, const char *address, const char *seen)
{
  KithEndpoint endpoint, remote;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = NULL;
  g_autofree char *text = NULL;

  g_assert_true (kith_endpoint_parse (&endpoint, address, kith_listener_get_port (wire->listener)));
  session = dial_many (&wire->a, &endpoint, 1, &error);
  g_assert_no_error (error);
  test_wire_wait (wire->b.session != NULL);
  g_assert_true (kith_session_get_remote (wire->b.session, &remote));
  text = kith_endpoint_dup_address (&remote);
  g_assert_cmpstr (text, ==, seen);
  test_end_reset (&wire->b);
}

/* Both families reach [::]; over it an IPv4 address is seen as one, so that limits count it. */
static void
test_families (void)
{
  TestWire wire;

  test_wire_init (&wire);
  assert_reaches (&wire, "127.0.0.1", "127.0.0.1");
  if (has_ipv6 ())
    {
      listen_on (&wire, "::1");
      assert_reaches (&wire, "[::1]", "::1");
      listen_on (&wire, NULL);
      assert_reaches (&wire, "::1", "::1");
      assert_reaches (&wire, "127.0.0.1", "127.0.0.1");
    }
  else
    {
      listen_on (&wire, NULL);
      assert_reaches (&wire, "127.0.0.1", "127.0.0.1");
    }
  test_wire_clear (&wire);
}

/* Of several endpoints the first that answers wins; a dead one before it costs little. */
static void
test_several_endpoints (void)
{
  TestWire wire;
  KithEndpoint endpoints[3];
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = NULL;
  guint16 port;
  int fd;

  test_wire_init (&wire);
  port = kith_listener_get_port (wire.listener);
  fd = test_wire_connect_by_hand (port);
  kith_endpoint_parse (&endpoints[0], "127.0.0.9", 1); /* nobody */
  kith_endpoint_parse (&endpoints[1], "127.0.0.1", port);
  kith_endpoint_parse (&endpoints[2], "127.0.0.1", port);
  session = dial_many (&wire.a, endpoints, 3, &error);
  g_assert_no_error (error);
  g_assert_nonnull (session);
  g_clear_pointer (&session, kith_session_unref);
  g_assert_null (dial_many (&wire.a, endpoints, 1, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_REFUSED);
  close (fd);
  test_wire_clear (&wire);
}

/* Four from one address are enough, and those from another still come in (attack 13). */
static void
test_other_prefix (void)
{
  TestWire wire;
  int fds[8];

  if (!has_ipv6 ())
    {
      g_test_skip ("no IPv6");
      return;
    }

  test_wire_init (&wire);
  listen_on (&wire, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = test_wire_connect_by_hand (kith_listener_get_port (wire.listener));
  test_wire_wait (kith_listener_get_half_open (wire.listener) == KITH_LIMIT_HALF_OPEN_PER_PREFIX);
  settle ();
  g_assert_cmpuint (kith_listener_get_half_open (wire.listener), ==, KITH_LIMIT_HALF_OPEN_PER_PREFIX);
  assert_reaches (&wire, "::1", "::1");

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 0);
  assert_reaches (&wire, "127.0.0.1", "127.0.0.1");
  test_wire_clear (&wire);
}

/* A connected socket from an address of ours, so that it counts as somebody else's. */
static GSocket *
connect_from (const char *address, guint16 port)
{
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_true (g_socket_bind (socket, from, TRUE, NULL));
  g_assert_true (g_socket_connect (socket, to, NULL, NULL));
  return g_steal_pointer (&socket);
}

/* 500 half-open from 125 addresses: 64 at most, and somebody with fewer than the greedy ones still
 * gets through (attack 13). */
static void
test_half_open_flood (void)
{
  TestWire wire;
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);
  guint16 port;

  test_wire_init (&wire);
  port = kith_listener_get_port (wire.listener);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *address = g_strdup_printf ("127.0.%u.2", 1 + i % 125);

      g_ptr_array_add (sockets, connect_from (address, port));
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (kith_listener_get_half_open (wire.listener), <=, KITH_LIMIT_HALF_OPEN);
    }
  test_wire_wait (kith_listener_get_half_open (wire.listener) == KITH_LIMIT_HALF_OPEN);
  g_ptr_array_set_size (sockets, 0);
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 0);

  /* 16 addresses with four each: a newcomer takes the place of one of theirs. */
  for (guint i = 0; i < KITH_LIMIT_HALF_OPEN; i++)
    {
      g_autofree char *address = g_strdup_printf ("127.1.%u.2", i / KITH_LIMIT_HALF_OPEN_PER_PREFIX);

      g_ptr_array_add (sockets, connect_from (address, port));
      test_wire_wait (kith_listener_get_half_open (wire.listener) == i + 1);
    }
  assert_reaches (&wire, "127.0.0.1", "127.0.0.1");
  test_wire_clear (&wire);
}

/* --- Frames --------------------------------------------------------------------------------- */

static void
send_bytes (KithSession *session, const guint8 *bytes, gsize len)
{
  KithConnection *connection = session->channel->connection;

  memcpy (kith_connection_reserve (connection, len), bytes, len);
  kith_connection_commit (connection, len);
}

static void
connect_settled (TestWire *wire)
{
  test_wire_init (wire);
  test_wire_connect (wire);
  test_wire_wait (kith_session_get_n_rekeys (wire->b.session) == 1);
  settle ();
}

/* Lengths that no frame has end the session from their two bytes alone (attack 8). */
static void
test_frame_lengths (void)
{
  static const guint lengths[] = { 0, 1, 15, 16, 17, 255, 256, 271, 273, 527, 65534 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      TestWire wire;
      guint8 bytes[2] = { (guint8) (lengths[i] >> 8), (guint8) lengths[i] };

      connect_settled (&wire);
      send_bytes (wire.a.session, bytes, sizeof bytes);
      test_wire_wait (wire.b.closed != NULL);
      g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_GARBLED);
      test_wire_clear (&wire);
    }
}

/* The largest length is a fair one, so a peer may begin it: the buffer is bounded by it, and the
 * frame has its 30 s. */
static void
test_frame_never_complete (void)
{
  static guint8 bytes[60000] = { 0xff, 0xff };
  TestWire wire;

  connect_settled (&wire);
  kith_local_get_timeouts (wire.b.local)->frame_complete_ms = 50;
  send_bytes (wire.a.session, bytes, sizeof bytes);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_TIMEOUT);
  test_wire_clear (&wire);
}

/* The frame that a session would send next, or the @skip th after that, with one MSG in it. */
static gsize
make_frame (KithSession *session, const char *text, guint skip, guint8 out[300])
{
  KithNoiseCipher cipher = session->channel->sending;
  guint8 plaintext[256] = { 0 };
  gsize offset = 0, len = strlen (text);

  cipher.nonce += skip;
  kith_record_write (plaintext, sizeof plaintext, KITH_RECORD_MSG, 0, (const guint8 *) text, len, &offset);
  out[0] = 272 >> 8;
  out[1] = 272 & 0xff;
  g_assert_true (kith_noise_cipher_encrypt (&cipher, NULL, 0, plaintext, sizeof plaintext, out + 2));
  return 2 + 272;
}

/* The control: as it is made, it arrives. Each byte changed, it ends the session (attack 1). */
static void
test_frame_flips (void)
{
  for (gsize i = 0; i <= 274; i += i < 20 || i > 250 ? 1 : 7)
    {
      TestWire wire;
      guint8 frame[300];
      gsize len;

      connect_settled (&wire);
      len = make_frame (wire.a.session, "hello", 0, frame);
      if (i < len)
        frame[i] ^= 1;
      send_bytes (wire.a.session, frame, len);
      test_wire_wait (wire.b.closed != NULL || wire.b.n_records > 0);
      if (i < len)
        g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_GARBLED);
      else
        g_assert_cmpstr (wire.b.received->str, ==, "hello");
      g_assert_cmpuint (wire.b.n_records, ==, i < len ? 0 : 1);
      test_wire_clear (&wire);
    }
}

/* A frame that comes twice, too early, or back to its sender (attacks 2 and 3). */
static void
test_frame_order (void)
{
  for (guint i = 0; i < 3; i++)
    {
      TestWire wire;
      TestEnd *victim;
      guint8 frame[300];
      gsize len;

      connect_settled (&wire);
      victim = i < 2 ? &wire.b : &wire.a;
      len = make_frame (wire.a.session, "hello", i == 1 ? 1 : 0, frame);
      if (i == 0)
        send_bytes (wire.a.session, frame, len);
      send_bytes (victim == &wire.b ? wire.a.session : wire.b.session, frame, len);
      test_wire_wait (victim->closed != NULL);
      g_assert_error (victim->closed, KITH_ERROR, KITH_ERROR_GARBLED);
      g_assert_cmpuint (victim->n_records, ==, i == 0 ? 1 : 0);
      test_wire_clear (&wire);
    }
}

/* The stream ends in the middle of a frame: a lost connection, and nothing of it is shown
 * (attack 7). At a border of two frames it is no better. */
static void
test_cut_frame (void)
{
  static const gsize lengths[] = { 0, 1, 2, 3, 100, 273 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      TestWire wire;
      guint8 frame[300];

      connect_settled (&wire);
      make_frame (wire.a.session, "hello", 0, frame);
      send_bytes (wire.a.session, frame, lengths[i]);
      kith_connection_finish (wire.a.session->channel->connection);
      test_wire_wait (wire.b.closed != NULL);
      g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PEER_CLOSED);
      g_assert_cmpuint (wire.b.n_records, ==, 0);
      test_wire_clear (&wire);
    }
}

/* --- BYE ------------------------------------------------------------------------------------ */

static void
test_bye_reasons (void)
{
  static const struct
  {
    KithByeReason reason;
    KithError     error;
  } rows[] = {
    { KITH_BYE_SHUTDOWN, KITH_ERROR_SHUTDOWN }, { KITH_BYE_NOT_CONTACT, KITH_ERROR_NOT_CONTACT },
    { KITH_BYE_DUPLICATE, KITH_ERROR_DUPLICATE }, { KITH_BYE_PROTOCOL, KITH_ERROR_NOT_UNDERSTOOD },
    { KITH_BYE_TIMEOUT, KITH_ERROR_TIMEOUT }, { KITH_BYE_REKEY, KITH_ERROR_PROTOCOL },
    { KITH_BYE_BUSY, KITH_ERROR_BUSY }, { KITH_BYE_GARBLED, KITH_ERROR_GARBLED_THERE },
    { KITH_BYE_OTHER_DEVICE, KITH_ERROR_OTHER_DEVICE },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      TestWire wire;
      TestEnd *from, *to;

      test_wire_init (&wire);
      test_wire_connect (&wire);
      from = i % 2 == 0 ? &wire.a : &wire.b;
      to = i % 2 == 0 ? &wire.b : &wire.a;
      kith_session_close (from->session, rows[i / 2].reason);
      g_assert_false (kith_session_send_record (from->session, KITH_RECORD_MSG, (const guint8 *) "x", 1));
      test_wire_wait (from->closed != NULL && to->closed != NULL);
      g_assert_error (to->closed, KITH_ERROR, (int) rows[i / 2].error);
      g_assert_error (from->closed, KITH_ERROR, KITH_ERROR_CLOSED);
      test_wire_clear (&wire);
    }
}

/* --- Rekey ---------------------------------------------------------------------------------- */

#define N_MESSAGES 5000

static void
send_some (TestEnd *end, guint *n_sent)
{
  for (guint i = 0; i < 7 && *n_sent < N_MESSAGES; i++)
    {
      g_autofree char *text = g_strdup_printf ("%06u", *n_sent);

      if (!kith_session_send_record (end->session, KITH_RECORD_MSG, (const guint8 *) text, 6))
        return;
      (*n_sent)++;
    }
}

static void
assert_in_order (const GString *received)
{
  g_assert_cmpuint (received->len, ==, 6 * N_MESSAGES);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *text = g_strdup_printf ("%06u", i);

      g_assert_cmpint (memcmp (received->str + 6 * i, text, 6), ==, 0);
    }
}

/* Thousands of messages both ways while the keys change tens of times: none is lost or moved. */
static void
test_rekey_under_traffic (void)
{
  TestWire wire;
  guint n_a = 0, n_b = 0;
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.a.local)->rekey_frames = 40;
  kith_local_get_timeouts (wire.b.local)->rekey_frames = 40;
  test_wire_connect (&wire);
  while (wire.a.received->len < 6 * N_MESSAGES || wire.b.received->len < 6 * N_MESSAGES)
    {
      send_some (&wire.a, &n_a);
      send_some (&wire.b, &n_b);
      g_assert_no_error (wire.a.closed);
      g_assert_no_error (wire.b.closed);
      /* Busy connections are served after everything else: nothing new before that. */
      do
        test_net_step (deadline_us, "all messages", __LINE__);
      while (g_main_context_pending (NULL));
    }

  assert_in_order (wire.a.received);
  assert_in_order (wire.b.received);
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.a.session), >, 20);
  test_wire_clear (&wire);
}

static void
send_one (TestEnd *from, TestEnd *to)
{
  gsize before = to->received->len;

  g_assert_true (kith_session_send_record (from->session, KITH_RECORD_MSG, (const guint8 *) "x", 1));
  test_wire_wait (to->received->len == before + 1 || to->closed != NULL);
  settle ();
}

/* Keys that were used are renewed after their time; those that were not can wait. */
static void
test_rekey_by_time (void)
{
  KithFakeEnv env;
  TestWire wire;

  test_wire_init (&wire);
  test_end_clear (&wire.a);
  kith_fake_env_init (&env, 1, g_get_real_time () / G_USEC_PER_SEC);
  test_end_init_with_env (&wire.a, 10, &env.env);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);

  kith_fake_env_advance (&env, (KITH_LIMIT_REKEY_S + 1) * G_USEC_PER_SEC);
  kith_session_probe (wire.a.session); /* no traffic */
  settle ();
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.a.session), ==, 1);
  send_one (&wire.b, &wire.a);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 2);

  send_one (&wire.a, &wire.b);
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.a.session), ==, 2);
  kith_fake_env_advance (&env, (KITH_LIMIT_REKEY_S + 1) * G_USEC_PER_SEC);
  send_one (&wire.a, &wire.b);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 3);
  test_wire_clear (&wire);
}

/* A dialer that never renews: the listener ends it at twice the time of use, and not because the
 * session was idle before. */
static void
test_rekey_overdue (void)
{
  KithFakeEnv env;
  TestWire wire;

  test_wire_init (&wire);
  g_clear_pointer (&wire.listener, kith_listener_free);
  test_end_clear (&wire.b);
  kith_fake_env_init (&env, 1, g_get_real_time () / G_USEC_PER_SEC);
  test_end_init_with_env (&wire.b, 20, &env.env);
  wire.listener = kith_listener_new (wire.b.local, test_end_take, &wire.b);
  g_assert_true (kith_listener_start (wire.listener, "127.0.0.1", 0, FALSE, NULL));
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);

  kith_fake_env_advance (&env, (gint64) 100000 * G_USEC_PER_SEC);
  send_one (&wire.a, &wire.b);
  kith_fake_env_advance (&env, (KITH_LIMIT_REKEY_S - 1) * G_USEC_PER_SEC);
  send_one (&wire.a, &wire.b);
  g_assert_no_error (wire.b.closed);
  kith_fake_env_advance (&env, 2 * G_USEC_PER_SEC);
  send_one (&wire.a, &wire.b);
  test_wire_wait (wire.a.closed != NULL && wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_CLOSED);
  test_wire_clear (&wire);
}

/* --- Dropped -------------------------------------------------------------------------------- */

/* Whatever goes first, and whenever: nothing is left behind and nothing is touched after (ASan). */
static void
test_dropped_in_session (void)
{
  for (guint i = 0; i < 240; i++)
    {
      TestWire wire;
      const KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST };
      g_autoptr (KithSession) session = NULL;

      test_wire_init (&wire);
      session = test_wire_dial (&wire.a, kith_listener_get_port (wire.listener), NULL, NULL);
      test_end_take (session, &wire.a);
      kith_session_open (session, &open);
      for (guint k = 0; k < i / 6; k++)
        {
          kith_session_send_record (session, KITH_RECORD_MSG, (const guint8 *) "x", 1);
          g_main_context_iteration (NULL, FALSE);
        }

      switch (i % 6)
        {
        case 0:
          kith_session_abort (session);
          break;
        case 1:
          kith_session_close (session, KITH_BYE_SHUTDOWN);
          break;
        case 2:
          g_clear_pointer (&wire.listener, kith_listener_free);
          break;
        case 3:
          test_end_reset (&wire.b);
          break;
        case 4:
          kith_local_disconnect (wire.b.local);
          break;
        case 5:
          kith_session_set_reading (session, FALSE);
          if (wire.b.session != NULL)
            kith_session_close (wire.b.session, KITH_BYE_BUSY);
          break;
        default:
          g_assert_not_reached ();
        }
      if (i % 2 == 0)
        settle ();
      test_wire_clear (&wire);
    }
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attacks/families", test_families);
  g_test_add_func ("/attacks/several-endpoints", test_several_endpoints);
  g_test_add_func ("/attacks/other-prefix", test_other_prefix);
  g_test_add_func ("/attacks/half-open-flood", test_half_open_flood);
  g_test_add_func ("/attacks/frame-lengths", test_frame_lengths);
  g_test_add_func ("/attacks/frame-never-complete", test_frame_never_complete);
  g_test_add_func ("/attacks/frame-flips", test_frame_flips);
  g_test_add_func ("/attacks/frame-order", test_frame_order);
  g_test_add_func ("/attacks/cut-frame", test_cut_frame);
  g_test_add_func ("/attacks/bye-reasons", test_bye_reasons);
  g_test_add_func ("/attacks/rekey-under-traffic", test_rekey_under_traffic);
  g_test_add_func ("/attacks/rekey-by-time", test_rekey_by_time);
  g_test_add_func ("/attacks/rekey-overdue", test_rekey_overdue);
  g_test_add_func ("/attacks/dropped-in-session", test_dropped_in_session);
  return g_test_run ();
}
