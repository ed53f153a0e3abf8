/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7.6: when beacons are sent, and which of those that come are listened to. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-lan.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "net/kith-lan-guard.h"
#include "net/kith-lan-link.h"


struct _KithLan
{
  const KithEnv         *env;       /* (unowned) */
  const KithLanDelegate *delegate;  /* (unowned) */
  gpointer               user_data; /* (unowned) */
  char                  *interface; /* (owned) (nullable) */
  guint16                udp_port;  /* 0 while stopped */
  GNetworkMonitor       *monitor;   /* (owned) (nullable) */
  gulong                 network_changed;
  GPtrArray             *links;     /* (owned) KithLanLink */
  KithLanGuard          *guard;     /* (owned) */

  /* What we say */
  guint16                tcp_port;
  gboolean               presents;
  guint8                 identity[KITH_IDENTITY_KEY_BYTES];
  char                   name[KITH_LIMIT_NAME_BYTES + 1];

  /* When we say it next */
  GSource               *timer;     /* (owned) (nullable) */
  gint64                 due_us;
  gint64                 last_us;   /* 0 before the first time */
  gboolean               query;

  /* What we have said */
  guint8                 own[KITH_LIMIT_BEACON_OWN][KITH_BEACON_NONCE_BYTES];
  guint                  n_own;     /* ever; the oldest are overwritten */
};

static gboolean due_cb (gpointer user_data);

/* --- When ----------------------------------------------------------------------------------- */

/* Announces at @due_us, or before if that was planned. */
static void
plan (KithLan *self, gint64 due_us)
{
  gint64 now_us = kith_env_monotonic_us (self->env);

  if (self->udp_port == 0 || (self->timer != NULL && self->due_us <= due_us))
    return;

  kith_source_clear (&self->timer);
  self->due_us = due_us;
  kith_source_start (&self->timer, (guint) (MAX (due_us - now_us, 0) / 1000), due_cb, self);
  g_source_set_static_name (self->timer, "kith-lan");
}

static void
plan_in (KithLan *self, guint ms)
{
  plan (self, kith_env_monotonic_us (self->env) + (gint64) ms * 1000);
}

static void
plan_next (KithLan *self)
{
  plan_in (self, KITH_LIMIT_LAN_INTERVAL_MS - KITH_LIMIT_LAN_JITTER_MS
                   + kith_env_random_uniform (self->env, 2 * KITH_LIMIT_LAN_JITTER_MS + 1));
}

/* Whoever asks may have come after our last beacon, so that the answer is put off rather than
 * left out; at random, so that not everybody answers at once. */
static void
plan_answer (KithLan *self)
{
  gint64 earliest_us = kith_env_monotonic_us (self->env);

  if (self->last_us != 0)
    earliest_us = MAX (earliest_us, self->last_us + KITH_LIMIT_LAN_ANSWER_GAP_MS * 1000);

  plan (self, earliest_us
                + (gint64) 1000 * kith_env_random_uniform (self->env, KITH_LIMIT_LAN_ANSWER_MS + 1));
}

/* --- Hearing -------------------------------------------------------------------------------- */

static gboolean
is_own (KithLan *self, const guint8 *nonce)
{
  for (guint i = 0; i < MIN (self->n_own, KITH_LIMIT_BEACON_OWN); i++)
    if (memcmp (self->own[i], nonce, KITH_BEACON_NONCE_BYTES) == 0)
      return TRUE;

  return FALSE;
}

/* Of a link-local IPv6 address we know the interface, and an endpoint could not say which. */
static gboolean
make_endpoint (const KithBeacon *beacon, const KithEndpoint *source, KithEndpoint *from)
{
  *from = *source;
  from->port = beacon->port;
  return from->port >= KITH_LIMIT_LOWEST_PORT
         && !(from->family == 6 && from->address[0] == 0xfe && (from->address[1] & 0xc0) == 0x80);
}

static void
datagram (const guint8 *data, gsize len, const KithEndpoint *source, gpointer user_data)
{
  KithLan *self = user_data;
  KithBeacon beacon;
  KithEndpoint from;

  /* Our own take nothing from others on this machine, who call from the same address. */
  if (!kith_beacon_unpack (&beacon, data, len) || is_own (self, beacon.nonce)
      || !kith_lan_guard_admit (self->guard, source))
    return;

  if (beacon.query && self->tcp_port != 0)
    plan_answer (self);
  if (make_endpoint (&beacon, source, &from))
    self->delegate->heard (&beacon, &from, self->user_data);
}

/* --- Links ---------------------------------------------------------------------------------- */

static void
close_link_cb (gpointer link)
{
  kith_lan_link_close (link);
}

