/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

static gboolean
match_knock (const guint8 *tag, const guint8 *ephemeral, gpointer user_data)
{
  return ((TestEnd *) user_data)->knows;
}

static KithSecret *
dup_pair_root (const guint8 *identity, const guint8 *root_id, gpointer user_data)
{
  TestEnd *self = user_data;
  guint8 id[KITH_ROOT_ID_BYTES];

  if (self->root == NULL)
    return NULL;
  kith_pair_root_id (kith_secret_get_data (self->root), id);
  if (root_id != NULL && memcmp (id, root_id, sizeof id) != 0)
    return NULL;
  return kith_secret_ref (self->root);
}

static gboolean
check_certificate (const KithCertificate *certificate, gpointer user_data)
{
  return TRUE;
}

static const KithLocalDelegate delegate = {
  .match_knock = match_knock,
  .dup_pair_root = dup_pair_root,
  .check_certificate = check_certificate,
};

void
test_end_init_device (TestEnd *self, guint8 seed, guint8 device, const KithEnv *env)
{
  guint8 identity_seed[32], device_key[32], bytes[KITH_CERTIFICATE_BYTES];
  KithCertificate certificate = { .seq = 1 };
  g_autoptr (KithSecret) secret = NULL;
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  *self = (TestEnd){ .answer = TRUE, .received = g_string_new (NULL) };
  memset (identity_seed, seed, sizeof identity_seed);
  memset (device_key, seed + 1 + device, sizeof device_key);
  certificate.device[0] = device;
  kith_identity_get_public (identity_seed, certificate.identity);
  kith_device_key_get_public (device_key, certificate.device_key);
  certificate.not_before = (guint64) now_s;
  certificate.not_after = certificate.not_before + 86400;
  kith_certificate_encode (&certificate, identity_seed, bytes);
  secret = kith_secret_new_from (device_key, sizeof device_key);
  self->local = kith_local_new (env, secret, bytes, &delegate, self);
  kith_local_get_timeouts (self->local)->silent_close_ms = 5;
  kith_local_get_timeouts (self->local)->handshakes_per_minute = 100000;
}

void
test_end_init_with_env (TestEnd *self, guint8 seed, const KithEnv *env)
{
  test_end_init_device (self, seed, 0, env);
}

void
test_end_init (TestEnd *self, guint8 seed)
{
  test_end_init_with_env (self, seed, kith_env_get_default ());
}

static void
open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  TestEnd *self = user_data;
  const KithBodyOpen answer = { .pending = self->pending };

  self->n_open++;
  if (self->answer)
    kith_session_accept_open (session, &answer);
}

static void
opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  ((TestEnd *) user_data)->n_opened++;
}

static gboolean
record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  TestEnd *self = user_data;

  self->n_records++;
  if (type == KITH_RECORD_MSG)
    g_string_append_len (self->received, (const char *) body, (gssize) len);
  return TRUE;
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  TestEnd *self = user_data;

  g_clear_error (&self->closed);
  self->closed = g_error_copy (error);
}

static const KithSessionEvents events = { open_cb, opened_cb, record_cb, drained_cb, closed_cb };

/* For listeners and dialers: takes a reference on the session. */
void
test_end_take (KithSession *session, gpointer end)
{
  TestEnd *self = end;

  test_end_reset (self);
  self->session = kith_session_ref (session);
  kith_session_set_events (session, &events, self);
}

void
test_end_reset (TestEnd *self)
{
  if (self->session != NULL)
    kith_session_set_events (self->session, NULL, NULL);
  g_clear_pointer (&self->session, kith_session_unref);
  g_clear_error (&self->closed);
  g_string_truncate (self->received, 0);
  self->n_open = self->n_opened = self->n_records = 0;
}

void
test_end_clear (TestEnd *self)
{
  test_end_reset (self);
  g_string_free (self->received, TRUE);
  g_clear_pointer (&self->root, kith_secret_unref);
  kith_local_disconnect (self->local);
  kith_local_unref (self->local);
}

void
test_wire_init (TestWire *self)
{
  test_end_init (&self->a, 10);
  test_end_init (&self->b, 20);
  self->listener = kith_listener_new (self->b.local, test_end_take, &self->b);
  g_assert_true (kith_listener_start (self->listener, "127.0.0.1", 0, FALSE, NULL));
}

void
test_wire_clear (TestWire *self)
{
  g_clear_pointer (&self->listener, kith_listener_free);
  test_end_clear (&self->a);
  test_end_clear (&self->b);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* Returns: (transfer full) (nullable): a session before OPEN */
KithSession *
test_wire_dial (TestEnd *end, guint16 port, const guint8 *expected, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  KithEndpoint endpoint;

  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", port));
  kith_dialer_dial_async (end->local, &endpoint, 1, expected, NULL, NULL, result_cb, &result);
  test_wire_wait (result != NULL);
  return kith_dialer_dial_finish (result, error);
}

/* The same, to whomever it may be, with what lets us in. */
KithSession *
test_wire_dial_with (TestEnd *end, guint16 port, const KithEntry *entry, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  KithEndpoint endpoint;

  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", port));
  kith_dialer_dial_async (end->local, &endpoint, 1, NULL, entry, NULL, result_cb, &result);
  test_wire_wait (result != NULL);
  return kith_dialer_dial_finish (result, error);
}

/* The first dials the second and says OPEN; waits for the answer if the second gives one. */
void
test_wire_connect (TestWire *self)
{
  const KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST };
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = test_wire_dial (&self->a, kith_listener_get_port (self->listener),
                                                    NULL, &error);

  g_assert_no_error (error);
  test_end_take (session, &self->a);
  kith_session_open (session, &open);
  test_wire_wait (self->b.session != NULL && (self->a.n_opened == 1 || !self->b.answer));
}

/* --- By hand, on a blocking socket ---------------------------------------------------------- */

/* From another address of this machine, so that it counts as somebody else. */
int
test_wire_connect_from (const char *address, guint16 port)
{
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_true (g_socket_bind (socket, from, TRUE, NULL));
  g_assert_true (g_socket_connect (socket, to, NULL, NULL));
  return dup (g_socket_get_fd (socket));
}

/* Without a thread, as a GSocketClient has for its proxies: LeakSanitizer trips over one that is just
 * ending. */
int
test_wire_connect_by_hand (guint16 port)
{
  return test_wire_connect_from ("127.0.0.1", port);
}

/* Turns the loop until the other side has ended the stream. Returns: how many bytes it said */
gsize
test_wire_read_to_end (int fd)
{
  gsize n = 0;
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  for (;;)
    {
      guint8 buffer[4096];
      gssize len = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);

      if (len == 0 || (len < 0 && errno == ECONNRESET))
        return n;
      if (len > 0)
        n += (gsize) len;
      else
        {
          g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
          g_main_context_iteration (NULL, FALSE);
        }
    }
}

void
test_wire_send_by_hand (int fd, const guint8 *bytes, gsize len)
{
  g_assert_cmpint (send (fd, bytes, len, MSG_NOSIGNAL), ==, (gssize) len);
}
