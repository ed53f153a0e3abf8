/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions on real sockets: handshakes that go wrong in every way, and what may not be said when. */
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
#include "net/kith-session-private.h"
#include "proto/kith-handshake-payload.h"

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
test_session (void)
{
  TestWire wire;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  g_assert_cmpmem (kith_session_get_identity (wire.a.session), 32, kith_local_get_identity (wire.b.local), 32);
  g_assert_cmpmem (kith_session_get_identity (wire.b.session), 32, kith_local_get_identity (wire.a.local), 32);
  test_wire_wait (kith_session_get_n_rekeys (wire.a.session) == 1 && kith_session_get_n_rekeys (wire.b.session) == 1);
  g_assert_cmpmem (kith_channel_get_exporter (wire.a.session->channel), 32,
                   kith_channel_get_exporter (wire.b.session->channel), 32);
  g_assert_true (kith_session_send_record (wire.a.session, KITH_RECORD_MSG, (const guint8 *) "hi", 2));
  test_wire_wait (wire.b.received->len == 2);
  kith_session_close (wire.a.session, KITH_BYE_SHUTDOWN);
  test_wire_wait (wire.a.closed != NULL && wire.b.closed != NULL);
  g_assert_error (wire.a.closed, KITH_ERROR, KITH_ERROR_CLOSED);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_SHUTDOWN);
  test_wire_clear (&wire);
}

/* The one we want is expected; somebody else answers: msg3 is never sent (attack 10). */
static void
test_wrong_identity (void)
{
  TestWire wire;
  guint8 expected[32];
  g_autoptr (GError) error = NULL;

  test_wire_init (&wire);
  memset (expected, 1, sizeof expected);
  g_assert_null (test_wire_dial (&wire.a, kith_listener_get_port (wire.listener), expected, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_WRONG_IDENTITY);
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 0);
  g_assert_null (wire.b.session);
  test_wire_clear (&wire);
}

static void
test_self (void)
{
  TestWire wire;
  g_autoptr (GError) error = NULL;

  test_wire_init (&wire);
  g_assert_null (test_wire_dial (&wire.b, kith_listener_get_port (wire.listener), NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_SELF);
  test_wire_clear (&wire);
}

/* --- By hand, on a blocking socket ---------------------------------------------------------- */

static gsize
say (guint16 port, const guint8 *bytes, gsize len)
{
  int fd = test_wire_connect_by_hand (port);
  gsize n;

  test_wire_send_by_hand (fd, bytes, len);
  n = test_wire_read_to_end (fd);
  close (fd);
  return n;
}

/* Whatever is wrong with the beginning, the listener says nothing and closes (attacks 1, 8, 9, 11). */
static void
test_silence (void)
{
  TestWire wire;
  guint8 bytes[200];
  guint16 port;

  test_wire_init (&wire);
  port = kith_listener_get_port (wire.listener);
  kith_local_get_timeouts (wire.b.local)->first_message_ms = 50;

  for (guint i = 0; i < 7; i++)
    {
      randombytes_buf (bytes, sizeof bytes);
      memcpy (bytes, "KITH\x01\x00\x00\x00", 8);
      bytes[64] = 0;
      bytes[65] = 32;
      if (i == 0)
        bytes[0] = 'G'; /* not Kith */
      if (i == 1)
        bytes[4] = 2; /* another version */
      if (i == 2)
        bytes[5] = 1; /* a knock that nobody knows */
      if (i == 3)
        bytes[5] = 2; /* a passphrase, which we do not have */
      if (i == 4)
        bytes[65] = 31; /* msg1 too short */
      if (i == 5)
        bytes[64] = 0xff; /* msg1 too long */
      if (i == 6)
        memset (bytes + 66, 0, 32); /* a point of low order */
      g_assert_cmpuint (say (port, bytes, i == 0 || i == 1 ? 64 : 98), ==, 0);
    }

  g_assert_cmpuint (say (port, bytes, 10), ==, 0); /* never goes on: the time is up */
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 0);
  g_assert_null (wire.b.session);
  test_wire_clear (&wire);
}

/* Says nothing and waits for the end. Returns: how many bytes it was told */
static gsize
hang (int fd)
{
  gsize n = test_wire_read_to_end (fd);

  close (fd);
  return n;
}

