/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4.2: duplicate sessions and simultaneous open.
 *
 * When OPEN was exchanged on a session while another one to the same device is open:
 *   another instance of the peer                -> the old one is dead, or a copy: the new one stays
 *   both younger than 30 s                      -> the one whose dialer has the lower identity key
 *   else, we dialled the new one                -> the peer has decided for it: it stays
 *   else                                        -> PING the old one: heard within 5 s, it stays
 * The loser gets BYE(duplicate), and so does the oldest when one identity has too many, which a
 * hundred devices cost nothing. Another instance that is alive gets BYE(other device): its profile was copied.
 */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-table.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-timer.h"
#include "net/kith-session-private.h"

typedef struct
{
  KithSessionTable *table;     /* (unowned) */
  KithSession      *old;       /* (owned) */
  KithSession      *session;   /* (owned): the new one */
  KithAdmitFunc     func;
  gpointer          user_data;
  GDestroyNotify    destroy;
  KithTimer        *timer;     /* (owned) */
} Probe;

struct _KithSessionTable
{
  KithLocal *local;    /* (owned) */
  GPtrArray *sessions; /* (owned) KithSession */
  GPtrArray *admitted; /* (unowned) those of sessions that were admitted */
  GPtrArray *probes;   /* (owned) Probe */
};

static void
probe_free (Probe *probe)
{
  kith_timer_clear (&probe->timer);
  kith_session_unref (probe->old);
  kith_session_unref (probe->session);
  if (probe->destroy != NULL)
    probe->destroy (probe->user_data);
  g_free (probe);
}

static KithSession *
find_twin (KithSessionTable *self, KithSession *session)
{
  const KithCertificate *certificate = kith_session_get_certificate (session);

  for (guint i = 0; i < self->admitted->len; i++)
    {
      KithSession *other = g_ptr_array_index (self->admitted, i);
      const KithCertificate *theirs = kith_session_get_certificate (other);

      if (other != session && kith_session_is_alive (other)
          && memcmp (theirs->identity, certificate->identity, sizeof theirs->identity) == 0
          && memcmp (theirs->device, certificate->device, sizeof theirs->device) == 0)
        return other;
    }

  return NULL;
}

/* The oldest other session of that identity, if there are as many as it may have. */
static KithSession *
find_surplus (KithSessionTable *self, KithSession *session)
{
  KithSession *oldest = NULL;
  guint n = 0;

  for (guint i = 0; i < self->admitted->len; i++)
    {
      KithSession *other = g_ptr_array_index (self->admitted, i);

      if (other == session || !kith_session_is_alive (other)
          || memcmp (kith_session_get_identity (other), kith_session_get_identity (session),
                     KITH_IDENTITY_KEY_BYTES)
               != 0)
        continue;

      n++;
      if (oldest == NULL || other->started_us < oldest->started_us)
        oldest = other;
    }

  return n >= KITH_LIMIT_SESSIONS_OF_ONE ? oldest : NULL;
}

static gboolean
is_same_instance (KithSession *old, KithSession *session)
{
  return memcmp (kith_session_get_instance (old), kith_session_get_instance (session), KITH_INSTANCE_BYTES) == 0;
}

static void
decide (KithSessionTable *self, KithSession *old, KithSession *session, gboolean keep_new,
        KithAdmitFunc func, gpointer user_data)
{
  KithSession *surplus;

  if (old != NULL && keep_new)
    kith_session_close (old, is_same_instance (old, session) ? KITH_BYE_DUPLICATE : KITH_BYE_OTHER_DEVICE);
  surplus = keep_new ? find_surplus (self, session) : NULL;
  if (surplus != NULL)
    kith_session_close (surplus, KITH_BYE_DUPLICATE);
  if (keep_new)
    g_ptr_array_add (self->admitted, session);
  else
    kith_session_close (session, KITH_BYE_DUPLICATE);

  func (session, keep_new, user_data);
}

/* Both sides see the same two dialers, and come to the same result. */
static gboolean
new_dialer_is_lower (KithSessionTable *self, KithSession *old, KithSession *session)
{
  gboolean we_are_lower = kith_pair_dir (kith_local_get_identity (self->local),
                                         kith_session_get_identity (session)) == 0;

  /* Two sessions with one dialer: the newer is what the dialer wants. */
  if (kith_session_is_dialer (old) == kith_session_is_dialer (session))
    return TRUE;

  return kith_session_is_dialer (session) == we_are_lower;
}