static KithLanPlace *
find_place (GArray *places, const KithLanPlace *wanted)
{
  for (guint i = 0; i < places->len; i++)
    {
      KithLanPlace *place = &g_array_index (places, KithLanPlace, i);

      if (kith_lan_place_is_same (place, wanted))
        return place;
    }

  return NULL;
}

static gboolean
has_link (KithLan *self, const KithLanPlace *place)
{
  for (guint i = 0; i < self->links->len; i++)
    if (kith_lan_place_is_same (kith_lan_link_get_place (self->links->pdata[i]), place))
      return TRUE;

  return FALSE;
}

static void
drop_links (KithLan *self, GArray *places)
{
  for (guint i = self->links->len; i > 0; i--)
    {
      KithLanLink *link = self->links->pdata[i - 1];
      const KithLanPlace *place = find_place (places, kith_lan_link_get_place (link));

      if (place != NULL)
        kith_lan_link_set_place (link, place);
      else
        g_ptr_array_remove_index (self->links, i - 1);
    }
}

/* Interfaces come and go. New links are added behind the old ones. An error is that of the last
 * one that could not be opened.
 *
 * Returns: how many links were there before */
static guint
update_links (KithLan *self, GError **error)
{
  g_autoptr (GArray) places = kith_lan_place_list (self->interface);
  guint n_old;

  drop_links (self, places);
  n_old = self->links->len;

  for (guint i = 0; i < places->len; i++)
    {
      KithLanPlace *place = &g_array_index (places, KithLanPlace, i);
      KithLanLink *link;

      if (has_link (self, place))
        continue;
      if (error != NULL)
        g_clear_error (error);
      link = kith_lan_link_new (place, self->udp_port, datagram, self, error);
      if (link != NULL)
        g_ptr_array_add (self->links, link);
    }

  return n_old;
}

/* --- Speaking ------------------------------------------------------------------------------- */

static void
remember_own (KithLan *self, const guint8 *nonce)
{
  memcpy (self->own[self->n_own++ % KITH_LIMIT_BEACON_OWN], nonce, KITH_BEACON_NONCE_BYTES);
}

static guint
fill_tags (KithLan *self, KithBeacon *beacon, guint first)
{
  guint n_tags = 0;

  /* Nobody can come to us: then nobody needs to know that we are here. */
  if (self->tcp_port != 0)
    n_tags = self->delegate->list_tags (beacon->nonce, beacon->tags, first, KITH_LIMIT_BEACON_TAGS,
                                        self->user_data);

  beacon->n_tags = MIN (n_tags, KITH_LIMIT_BEACON_TAGS);
  kith_beacon_pad (beacon, self->env);
  return n_tags;
}

static void
fill_person (KithLan *self, KithBeacon *beacon)
{
  beacon->presents = self->presents;
  memcpy (beacon->identity, self->identity, sizeof beacon->identity);
  g_strlcpy (beacon->name, self->name, sizeof beacon->name);
}

static void
speak (KithLan *self, KithLanLink *link, gboolean query)
{
  guint n_tags = KITH_LIMIT_BEACON_TAGS;

  for (guint i = 0; i < KITH_LIMIT_BEACON_DATAGRAMS && n_tags == KITH_LIMIT_BEACON_TAGS; i++)
    {
      KithBeacon beacon = { .query = query && i == 0, .port = self->tcp_port };
      guint8 data[KITH_BEACON_MAX_BYTES];

      if (i == 0 && self->tcp_port != 0)
        fill_person (self, &beacon);
      kith_env_random_bytes (self->env, beacon.nonce, sizeof beacon.nonce);
      n_tags = fill_tags (self, &beacon, i * KITH_LIMIT_BEACON_TAGS);
      remember_own (self, beacon.nonce);
      kith_lan_link_send (link, data, kith_beacon_pack (&beacon, data));
    }
}

static void
speak_everywhere (KithLan *self, guint n_old)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      gboolean query = self->query || i >= n_old;

      if (query || self->tcp_port != 0)
        speak (self, self->links->pdata[i], query);
    }

  self->query = FALSE;
  self->last_us = kith_env_monotonic_us (self->env);
}

static gboolean
due_cb (gpointer user_data)
{
  KithLan *self = user_data;

  kith_source_clear (&self->timer);
  speak_everywhere (self, update_links (self, NULL));
  plan_next (self);
  return G_SOURCE_REMOVE;
}

/**
 * kith_lan_announce:
 * @self: finding people
 * @query: whether the others shall announce themselves, too
 *
 * Announces us soon; several calls together do it once. Does nothing while stopped.
 */