/* More than the half-open limit from one place is refused; those who do nothing are dropped. */
static void
test_half_open (void)
{
  TestWire wire;
  int fds[KITH_LIMIT_HALF_OPEN_PER_PREFIX];
  guint16 port;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.b.local)->first_message_ms = 600 * 1000;
  port = kith_listener_get_port (wire.listener);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = test_wire_connect_by_hand (port);
      test_wire_wait (kith_listener_get_half_open (wire.listener) == i + 1);
    }

  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (hang (test_wire_connect_by_hand (port)), ==, 0);
  g_assert_cmpuint (kith_listener_get_half_open (wire.listener), ==, G_N_ELEMENTS (fds));

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 0);

  kith_local_get_timeouts (wire.b.local)->first_message_ms = 1;
  g_assert_cmpuint (hang (test_wire_connect_by_hand (port)), ==, 0);
  test_wire_wait (kith_listener_get_half_open (wire.listener) == 0);

  kith_local_get_timeouts (wire.b.local)->first_message_ms = 600 * 1000;
  test_wire_connect (&wire);
  test_wire_clear (&wire);
}

/* A dialer that talks to something that closes, echoes, or says nothing. */
static gboolean
answer_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  guint8 buffer[200];
  gsize len;

  g_input_stream_read_all (in, buffer, 98, &len, NULL, NULL);
  if (GPOINTER_TO_UINT (user_data) == 1)
    g_output_stream_write_all (out, buffer, len, NULL, NULL, NULL);
  if (GPOINTER_TO_UINT (user_data) == 2)
    g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL); /* until the dialer gives up */
  return TRUE;
}

static void
test_not_kith (void)
{
  static const KithError expected[] = { KITH_ERROR_PEER_CLOSED, KITH_ERROR_NOT_KITH, KITH_ERROR_NOT_KITH };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      TestEnd end;
      g_autoptr (GSocketService) service = g_threaded_socket_service_new (2);
      guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_signal_connect (service, "run", G_CALLBACK (answer_cb), GUINT_TO_POINTER (i));
      test_end_init (&end, 30);
      if (i == 2)
        kith_local_get_timeouts (end.local)->handshake_ms = 100;
      g_assert_null (test_wire_dial (&end, port, NULL, &error));
      g_assert_error (error, KITH_ERROR, (int) expected[i]);
      g_socket_service_stop (service);
      g_socket_listener_close (G_SOCKET_LISTENER (service));
      test_end_clear (&end);
    }
}

/* --- Somebody in between -------------------------------------------------------------------- */

/* Sits between two people and changes one bit of what passes. */
typedef struct
{
  GThread *thread;
  int      listener;
  guint16  target;
  gsize    flip;      /* the byte of the dialer's stream, or ... */
  gboolean of_answer; /* ... of the listener's */
} Meddler;

static gboolean
pass (int from, int to, gsize *n_passed, gsize flip)
{
  guint8 buffer[4096];
  gssize len = recv (from, buffer, sizeof buffer, MSG_DONTWAIT);

  if (len == 0 || (len < 0 && errno != EAGAIN))
    return FALSE;
  if (len < 0)
    return TRUE;
  if (flip >= *n_passed && flip < *n_passed + (gsize) len)
    buffer[flip - *n_passed] ^= 1;
  *n_passed += (gsize) len;
  return send (to, buffer, (size_t) len, MSG_NOSIGNAL) == len;
}

static gpointer
meddle (gpointer user_data)
{
  Meddler *self = user_data;
  GPollFD waiting = { self->listener, G_IO_IN, 0 };
  int from = g_poll (&waiting, 1, -1) == 1 ? accept (self->listener, NULL, NULL) : -1;
  int to = test_wire_connect_by_hand (self->target);
  gsize n_there = 0, n_back = 0;
  GPollFD fds[2] = { { from, G_IO_IN, 0 }, { to, G_IO_IN, 0 } };

  while (pass (from, to, &n_there, self->of_answer ? G_MAXSIZE : self->flip)
         && pass (to, from, &n_back, self->of_answer ? self->flip : G_MAXSIZE))
    g_poll (fds, 2, -1);

  close (from);
  close (to);
  return NULL;
}

