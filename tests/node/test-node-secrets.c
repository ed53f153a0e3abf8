/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A node that was shut down has no key any more, even if somebody forgot to let go of it; and what is stored is
 * what it was. Protocol 13. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-people.h"
#include "group/kith-group-replica-private.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-invites-private.h"

/* A secret, and what it was. */
typedef struct
{
  const char *name;
  KithSecret *secret; /* (owned) */
  guint8      bytes[64];
} Kept;

static void
kept_clear (gpointer kept)
{
  kith_secret_unref (((Kept *) kept)->secret);
}

static gboolean
is_zero (gconstpointer bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if (((const guint8 *) bytes)[i] != 0)
      return FALSE;

  return TRUE;
}

static void
keep (GArray *all, const char *name, KithSecret *secret)
{
  Kept kept = { .name = name };

  g_assert_nonnull (secret);
  g_assert_cmpuint (kith_secret_get_len (secret), <=, sizeof kept.bytes);
  g_assert_false (is_zero (kith_secret_get_data (secret), kith_secret_get_len (secret)));
  memcpy (kept.bytes, kith_secret_get_data (secret), kith_secret_get_len (secret));
  kept.secret = kith_secret_ref (secret);
  g_array_append_val (all, kept);
}

static KithGroupHost *
group_of (KithNode *node)
{
  GHashTableIter iter;
  gpointer host = NULL;

  g_hash_table_iter_init (&iter, node->group_hosts);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, &host));
  return host;
}

static KithPeer *
peer_of (TestPerson *self, TestPerson *other)
{
  return kith_node_lookup_peer (self->node, kith_node_get_own_identity (other->node));
}

static GArray *
keep_secrets (TestPerson *self, TestPerson *other)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Kept));
  KithNode *node = self->node;

  g_array_set_clear_func (all, kept_clear);
  keep (all, "identity", node->profile_row->identity_seed);
  keep (all, "device", node->profile_row->device_key);
  keep (all, "pair root", peer_of (self, other)->row->pair_root);
  keep (all, "group seed", group_of (node)->row->author_seed);
  keep (all, "group secret", ((KithLinkGroup *) node->group_links->groups->pdata[0])->secret);
  return all;
}

static void
make_invite (TestPerson *self)
{
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (KithInvitation) invitation = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_create_invite_async (self->node, 3600, NULL, NULL, test_result_cb, &made);
  invitation = kith_node_create_invite_finish (self->node, test_await (&made), &error);
  g_assert_no_error (error);
}

static void
make_group (TestPerson *self, TestPerson *guest)
{
  KithContact *guests[] = { test_person_contact (self, guest), NULL };
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_create_group_async (self->node, "Ace", guests, NULL, test_result_cb, &made);
  group = kith_node_create_group_finish (self->node, test_await (&made), NULL, &error);
  g_assert_no_error (error);
  test_wait_for (self->node->group_links->groups->len > 0);
}

/* A test_person_stop() that is left with a reference too many. */
static KithNode *
stop_and_leak (TestPerson *self)
{
  g_autoptr (GAsyncResult) done = NULL;
  KithNode *node = g_steal_pointer (&self->node);

  g_signal_handlers_disconnect_by_data (node, self);
  kith_node_shutdown_async (node, test_result_cb, &done);
  g_assert_true (kith_node_shutdown_finish (node, test_await (&done), NULL));
  return node;
}

static void
assert_nothing_left (KithNode *node, GArray *all, KithSession *session)
{
  for (guint i = 0; i < all->len; i++)
    {
      const Kept *kept = &g_array_index (all, Kept, i);

      g_test_message ("%s", kept->name);
      g_assert_true (is_zero (kith_secret_get_data (kept->secret), kith_secret_get_len (kept->secret)));
    }
  g_assert_true (is_zero (kith_session_get_sas_key (session), KITH_KEY_BYTES));
  g_assert_true (is_zero (group_of (node)->replica->secret, KITH_GROUP_SECRET_BYTES));
  for (guint i = 0; i < node->invites->len; i++)
    {
      const KithOwnInvite *invite = g_ptr_array_index (node->invites, i);

      g_assert_true (is_zero (invite->root, sizeof invite->root));
      g_assert_cmpstr (invite->row->link, ==, "");
    }
}

