/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz-people.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kith-fuzz-wire.h"
#include "kith-fuzz.h"
#include "kith-test-time.h"
#include "net/kith-dialer.h"
#include "node/kith-node-files.h"
#include "node/kith-node-sessions.h"
#include "proto/kith-pair.h"

#define NOW_S 1767225600
#define WIRE_BYTES (256 * 1024)
#define TRIES 1000

/* Numbers of fields of Open in kith.proto, as they stand before bytes. */
#define FIELD_BIND (1 << 3 | 2)
#define FIELD_INVITE_ID (7 << 3 | 2)
#define FIELD_INVITE_PROOF (8 << 3 | 2)
#define FIELD_GROUPS (11 << 3 | 2)

static KithFakeEnv env;

/* --- What is otherwise than in the world ---------------------------------------------------- */

/* Takes the place of GLib's, which would follow the clock on the wall. */
guint
g_timeout_add_full (gint priority, guint interval_ms, GSourceFunc func, gpointer user_data, GDestroyNotify notify)
{
  g_autoptr (GSource) source = g_timeout_source_new (interval_ms);

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, user_data, notify);
  return g_source_attach (source, NULL);
}

/* These take the place of the real ones: an input may name any address in the world. */
void
kith_dialer_dial_async (KithLocal *local, const KithEndpoint *endpoints, guint n_endpoints,
                        const guint8 *expected, const KithEntry *entry, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_UNREACHABLE, "Nobody is dialled here");
}

KithSession *
kith_dialer_dial_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

const KithDialerTry *
kith_dialer_dial_get_tries (GAsyncResult *result, guint *n)
{
  *n = 0;
  return NULL;
}

/* --- The node ------------------------------------------------------------------------------- */

/* That something is refused is what nearly each input ends with. */
static void
ignore_debug_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

static void
begin (void)
{
  static gboolean is_quiet;

  if (!is_quiet)
    {
      g_log_set_handler ("kith-net", G_LOG_LEVEL_DEBUG, ignore_debug_cb, NULL);
      g_log_set_handler ("kith-node", G_LOG_LEVEL_DEBUG, ignore_debug_cb, NULL);
      is_quiet = TRUE;
    }
  kith_fake_env_init (&env, 7, NOW_S);
  test_time_use (&env);
}

TestPerson *
kith_fuzz_people_begin (const char *name)
{
  begin ();
  return test_person_new_in (name, &env.env);
}

TestPerson *
kith_fuzz_people_begin_on (const char *name, KithStore *store)
{
  TestPerson *self = g_new0 (TestPerson, 1);

  begin ();
  self->name = g_strdup (name);
  self->store = store;
  self->env = &env.env;
  return self;
}

gboolean
kith_fuzz_people_start (TestPerson *node)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  node->node = kith_node_new (node->store, node->env);
  kith_node_set_files_folder (node->node, kith_fuzz_get_inbox ());
  kith_node_open_async (node->node, NULL, test_result_cb, &opened);
  if (!kith_node_open_finish (node->node, test_await (&opened), &error))
    {
      kith_fuzz_check (error != NULL);
      g_clear_object (&opened);
      g_clear_object (&node->node);
      return FALSE;
    }

  kith_fuzz_check (kith_node_listen (node->node, "127.0.0.1", 0, FALSE, NULL));
  return TRUE;
}

/* Nothing of it may be left that would still happen. */
void
kith_fuzz_people_end (TestPerson *node)
{
  test_person_free (node);
  kith_fuzz_check (test_time_get_n_timers () == 0);
}

void
kith_fuzz_people_pass (guint seconds)
{
  test_time_pass ((gint64) seconds * G_USEC_PER_SEC);
}

/* The kernel brings what was written to the other end in its own time, also on loopback. */
static gboolean
is_anything_under_way (KithFuzzPerson *people, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      int bytes = 0;

      if (people[i].fd >= 0 && ioctl (people[i].fd, SIOCOUTQ, &bytes) == 0 && bytes > 0)
        return TRUE;
    }

  return FALSE;
}

void
kith_fuzz_people_settle (TestPerson *node, KithFuzzPerson *people, guint n)
{
  static guint8 heard[WIRE_BYTES];

  /* What nobody reads stays there. */
  for (guint i = 0; i < TRIES && is_anything_under_way (people, n); i++)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  kith_fuzz_settle (node);
  for (guint i = 0; i < n; i++)
    while (people[i].fd >= 0 && kith_fuzz_read (people[i].fd, heard, sizeof heard) > 0)
      kith_fuzz_settle (node);
}

/* --- Somebody ------------------------------------------------------------------------------- */