void
kith_lan_announce (KithLan *self, gboolean query)
{
  self->query = self->udp_port != 0 && (self->query || query);
  plan_in (self, KITH_LIMIT_LAN_SETTLE_MS);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  kith_lan_announce (user_data, TRUE);
}

/**
 * kith_lan_set_interface:
 * @self: finding people, stopped
 * @name: (nullable): the only interface to use, which may be the loopback; %NULL for every one
 *   with multicast but loopback and tunnels
 *
 * For tests alone, which have no other network than the loopback.
 */
void
kith_lan_set_interface (KithLan *self, const char *name)
{
  g_free (self->interface);
  self->interface = g_strdup (name);
}

/**
 * kith_lan_start:
 * @self: finding people, stopped
 * @udp_port: the port of the group; 0 for %KITH_LAN_PORT
 * @error: return location for a #GError
 *
 * Starts to listen, and asks who is there. No network is no error: one may come. Errors:
 * %KITH_ERROR_PORT_IN_USE, %KITH_ERROR_PERMISSION, %KITH_ERROR_FAILED when there are networks and
 * none can be used.
 *
 * Returns: whether it listens, or will
 */
gboolean
kith_lan_start (KithLan *self, guint16 udp_port, GError **error)
{
  g_autoptr (GError) cause = NULL;
  KithError code;

  self->udp_port = udp_port != 0 ? udp_port : KITH_LAN_PORT;
  update_links (self, &cause);
  if (self->links->len == 0 && cause != NULL)
    {
      self->udp_port = 0;
      code = kith_error_code_from_gerror (cause);
      g_set_error_literal (error, KITH_ERROR, (gint) code, cause->message);
      return FALSE;
    }

  self->monitor = g_object_ref (g_network_monitor_get_default ());
  self->network_changed = g_signal_connect (self->monitor, "network-changed",
                                            G_CALLBACK (network_changed_cb), self);
  self->query = TRUE;
  plan_in (self, 0);
  return TRUE;
}

/**
 * kith_lan_stop:
 * @self: finding people
 *
 * Leaves the groups. It may be started again.
 */
void
kith_lan_stop (KithLan *self)
{
  kith_source_clear (&self->timer);
  g_clear_signal_handler (&self->network_changed, self->monitor);
  g_clear_object (&self->monitor);
  g_ptr_array_set_size (self->links, 0);
  self->udp_port = 0;
  self->last_us = 0;
  self->query = FALSE;
}

/**
 * kith_lan_set_port:
 * @self: finding people
 * @tcp_port: where we listen now; 0 for nowhere: then we only ask
 *
 * Announces it soon.
 */
void
kith_lan_set_port (KithLan *self, guint16 tcp_port)
{
  if (self->tcp_port == tcp_port)
    return;

  self->tcp_port = tcp_port;
  kith_lan_announce (self, FALSE);
}

/**
 * kith_lan_present:
 * @self: finding people
 * @identity: (nullable): our identity key, to be shown to everybody on the network; %NULL to show
 *   it no more
 * @name: (nullable): what we want to be called
 *
 * The user's switch, off at first. Announces it soon.
 */
void
kith_lan_present (KithLan *self, const guint8 *identity, const char *name)
{
  self->presents = identity != NULL;
  memset (self->identity, 0, sizeof self->identity);
  memset (self->name, 0, sizeof self->name);

  if (identity != NULL)
    {
      memcpy (self->identity, identity, sizeof self->identity);
      g_strlcpy (self->name, name != NULL ? name : "", sizeof self->name);
    }

  kith_lan_announce (self, FALSE);
}

/**
 * kith_lan_get_n_links:
 * @self: finding people
 *
 * Returns: on how many networks it listens, IPv4 and IPv6 counted apart
 */
guint
kith_lan_get_n_links (KithLan *self)
{
  return self->links->len;
}

/**
 * kith_lan_new:
 * @env: (transfer none): clock and randomness
 * @delegate: (transfer none): whom to ask and tell; static
 * @user_data: given to it
 *
 * Returns: (transfer full): finding people, stopped
 */
KithLan *
kith_lan_new (const KithEnv *env, const KithLanDelegate *delegate, gpointer user_data)
{
  KithLan *self = g_new0 (KithLan, 1);

  self->env = env;
  self->delegate = delegate;
  self->user_data = user_data;
  self->links = g_ptr_array_new_with_free_func (close_link_cb);
  self->guard = kith_lan_guard_new (env);
  return self;
}

/**
 * kith_lan_free:
 * @self: (transfer full): finding people
 */
void
kith_lan_free (KithLan *self)
{
  kith_lan_stop (self);
  g_ptr_array_unref (self->links);
  kith_lan_guard_free (self->guard);
  g_free (self->interface);
  g_free (self);
}