static gboolean
survives_flip (TestWire *wire, gsize flip, gboolean of_answer)
{
  Meddler meddler = { .target = kith_listener_get_port (wire->listener), .flip = flip, .of_answer = of_answer };
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = NULL;
  gboolean opened = FALSE;

  g_assert_true (g_socket_bind (socket, any, TRUE, NULL) && g_socket_listen (socket, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  meddler.listener = g_socket_get_fd (socket);
  meddler.thread = g_thread_new ("meddler", meddle, &meddler);

  session = test_wire_dial (&wire->a, g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)), NULL, &error);
  if (session != NULL)
    {
      const KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST };

      test_end_take (session, &wire->a);
      kith_session_open (session, &open);
      test_wire_wait (wire->a.n_opened > 0 || wire->a.closed != NULL);
      opened = wire->a.n_opened > 0;
    }

  test_end_reset (&wire->a);
  g_clear_pointer (&session, kith_session_unref);
  test_wire_wait (kith_listener_get_half_open (wire->listener) == 0);
  test_end_reset (&wire->b);
  g_thread_join (meddler.thread);
  return opened;
}

/* Each byte of the handshake: changed on the way, no session comes of it (attack 1). Only the flags
 * and what is random in the preamble is not looked at, and even that breaks the prologue. */
static void
test_meddler (void)
{
  TestWire wire;
  const gsize there = 64 + 2 + KITH_MSG1_BYTES + 2 + KITH_MSG3_BYTES;
  const gsize back = 2 + KITH_MSG2_BYTES;

  test_wire_init (&wire);
  g_assert_true (survives_flip (&wire, G_MAXSIZE - 1, FALSE));
  for (gsize i = 0; i < there; i += i < 100 ? 1 : 13)
    g_assert_false (survives_flip (&wire, i, FALSE));
  for (gsize i = 0; i < back; i += 7)
    g_assert_false (survives_flip (&wire, i, TRUE));
  test_wire_clear (&wire);
}

/* --- What may be said when ------------------------------------------------------------------ */

static void
assert_breaks (KithRecordType type, const char *body, gsize len, gboolean pending)
{
  TestWire wire;

  test_wire_init (&wire);
  wire.b.pending = pending;
  test_wire_connect (&wire);
  kith_session_queue (wire.a.session, type, (const guint8 *) body, len);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PROTOCOL);
  test_wire_clear (&wire);
}

static void
test_wrong_state (void)
{
  g_autofree char *huge = g_strnfill (KITH_LIMIT_RECORD_CHAT_BYTES + 1, 'x');

  assert_breaks (KITH_RECORD_OPEN, "", 0, FALSE);             /* a second time */
  assert_breaks (KITH_RECORD_OPEN_OK, "", 0, FALSE);          /* from the dialer */
  assert_breaks (KITH_RECORD_ACCEPT, "", 0, FALSE);           /* from the dialer */
  assert_breaks (KITH_RECORD_MSG, "x", 1, TRUE);              /* while pending */
  assert_breaks (KITH_RECORD_PAIR, "x", 1, TRUE);             /* while pending */
  assert_breaks (KITH_RECORD_REKEY2, "x", 1, FALSE);          /* without REKEY1 */
  assert_breaks (KITH_RECORD_REKEY_REQ, "", 0, FALSE);        /* from the dialer */
  assert_breaks (KITH_RECORD_PING, "\xff", 1, FALSE);         /* malformed */
  assert_breaks ((KithRecordType) 0x7f, "", 0, FALSE);        /* unknown, not skippable */
  assert_breaks (KITH_RECORD_MSG, huge, strlen (huge), FALSE); /* over the limit */
}

static void
test_skippable (void)
{
  TestWire wire;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  kith_session_queue (wire.a.session, (KithRecordType) 0xff, (const guint8 *) "new", 3);
  kith_session_queue (wire.a.session, KITH_RECORD_MSG, (const guint8 *) "old", 3);
  test_wire_wait (wire.b.received->len == 3);
  g_assert_null (wire.b.closed);
  test_wire_clear (&wire);
}

/* OPEN is not answered, or never comes. */
static void
test_open_timeout (void)
{
  TestWire wire;
  g_autoptr (KithSession) session = NULL;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.a.local)->open_ms = 50;
  wire.b.answer = FALSE;
  test_wire_connect (&wire);
  test_wire_wait (wire.a.closed != NULL);
  g_assert_error (wire.a.closed, KITH_ERROR, KITH_ERROR_TIMEOUT);

  test_end_reset (&wire.b);
  kith_local_get_timeouts (wire.a.local)->open_ms = KITH_LIMIT_OPEN_MS;
  kith_local_get_timeouts (wire.b.local)->open_ms = 50;
  session = test_wire_dial (&wire.a, kith_listener_get_port (wire.listener), NULL, NULL);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_TIMEOUT);
  test_wire_clear (&wire);
}

