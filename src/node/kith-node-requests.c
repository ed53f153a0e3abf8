/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Those who ask us. Protocol 4.1a, 6.3. Our answer: kith-request-answer.c. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-requests.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-time.h"
#include "net/kith-admission.h"
#include "node/kith-directory.h"
#include "node/kith-group-links-private.h"
#include "node/kith-namesakes.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-sessions.h"
#include "node/kith-peer-session.h"
#include "proto/kith-identity.h"

void
kith_asking_free (KithAsking *self)
{
  kith_store_request_free (self->row);
  g_clear_object (&self->request);
  g_clear_pointer (&self->session, kith_session_unref);
  g_free (self);
}

/**
 * kith_asking_lookup: (skip)
 * @self: a node
 * @identity: the identity key of somebody
 *
 * Returns: (transfer none) (nullable): their request
 */
KithAsking *
kith_asking_lookup (KithNode *self, const guint8 *identity)
{
  return g_hash_table_lookup (self->asking, identity);
}

/* Brings the model in step with the row. */
static void
show (KithNode *self, KithAsking *asking)
{
  g_autofree char *address = NULL;

  if (asking->row->n_endpoints > 0)
    address = kith_endpoint_dup_text (&asking->row->endpoints[0]);

  kith_request_set_name (asking->request, asking->row->name);
  kith_request_set_text (asking->request, asking->row->text);
  kith_request_set_address (asking->request, address);
  kith_request_set_online (asking->request, asking->session != NULL);
  kith_request_set_name_taken (asking->request,
                               kith_namesakes_has (self, asking->row->identity, asking->row->name));
}

/* @row: (transfer full) */
static KithAsking *
add (KithNode *self, KithStoreRequest *row)
{
  KithAsking *asking = g_new0 (KithAsking, 1);
  g_autofree char *id = kith_id_string_encode (row->identity);

  asking->row = row;
  asking->request = kith_request_new (row->identity, id, row->time_ms);
  show (self, asking);
  g_hash_table_insert (self->asking, asking->row->identity, asking);
  g_list_store_insert (self->requests, 0, asking->request);
  return asking;
}

/**
 * kith_asking_take_out: (skip)
 * @self: a node
 * @asking: (transfer full): a request that is answered, or taken back
 *
 * Returns: (transfer full) (nullable): the session on which they wait
 */
KithSession *
kith_asking_take_out (KithNode *self, KithAsking *asking)
{
  g_autoptr (KithRequest) request = g_object_ref (asking->request);
  KithSession *session = g_steal_pointer (&asking->session);

  kith_list_store_drop (self->requests, request);
  g_hash_table_remove (self->asking, kith_request_get_identity (request));
  kith_node_emit_request_removed (self, request);
  return session;
}

/**
 * kith_node_restore_request: (skip)
 * @self: a node
 * @row: a stored request
 */
void
kith_node_restore_request (KithNode *self, const KithStoreRequest *row)
{
  add (self, kith_store_request_copy (row));
}

/* --- Limits --------------------------------------------------------------------------------- */

typedef struct
{
  guint64 prefix;
  gint64  time_ms;
} Attempt;

GArray *
kith_asking_new_attempts (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Attempt));
}

/* Returns: 0 when that is not known any more */
static guint64
prefix_of (KithSession *session)
{
  KithEndpoint remote;

  return kith_session_get_remote (session, &remote) ? kith_admission_prefix (&remote) : 0;
}

/* Three in an hour from one prefix. What is on this machine is not limited: whoever can connect
 * from here has other ways to be a nuisance. */