static void
assert_as_before (TestPerson *self, TestPerson *other, GArray *before)
{
  g_autoptr (GArray) after = keep_secrets (self, other);

  g_assert_cmpuint (after->len, ==, before->len);
  for (guint i = 0; i < after->len; i++)
    g_assert_cmpmem (g_array_index (after, Kept, i).bytes, sizeof ((Kept *) NULL)->bytes,
                     g_array_index (before, Kept, i).bytes, sizeof ((Kept *) NULL)->bytes);
}

static void
test_forgotten (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) set = NULL;
  g_autoptr (GArray) all = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = NULL;
  g_autoptr (KithNode) leaked = NULL;

  test_befriend (ann, ben);
  make_invite (ann);
  make_group (ann, ben);
  session = kith_session_ref (peer_of (ann, ben)->session);
  g_assert_false (is_zero (kith_session_get_sas_key (session), KITH_KEY_BYTES));
  all = keep_secrets (ann, ben);

  leaked = stop_and_leak (ann);
  assert_nothing_left (leaked, all, session);

  /* Nothing that it does now gets anywhere: it would be done with zeros. */
  kith_node_commit_for_task (leaked, kith_store_batch_new (),
                             g_task_new (leaked, NULL, test_result_cb, &set));
  g_assert_false (g_task_propagate_boolean (G_TASK (test_await (&set)), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);

  test_person_start (ann);
  test_wait_for (group_of (ann->node)->replica != NULL && group_of (ann->node)->ready);
  assert_as_before (ann, ben, all);
}

/* --- Who is dialled for a contact ----------------------------------------------------------- */

/* Takes one connection, and says nothing. */
typedef struct
{
  GSocketConnection *connection; /* (owned) (nullable) */
  gboolean           heard;
  gboolean           over;
  char               bytes[256];
} Silent;

static void
heard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Silent *self = user_data;

  if (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL) <= 0)
    {
      self->over = TRUE;
      return;
    }

  self->heard = TRUE;
  g_input_stream_read_async (G_INPUT_STREAM (source), self->bytes, sizeof self->bytes, G_PRIORITY_DEFAULT, NULL,
                             heard_cb, self);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  Silent *self = user_data;

  g_assert_null (self->connection);
  self->connection = g_object_ref (connection);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), self->bytes,
                             sizeof self->bytes, G_PRIORITY_DEFAULT, NULL, heard_cb, self);
  return TRUE;
}

static GSocketService *
listen_silently (Silent *self, KithEndpoint *where)
{
  GSocketService *service = g_socket_service_new ();
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &bound, &error);
  g_assert_no_error (error);
  kith_endpoint_parse (where, "127.0.0.1", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), self);
  return service;
}

/* The key to a contact, with which that was dialled, is not kept until it has had its time. */
static void
test_dial_back (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithBodyDialBack body = { .token = 1, .n_tries = 1 };
  Silent silent = { 0 };
  g_autoptr (GSocketService) service = listen_silently (&silent, &body.tries[0].endpoint);
  gint64 stopped_us;

  test_befriend (ann, ben);
  test_wait_for (kith_peer_is_online (peer_of (ben, ann)));
  kith_session_send_bytes (peer_of (ben, ann)->session, KITH_RECORD_DIAL_BACK, kith_body_dial_back_pack (&body));
  test_wait_for (silent.heard);

  stopped_us = g_get_monotonic_time ();
  test_person_stop (ann);
  test_wait_for (silent.over);
  g_assert_cmpint (g_get_monotonic_time () - stopped_us, <, KITH_LIMIT_HANDSHAKE_MS * (gint64) 1000 / 3);
  g_socket_service_stop (service);
  g_object_unref (silent.connection);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-secrets/dial-back", test_dial_back);
  g_test_add_func ("/node-secrets/forgotten", test_forgotten);
  return g_test_run ();
}