/* The peer stops reading: our queue stays bounded and says so; when it reads again, all arrives. */
static void
test_back_pressure (void)
{
  TestWire wire;
  g_autofree char *body = g_strnfill (10000, 'x');
  gsize n_sent = 0;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  kith_session_set_reading (wire.b.session, FALSE);

  for (guint idle = 0; idle < 20;)
    {
      if (kith_session_send_record (wire.a.session, KITH_RECORD_MSG, (const guint8 *) body, 10000))
        {
          n_sent++;
          idle = 0;
        }
      else
        idle++;
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (n_sent, <, 10000);
    }

  g_assert_false (kith_session_is_writable (wire.a.session));
  g_assert_cmpuint (kith_channel_get_queued (wire.a.session->channel) + wire.a.session->out_bytes, <,
                    2 * KITH_LIMIT_OUT_QUEUE_BYTES);
  kith_session_set_reading (wire.b.session, TRUE);
  test_wire_wait (wire.b.received->len == n_sent * 10000);
  g_assert_true (kith_session_is_writable (wire.a.session));
  test_wire_clear (&wire);
}

/* Whoever asks and asks and never reads the answers does not fill our memory. */
static void
test_ping_flood (void)
{
  TestWire wire;
  g_autoptr (GByteArray) ping = kith_body_ping_pack (1);
  guint most = 0;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  kith_session_set_reading (wire.a.session, FALSE);
  for (guint i = 0; i < 20000; i++)
    {
      kith_session_queue (wire.a.session, KITH_RECORD_PING, ping->data, ping->len);
      if (i % 100 == 0)
        g_main_context_iteration (NULL, FALSE);
      most = MAX (most, g_queue_get_length (&wire.b.session->out));
    }
  g_assert_cmpuint (most, <=, KITH_LIMIT_QUEUED_PONGS);
  g_assert_cmpuint (g_queue_get_length (&wire.b.session->out), <=, KITH_LIMIT_QUEUED_PONGS);
  kith_session_set_reading (wire.a.session, TRUE);
  kith_session_send_record (wire.a.session, KITH_RECORD_MSG, (const guint8 *) "x", 1);
  test_wire_wait (wire.b.received->len == 1);
  test_wire_clear (&wire);
}

/* A stream that ends without BYE, in the middle of a frame, is a lost connection (attack 7). */
static void
test_truncated (void)
{
  TestWire wire;

  test_wire_init (&wire);
  test_wire_connect (&wire);
  kith_session_abort (wire.a.session);
  test_wire_wait (wire.b.closed != NULL);
  g_assert_error (wire.b.closed, KITH_ERROR, KITH_ERROR_PEER_CLOSED);
  g_assert_cmpuint (wire.b.received->len, ==, 0);
  test_wire_clear (&wire);
}

static void
send_one_by_one (TestWire *wire, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      gsize len = wire->b.received->len;

      test_wire_wait (kith_session_send_record (wire->a.session, KITH_RECORD_MSG, (const guint8 *) "x", 1));
      test_wire_wait (wire->b.received->len == len + 1);
    }
}

static void
rekey_with_roots (KithSecret *a, KithSecret *b)
{
  TestWire wire;

  test_wire_init (&wire);
  wire.a.root = a != NULL ? kith_secret_ref (a) : NULL;
  wire.b.root = b != NULL ? kith_secret_ref (b) : NULL;
  kith_local_get_timeouts (wire.a.local)->rekey_frames = 25;
  test_wire_connect (&wire);
  send_one_by_one (&wire, 400);
  g_assert_null (wire.a.closed);
  g_assert_null (wire.b.closed);
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.b.session), >, 5);
  test_wire_clear (&wire);
}

/* With the same root on both sides, none, or one that only the dialer has (5.2). */
static void
test_rekey_roots (void)
{
  guint8 bytes[32];
  g_autoptr (KithSecret) one = NULL;
  g_autoptr (KithSecret) two = NULL;

  memset (bytes, 1, sizeof bytes);
  one = kith_secret_new_from (bytes, sizeof bytes);
  memset (bytes, 2, sizeof bytes);
  two = kith_secret_new_from (bytes, sizeof bytes);
  rekey_with_roots (NULL, NULL);
  rekey_with_roots (one, one);
  rekey_with_roots (one, NULL);
  rekey_with_roots (NULL, one);
  rekey_with_roots (one, two);
}

/* Keys that are used up are renewed once, and not once more before the new ones are in use. */
static void
test_rekey_once (void)
{
  TestWire wire;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.a.local)->rekey_frames = 25;
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) == 1);
  send_one_by_one (&wire, 30);
  test_wire_wait (kith_session_get_n_rekeys (wire.b.session) >= 2);
  send_one_by_one (&wire, 5);
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.a.session), ==, 2);
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.b.session), ==, 2);
  test_wire_clear (&wire);
}