static gboolean
may_ask (KithNode *self, KithSession *session, const KithBodyOpen *open)
{
  gint64 now_ms = kith_node_now_ms (self);
  KithEndpoint remote;
  Attempt attempt;
  guint n = 0;

  if (open->purpose == KITH_PURPOSE_INVITE || kith_session_is_dialer (session))
    return TRUE; /* we have asked them to ask */
  if (!kith_session_get_remote (session, &remote))
    return FALSE;
  if (kith_endpoint_is_loopback (&remote))
    return TRUE;

  attempt = (Attempt){ kith_admission_prefix (&remote), now_ms };
  for (guint i = self->attempts->len; i > 0; i--)
    {
      const Attempt *other = &g_array_index (self->attempts, Attempt, i - 1);

      if (now_ms - other->time_ms > KITH_HOUR_MS || self->attempts->len > KITH_LIMIT_PREFIXES)
        g_array_remove_index_fast (self->attempts, i - 1);
      else if (other->prefix == attempt.prefix)
        n++;
    }

  if (n >= KITH_LIMIT_REQUESTS_PER_PREFIX_HOUR)
    return FALSE;

  g_array_append_val (self->attempts, attempt);
  return TRUE;
}

/* Forgets a request without an answer from the user. */
static void
drop (KithNode *self, KithAsking *asking, KithByeReason reason)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithSession) session = NULL;

  kith_store_batch_delete_request (batch, asking->row->identity);
  kith_node_commit (self, batch);
  session = kith_asking_take_out (self, asking);
  if (session != NULL)
    kith_session_close (session, reason);
}

static gboolean
is_invited (KithNode *self, const KithAsking *asking)
{
  return kith_node_has_used_invite (self, asking->row->identity);
}

/* How many of those whom we have not invited ask from where @asking does. */
static guint
count_neighbours (KithNode *self, const KithAsking *asking)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->asking);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((const KithAsking *) value)->prefix == asking->prefix && !is_invited (self, value) ? 1 : 0;

  return n;
}

/* Whose request goes first: of those whom we have not invited, where most ask from, the oldest.
 * Returns: (nullable) */
static KithAsking *
find_least (KithNode *self)
{
  GListModel *requests = G_LIST_MODEL (self->requests);
  KithAsking *least = NULL;
  guint n_least = 0;

  for (guint i = g_list_model_get_n_items (requests); i > 0; i--)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (requests, i - 1);
      KithAsking *asking = kith_asking_lookup (self, kith_request_get_identity (request));
      guint n = is_invited (self, asking) ? 0 : count_neighbours (self, asking);

      if (n > n_least)
        {
          least = asking;
          n_least = n;
        }
    }

  return least;
}

/* Who has to go hears that we are busy: it was not the user who said no. */
static gboolean
make_room (KithNode *self)
{
  KithAsking *least;

  if (g_hash_table_size (self->asking) < KITH_LIMIT_REQUESTS)
    return TRUE;

  least = find_least (self);
  if (least != NULL)
    drop (self, least, KITH_BYE_BUSY);
  return least != NULL;
}

/* --- Being asked ---------------------------------------------------------------------------- */

static void
fill_row (KithStoreRequest *row, KithSession *session, const KithBodyOpen *open)
{
  KithEndpoints endpoints = { .n = 0 };
  KithEndpoint remote;
  gboolean has_remote = kith_session_get_remote (session, &remote);

  g_free (row->name);
  kith_secret_free_text (row->text);
  row->name = g_strdup (open->name != NULL ? open->name : "");
  row->text = g_strdup (open->text != NULL ? open->text : "");
  kith_directory_filter (has_remote ? &remote : NULL, kith_session_is_dialer (session),
                         &open->endpoints, &endpoints);
  memcpy (row->endpoints, endpoints.items, sizeof row->endpoints);
  row->n_endpoints = endpoints.n;
}

/* While somebody with whom we are in a group waits for an answer, the group goes on. */
static void
keep_group (KithNode *self, KithSession *session)
{
  const guint8 *identity = kith_session_get_identity (session);
  KithPeer *peer = kith_node_lookup_peer (self, identity);

  if (peer != NULL && kith_session_is_open (session) && kith_node_known_peer (self, identity) == NULL
      && kith_co_member_is_one (self, identity))
    kith_node_attach_member (self, peer, session);
}