static gboolean
probed_cb (gpointer user_data)
{
  Probe *probe = user_data;
  KithSessionTable *self = probe->table;
  g_autoptr (KithSession) old = kith_session_ref (probe->old);
  g_autoptr (KithSession) session = kith_session_ref (probe->session);
  KithAdmitFunc func = probe->func;
  gpointer func_data = probe->user_data;
  GDestroyNotify destroy = g_steal_pointer (&probe->destroy);
  gboolean heard = kith_session_is_alive (old)
                   && kith_session_get_silence_ms (old)
                        < (gint64) kith_local_get_timeouts (self->local)->duplicate_pong_ms;

  KithSession *twin = find_twin (self, session);

  g_ptr_array_remove (self->probes, probe);
  if (kith_session_is_alive (session) && twin != NULL && twin != old)
    {
      /* Another one has taken the place of the old one meanwhile. */
      kith_session_table_admit (self, session, func, func_data, destroy);
      return G_SOURCE_REMOVE;
    }

  if (kith_session_is_alive (session))
    decide (self, old, session, !heard, func, func_data);
  if (destroy != NULL)
    destroy (func_data);
  return G_SOURCE_REMOVE;
}

static void
probe (KithSessionTable *self, KithSession *old, KithSession *session, KithAdmitFunc func,
       gpointer user_data, GDestroyNotify destroy)
{
  Probe *data = g_new0 (Probe, 1);

  data->table = self;
  data->old = kith_session_ref (old);
  data->session = kith_session_ref (session);
  data->func = func;
  data->user_data = user_data;
  data->destroy = destroy;
  kith_timer_start (&data->timer, kith_local_get_timeouts (self->local)->duplicate_pong_ms, probed_cb,
                    data);
  g_ptr_array_add (self->probes, data);
  kith_session_probe (old);
}

/**
 * kith_session_table_admit:
 * @self: a table
 * @session: a session on which OPEN was exchanged
 * @func: called with the decision, at once or some seconds later
 * @user_data: given to it
 * @destroy: (nullable): frees @user_data after the decision, or without one
 *
 * Decides whether @session stays beside, or instead of, what there is. A session that ends before
 * the decision is not decided on.
 */
void
kith_session_table_admit (KithSessionTable *self, KithSession *session, KithAdmitFunc func,
                          gpointer user_data, GDestroyNotify destroy)
{
  KithSession *old = find_twin (self, session);
  gboolean keep_new = TRUE;

  if (old != NULL && is_same_instance (old, session))
    {
      gboolean young = kith_session_get_age_ms (old) < KITH_LIMIT_DUPLICATE_YOUNG_MS
                       && kith_session_get_age_ms (session) < KITH_LIMIT_DUPLICATE_YOUNG_MS;

      if (!young && !kith_session_is_dialer (session))
        {
          probe (self, old, session, func, user_data, destroy);
          return;
        }
      keep_new = !young || new_dialer_is_lower (self, old, session);
    }

  decide (self, old, session, keep_new, func, user_data);
  if (destroy != NULL)
    destroy (user_data);
}

static gboolean
is_probed_for (KithSessionTable *self, KithSession *session)
{
  for (guint i = 0; i < self->probes->len; i++)
    if (((Probe *) g_ptr_array_index (self->probes, i))->session == session)
      return TRUE;

  return FALSE;
}

/* What others have begun with us and not brought to anything, or what is on its way out: a stranger
 * pays one handshake for it. When there is too much of it the oldest goes, without a word. */
static void
make_room (KithSessionTable *self)
{
  KithSession *oldest = NULL;
  guint n = 0;

  for (guint i = 0; i < self->sessions->len; i++)
    {
      KithSession *session = g_ptr_array_index (self->sessions, i);

      if (kith_session_is_dialer (session) || kith_session_is_open (session)
          || is_probed_for (self, session))
        continue;

      n++;
      if (oldest == NULL || session->started_us < oldest->started_us)
        oldest = session;
    }

  if (n >= KITH_LIMIT_SESSIONS_BEGUN)
    kith_session_fail (oldest, kith_session_is_alive (oldest) ? KITH_ERROR_BUSY : oldest->end,
                       "Too many sessions that were only begun");
}