static gboolean
over_cb (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

/* After a burst and a pause, who sends on and on still reads what comes, such as the answer to a rekey. */
static void
test_rekey_after_pause (void)
{
  TestWire wire;

  test_wire_init (&wire);
  kith_local_get_timeouts (wire.a.local)->rekey_frames = 25;
  test_wire_connect (&wire);
  for (guint i = 0; i < 5; i++)
    {
      gboolean over = FALSE;

      send_one_by_one (&wire, 200);
      g_timeout_add (50, over_cb, &over);
      test_wire_wait (over);
    }
  g_assert_null (wire.a.closed);
  g_assert_cmpuint (kith_session_get_n_rekeys (wire.b.session), >, 10);
  test_wire_clear (&wire);
}

/* Dropped at every moment of its life, a dial or a session leaves nothing behind (for ASan). */
static void
test_dropped (void)
{
  for (guint steps = 0; steps < 40; steps++)
    {
      TestWire wire;
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (KithSession) session = NULL;
      KithEndpoint endpoint;

      test_wire_init (&wire);
      kith_endpoint_parse (&endpoint, "127.0.0.1", kith_listener_get_port (wire.listener));
      kith_dialer_dial_async (wire.a.local, &endpoint, 1, NULL, NULL, cancellable, result_cb, &result);
      for (guint i = 0; i < steps; i++)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      test_wire_wait (result != NULL);
      session = kith_dialer_dial_finish (result, NULL);
      test_wire_clear (&wire);
    }
}

/* How many descriptors the loop asks the system about in each turn. */
static int
count_polled (void)
{
  GMainContext *context = g_main_context_default ();
  int priority, timeout_ms, n;

  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, &priority);
  n = g_main_context_query (context, G_MAXINT, &timeout_ms, NULL, 0);
  g_main_context_release (context);
  return n;
}

static void
keep_cb (KithSession *session, gpointer user_data)
{
  g_ptr_array_add (user_data, kith_session_ref (session));
}

/* Sessions with nothing to say are none of the loop's business, be there one or many. */
static void
test_many_idle (void)
{
  g_autoptr (GPtrArray) sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_session_unref);
  TestWire wire;
  int n_polled = 0;

  test_wire_init (&wire);
  kith_listener_free (wire.listener);
  wire.listener = kith_listener_new (wire.b.local, keep_cb, sessions);
  g_assert_true (kith_listener_start (wire.listener, "127.0.0.1", 0, FALSE, NULL));

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      KithSession *session = test_wire_dial (&wire.a, kith_listener_get_port (wire.listener), NULL, &error);

      g_assert_no_error (error);
      g_ptr_array_add (sessions, session);
      test_wire_wait (sessions->len == 2 * (i + 1));
      if (i == 0)
        n_polled = count_polled ();
    }

  g_assert_cmpint (count_polled (), ==, n_polled);
  for (guint i = 0; i < sessions->len; i++)
    g_assert_true (kith_session_is_alive (g_ptr_array_index (sessions, i)));
  g_ptr_array_set_size (sessions, 0);
  test_wire_clear (&wire);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/session", test_session);
  g_test_add_func ("/wire/wrong-identity", test_wrong_identity);
  g_test_add_func ("/wire/self", test_self);
  g_test_add_func ("/wire/silence", test_silence);
  g_test_add_func ("/wire/half-open", test_half_open);
  g_test_add_func ("/wire/not-kith", test_not_kith);
  g_test_add_func ("/wire/meddler", test_meddler);
  g_test_add_func ("/wire/wrong-state", test_wrong_state);
  g_test_add_func ("/wire/skippable", test_skippable);
  g_test_add_func ("/wire/open-timeout", test_open_timeout);
  g_test_add_func ("/wire/back-pressure", test_back_pressure);
  g_test_add_func ("/wire/ping-flood", test_ping_flood);
  g_test_add_func ("/wire/truncated", test_truncated);
  g_test_add_func ("/wire/rekey-roots", test_rekey_roots);
  g_test_add_func ("/wire/rekey-once", test_rekey_once);
  g_test_add_func ("/wire/rekey-after-pause", test_rekey_after_pause);
  g_test_add_func ("/wire/dropped", test_dropped);
  g_test_add_func ("/wire/many-idle", test_many_idle);
  return g_test_run ();
}