/* One session for each who asks, however many devices they say they have. */
static void
replace_session (KithAsking *asking, KithSession *session)
{
  g_autoptr (KithSession) before = g_steal_pointer (&asking->session);

  asking->session = kith_session_ref (session);
  if (before != NULL && before != session)
    kith_session_close (before, KITH_BYE_DUPLICATE);
}

/**
 * kith_node_take_request: (skip)
 * @self: a node
 * @session: (transfer none): the session on which somebody unknown asks
 * @open: what they say; checked, and still their own words
 *
 * Takes a request, or the repetition of one, and keeps the session waiting.
 */
void
kith_node_take_request (KithNode *self, KithSession *session, const KithBodyOpen *open)
{
  KithBodyOpen answer = { .pending = TRUE };
  KithAsking *asking = kith_asking_lookup (self, kith_session_get_identity (session));
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  gboolean is_new = asking == NULL;

  if (is_new)
    {
      KithStoreRequest *row;

      if (!may_ask (self, session, open))
        {
          kith_node_refuse (self, session);
          return;
        }
      if (!make_room (self))
        {
          kith_session_close (session, KITH_BYE_BUSY);
          return;
        }

      row = g_new0 (KithStoreRequest, 1);
      memcpy (row->identity, kith_session_get_identity (session), sizeof row->identity);
      row->time_ms = kith_node_now_ms (self);
      fill_row (row, session, open);
      asking = add (self, row);
    }
  else
    fill_row (asking->row, session, open);

  asking->prefix = prefix_of (session);
  replace_session (asking, session);
  if (!kith_session_is_dialer (session))
    kith_session_accept_open (session, &answer);
  show (self, asking);
  kith_store_batch_put_request (batch, asking->row);
  kith_node_commit (self, batch);
  if (is_new)
    kith_node_emit_request_added (self, asking->request);
  keep_group (self, session);
}

/**
 * kith_node_rename_request: (skip)
 * @self: a node
 * @session: a session on which a PROFILE came from somebody who is no contact
 * @name: (nullable): the new name
 */
void
kith_node_rename_request (KithNode *self, KithSession *session, const char *name)
{
  KithAsking *asking = kith_asking_lookup (self, kith_session_get_identity (session));
  g_autoptr (KithStoreBatch) batch = NULL;

  if (asking == NULL || asking->session != session
      || g_strcmp0 (asking->row->name, name != NULL ? name : "") == 0)
    return;

  g_free (asking->row->name);
  asking->row->name = g_strdup (name != NULL ? name : "");
  show (self, asking);
  batch = kith_store_batch_new ();
  kith_store_batch_put_request (batch, asking->row);
  kith_node_commit (self, batch);
}

/**
 * kith_node_has_request: (skip)
 * @self: a node
 * @identity: the identity key of somebody
 *
 * Returns: whether they ask us
 */
gboolean
kith_node_has_request (KithNode *self, const guint8 *identity)
{
  return kith_asking_lookup (self, identity) != NULL;
}

/**
 * kith_node_is_request_session: (skip)
 * @self: a node
 * @session: a session
 *
 * Returns: whether somebody waits on it for the answer to their request
 */
gboolean
kith_node_is_request_session (KithNode *self, KithSession *session)
{
  const KithAsking *asking = kith_asking_lookup (self, kith_session_get_identity (session));

  return asking != NULL && asking->session == session;
}

/**
 * kith_node_request_session_closed: (skip)
 * @self: a node
 * @session: a session that has ended
 * @error: why
 *
 * The request stays, and can be answered later; unless they took it back.
 */
void
kith_node_request_session_closed (KithNode *self, KithSession *session, const GError *error)
{
  KithAsking *asking = kith_asking_lookup (self, kith_session_get_identity (session));

  if (asking == NULL || asking->session != session)
    return;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT))
    {
      drop (self, asking, KITH_BYE_NOT_CONTACT);
      return;
    }

  g_clear_pointer (&asking->session, kith_session_unref);
  show (self, asking);
}