void
kith_fuzz_person_init (KithFuzzPerson *self, guint8 who, guint8 device)
{
  guint8 device_key[KITH_DEVICE_KEY_BYTES] = { who, device, 1 };

  *self = (KithFuzzPerson){ .fd = -1 };
  self->seed[0] = who;
  self->seed[1] = 1;
  self->certificate.seq = 1;
  self->certificate.not_before = NOW_S;
  self->certificate.not_after = NOW_S + 86400;
  self->certificate.device[0] = device;
  kith_identity_get_public (self->seed, self->certificate.identity);
  kith_device_key_get_public (device_key, self->certificate.device_key);
}

const guint8 *
kith_fuzz_person_get_identity (const KithFuzzPerson *self)
{
  return self->certificate.identity;
}

/* A connection over loopback: where they come from plays a part. It leaves nothing behind when it is closed. */
static int
connect_to_us (int *ours)
{
  static struct sockaddr_in here;
  static int listener = -1;
  const struct linger at_once = { 1, 0 };
  socklen_t len = sizeof here;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (listener < 0)
    {
      here.sin_family = AF_INET;
      here.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
      listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      kith_fuzz_check (bind (listener, (struct sockaddr *) &here, sizeof here) == 0 && listen (listener, 4) == 0);
      kith_fuzz_check (getsockname (listener, (struct sockaddr *) &here, &len) == 0);
    }

  kith_fuzz_check (connect (fd, (struct sockaddr *) &here, sizeof here) == 0);
  *ours = accept4 (listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  kith_fuzz_check (*ours >= 0);
  kith_fuzz_check (setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
  kith_fuzz_check (fcntl (fd, F_SETFL, O_NONBLOCK) == 0);
  return fd;
}

/* Again, when they are here: a connection that ended is gone before the next one begins. */
void
kith_fuzz_person_come (KithFuzzPerson *self, TestPerson *node)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (KithConnection) connection = NULL;
  g_autoptr (KithChannel) channel = NULL;
  g_autoptr (GError) error = NULL;
  int ours;

  kith_fuzz_person_go (self);
  self->fd = connect_to_us (&ours);
  socket = g_socket_new_from_fd (ours, &error);
  kith_fuzz_check (socket != NULL);
  connection = kith_connection_new (socket, NULL);
  channel = kith_channel_new_listener (node->node->local, connection);
  kith_fuzz_skip_handshake (channel, &self->certificate, &self->cipher);
  self->session = kith_session_new (channel);
  kith_node_take_session (self->session, node->node);
}

gboolean
kith_fuzz_person_is_here (const KithFuzzPerson *self)
{
  return self->session != NULL && kith_session_is_alive (self->session);
}

void
kith_fuzz_person_say (KithFuzzPerson *self, guint8 type, const guint8 *body, gsize len)
{
  kith_fuzz_say_record (self->fd, &self->cipher, type, body, len);
}

void
kith_fuzz_person_say_body (KithFuzzPerson *self, guint8 type, GByteArray *body)
{
  kith_fuzz_person_say (self, type, body->data, body->len);
  g_byte_array_unref (body);
}

static void
put_field (GByteArray *body, guint8 field, const guint8 *data, guint8 len)
{
  const guint8 head[] = { field, len };

  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, data, len);
}

void
kith_fuzz_person_open (KithFuzzPerson *self, TestPerson *node, const KithBodyOpen *proof, const guint8 *data,
                       gsize len)
{
  g_autoptr (GByteArray) body = g_byte_array_append (g_byte_array_new (), data, (guint) len);
  guint8 exporter[KITH_KEY_BYTES];
  guint8 binding[KITH_BIND_BYTES];

  memset (exporter, KITH_FUZZ_EXPORTER, sizeof exporter);
  kith_pair_bind (exporter, self->certificate.identity, kith_node_get_own_identity (node->node), binding);
  put_field (body, FIELD_BIND, binding, sizeof binding);
  if (proof != NULL && proof->has_invite)
    {
      put_field (body, FIELD_INVITE_ID, proof->invite_id, sizeof proof->invite_id);
      put_field (body, FIELD_INVITE_PROOF, proof->invite_proof, sizeof proof->invite_proof);
    }
  for (guint i = 0; proof != NULL && i < proof->n_groups; i++)
    put_field (body, FIELD_GROUPS, proof->groups[i].bytes, sizeof proof->groups[i].bytes);
  kith_fuzz_person_say (self, KITH_RECORD_OPEN, body->data, body->len);
}

void
kith_fuzz_person_go (KithFuzzPerson *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->session, kith_session_unref);
}