/**
 * kith_session_table_add:
 * @self: a table
 * @session: (transfer none): a new session; its owner hears at once when it ends
 */
void
kith_session_table_add (KithSessionTable *self, KithSession *session)
{
  if (!kith_session_is_dialer (session))
    make_room (self);
  g_ptr_array_add (self->sessions, kith_session_ref (session));
}

/**
 * kith_session_table_remove:
 * @self: a table
 * @session: a session that is closed
 */
void
kith_session_table_remove (KithSessionTable *self, KithSession *session)
{
  for (guint i = self->probes->len; i > 0; i--)
    {
      Probe *probe = g_ptr_array_index (self->probes, i - 1);

      if (probe->session == session)
        g_ptr_array_remove_index (self->probes, i - 1);
    }

  g_ptr_array_remove_fast (self->admitted, session);
  g_ptr_array_remove_fast (self->sessions, session);
}

/**
 * kith_session_table_list:
 * @self: a table
 *
 * Returns: (transfer full) (element-type KithSession): what is in it now, to go through while sessions
 *   come and go
 */
GPtrArray *
kith_session_table_list (KithSessionTable *self)
{
  GPtrArray *sessions = g_ptr_array_new_full (self->sessions->len, (GDestroyNotify) kith_session_unref);

  for (guint i = 0; i < self->sessions->len; i++)
    g_ptr_array_add (sessions, kith_session_ref (g_ptr_array_index (self->sessions, i)));

  return sessions;
}

/**
 * kith_session_table_get_length:
 * @self: a table
 *
 * Returns: how many sessions there are, in any state
 */
guint
kith_session_table_get_length (KithSessionTable *self)
{
  return self->sessions->len;
}

/**
 * kith_session_table_close_all:
 * @self: a table
 * @reason: what to tell the peers
 */
void
kith_session_table_close_all (KithSessionTable *self, KithByeReason reason)
{
  for (guint i = 0; i < self->sessions->len; i++)
    kith_session_close (g_ptr_array_index (self->sessions, i), reason);
}

/**
 * kith_session_table_close_identity:
 * @self: a table
 * @identity: the identity key of somebody
 * @reason: what to tell them
 *
 * Ends every session with them, in whatever state, of whatever device.
 */
void
kith_session_table_close_identity (KithSessionTable *self, const guint8 *identity, KithByeReason reason)
{
  g_autoptr (GPtrArray) sessions = kith_session_table_list (self);

  for (guint i = 0; i < sessions->len; i++)
    {
      KithSession *session = g_ptr_array_index (sessions, i);

      if (memcmp (kith_session_get_identity (session), identity, KITH_IDENTITY_KEY_BYTES) == 0)
        kith_session_close (session, reason);
    }
}

/**
 * kith_session_table_probe_all:
 * @self: a table
 *
 * Asks every peer for a sign of life, as after a change of network: what is dead is found out soon.
 */
void
kith_session_table_probe_all (KithSessionTable *self)
{
  for (guint i = 0; i < self->sessions->len; i++)
    kith_session_probe (g_ptr_array_index (self->sessions, i));
}

/**
 * kith_session_table_abort_all:
 * @self: a table
 *
 * Drops every connection without a word.
 */
void
kith_session_table_abort_all (KithSessionTable *self)
{
  g_ptr_array_set_size (self->probes, 0);
  g_ptr_array_set_size (self->admitted, 0);
  for (guint i = 0; i < self->sessions->len; i++)
    kith_session_abort (g_ptr_array_index (self->sessions, i));
  g_ptr_array_set_size (self->sessions, 0);
}

/**
 * kith_session_table_new:
 * @local: who we are
 *
 * Returns: (transfer full): an empty table
 */
KithSessionTable *
kith_session_table_new (KithLocal *local)
{
  KithSessionTable *self = g_new0 (KithSessionTable, 1);

  self->local = kith_local_ref (local);
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_session_unref);
  self->admitted = g_ptr_array_new ();
  self->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) probe_free);
  return self;
}

/**
 * kith_session_table_free:
 * @self: (transfer full): a table
 *
 * Drops every connection.
 */
void
kith_session_table_free (KithSessionTable *self)
{
  kith_session_table_abort_all (self);
  g_ptr_array_unref (self->probes);
  g_ptr_array_unref (self->admitted);
  g_ptr_array_unref (self->sessions);
  kith_local_unref (self->local);
  g_free (self);
}
