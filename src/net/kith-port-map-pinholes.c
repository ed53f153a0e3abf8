/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Behind most routers an IPv6 address is one of the internet, and nobody outside reaches it: the
 * router's firewall lets in only what was asked for from inside. PCP asks it for our port, once for
 * each of our addresses and from that address. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-port-map-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "net/kith-pcp.h"

typedef struct
{
  KithPinholes     *owner;   /* (unowned) */
  KithEndpoint      address;
  KithMapper       *mapper;  /* (owned) (nullable) */
  KithPortMapState  state;
  char             *detail;  /* (owned) (nullable) */
  GSource          *timer;   /* (owned) (nullable): conclude, or try again */
} Hole;

struct _KithPinholes
{
  const KithPortMapTimes   *times;   /* (unowned) */
  const KithPinholesEvents *events;  /* (unowned) */
  gpointer                  user_data;
  guint8                    nonce[KITH_PCP_NONCE_BYTES];
  GPtrArray                *holes;   /* (owned) Hole */
};

static void request (Hole *hole);

static void
set_timer (Hole *hole, guint ms, GSourceFunc func)
{
  kith_source_start (&hole->timer, ms, func, hole);
  g_source_set_static_name (hole->timer, "kith-pinhole");
}

static void
hole_free (gpointer data)
{
  Hole *hole = data;

  kith_source_clear (&hole->timer);
  kith_mapper_free (hole->mapper);
  g_free (hole->detail);
  g_free (hole);
}

/* --- What becomes of a request --------------------------------------------------------------- */

static gboolean
again_cb (gpointer user_data)
{
  request (user_data);
  return G_SOURCE_REMOVE;
}

/* Telling is the last thing that is done. */
static void
set_state (Hole *hole, KithPortMapState state, const char *detail)
{
  hole->state = state;
  g_free (hole->detail);
  hole->detail = g_strdup (detail);
  hole->owner->events->changed (hole->owner->user_data);
}

static void
mapped (KithMapper *mapper, const KithEndpoint *external, gpointer user_data)
{
  Hole *hole = user_data;

  kith_source_clear (&hole->timer);
  set_state (hole, KITH_PORT_MAP_MAPPED, "PCP: IPv6 is let in");
}

/* There is no router that would be behind another one here: an address is what it is. */
static void
failed (KithMapper *mapper, KithPortMapState state, const char *detail, gpointer user_data)
{
  Hole *hole = user_data;

  set_timer (hole, hole->owner->times->again_ms, again_cb);
  set_state (hole, MIN (state, KITH_PORT_MAP_REFUSED), detail);
}

static void
reset (KithMapper *mapper, gpointer user_data)
{
  Hole *hole = user_data;

  hole->owner->events->reset (hole->owner->user_data);
}

static gboolean
conclude_cb (gpointer user_data)
{
  Hole *hole = user_data;

  set_timer (hole, hole->owner->times->again_ms, again_cb);
  set_state (hole, KITH_PORT_MAP_NO_ROUTER, "PCP: no answer");
  return G_SOURCE_REMOVE;
}

static void
request (Hole *hole)
{
  set_timer (hole, hole->owner->times->search_ms, conclude_cb);
  hole->mapper->class->request (hole->mapper);
}

/* --- Which there are ------------------------------------------------------------------------ */

static void
add_hole (KithPinholes *self, const KithEndpoint *address)
{
  static const KithMapperEvents events = { .mapped = mapped, .failed = failed, .reset = reset };
  Hole *hole = g_new0 (Hole, 1);

  hole->owner = self;
  hole->address = *address;
  hole->state = KITH_PORT_MAP_SEARCHING;
  hole->mapper = kith_port_map_pcp_new (self->nonce, address);
  hole->mapper->local_port = address->port;
  hole->mapper->lease_s = self->times->lease_s;
  hole->mapper->events = &events;
  hole->mapper->user_data = hole;
  g_ptr_array_add (self->holes, hole);
  request (hole);
}

/* An open one is closed by the router, when it is asked from the address that it was for. */
static void
close_hole (KithPinholes *self, guint at, GTask *task)
{
  Hole *hole = self->holes->pdata[at];

  if (hole->state == KITH_PORT_MAP_MAPPED)
    kith_mapper_remove (g_steal_pointer (&hole->mapper), self->times->remove_ms, task);
  g_ptr_array_remove_index (self->holes, at);
}

static gboolean
is_listed (const KithEndpoint *addresses, guint n, const KithEndpoint *address)
{
  for (guint i = 0; i < n; i++)
    if (kith_endpoint_equal (&addresses[i], address))
      return TRUE;

  return FALSE;
}

static gboolean
has_hole (KithPinholes *self, const KithEndpoint *address)
{
  for (guint i = 0; i < self->holes->len; i++)
    {
      const Hole *hole = self->holes->pdata[i];

      if (kith_endpoint_equal (&hole->address, address))
        return TRUE;
    }

  return FALSE;
}

/* Only what is reached from outside, if the router lets it. */
static gboolean
is_global (const KithEndpoint *address)
{
  return address->family == 6 && kith_endpoint_is_dialable (address)
         && kith_endpoint_is_global (address);
}

/**
 * kith_pinholes_set: (skip)
 * @self: the pinholes
 * @addresses: (array length=n): where we listen; those that are no global IPv6 addresses are passed
 *   over
 * @n: how many
 *
 * Opens holes for new ones, and closes those of addresses that are gone.
 */
void
kith_pinholes_set (KithPinholes *self, const KithEndpoint *addresses, guint n)
{
  guint n_before = self->holes->len;

  for (guint i = n_before; i > 0; i--)
    if (!is_listed (addresses, n, &((Hole *) self->holes->pdata[i - 1])->address))
      close_hole (self, i - 1, NULL);

  for (guint i = 0; i < n && self->holes->len < KITH_LIMIT_PORT_MAP_PINHOLES; i++)
    if (is_global (&addresses[i]) && !has_hole (self, &addresses[i]))
      add_hole (self, &addresses[i]);

  if (n_before != 0 || self->holes->len != 0)
    self->events->changed (self->user_data);
}

/**
 * kith_pinholes_begin_anew: (skip)
 * @self: the pinholes
 *
 * There may be another router now. What the former one lets in ends with its lease.
 */
void
kith_pinholes_begin_anew (KithPinholes *self)
{
  g_autoptr (GPtrArray) former = g_steal_pointer (&self->holes);

  self->holes = g_ptr_array_new_with_free_func (hole_free);
  for (guint i = 0; i < former->len; i++)
    add_hole (self, &((Hole *) former->pdata[i])->address);
}

/**
 * kith_pinholes_renew: (skip)
 * @self: the pinholes
 *
 * Asks for each hole again: the router may have forgotten it.
 */
void
kith_pinholes_renew (KithPinholes *self)
{
  for (guint i = 0; i < self->holes->len; i++)
    request (self->holes->pdata[i]);
}

/**
 * kith_pinholes_stop: (skip)
 * @self: the pinholes
 * @task: (nullable): waits until they are closed
 */
void
kith_pinholes_stop (KithPinholes *self, GTask *task)
{
  for (guint i = self->holes->len; i > 0; i--)
    close_hole (self, i - 1, task);
}

/**
 * kith_pinholes_get_state: (skip)
 * @self: the pinholes
 *
 * Returns: %KITH_PORT_MAP_MAPPED when we are let in by at least one address, else what is most
 *   telling; %KITH_PORT_MAP_OFF when there is no global IPv6 address
 */
KithPortMapState
kith_pinholes_get_state (KithPinholes *self)
{
  KithPortMapState state = KITH_PORT_MAP_OFF;

  for (guint i = 0; i < self->holes->len; i++)
    {
      const Hole *hole = self->holes->pdata[i];

      if (hole->state == KITH_PORT_MAP_MAPPED)
        return KITH_PORT_MAP_MAPPED;
      state = MAX (state, hole->state);
    }

  return state;
}

/**
 * kith_pinholes_get_detail: (skip)
 * @self: the pinholes
 *
 * Returns: (transfer none): what the router answered, in technical words of ours; maybe empty
 */
const char *
kith_pinholes_get_detail (KithPinholes *self)
{
  KithPortMapState state = kith_pinholes_get_state (self);

  for (guint i = 0; i < self->holes->len; i++)
    {
      const Hole *hole = self->holes->pdata[i];

      if (hole->state == state && hole->detail != NULL)
        return hole->detail;
    }

  return "";
}

/**
 * kith_pinholes_new: (skip)
 * @times: lives as long as the pinholes
 * @nonce: (array fixed-size=12): as kith_port_map_pcp_new() has it
 * @events: what is called when something changes
 * @user_data: given to them
 *
 * Returns: (transfer full): pinholes, for no address yet
 */
KithPinholes *
kith_pinholes_new (const KithPortMapTimes *times, const guint8 *nonce,
                   const KithPinholesEvents *events, gpointer user_data)
{
  KithPinholes *self = g_new0 (KithPinholes, 1);

  self->times = times;
  self->events = events;
  self->user_data = user_data;
  memcpy (self->nonce, nonce, sizeof self->nonce);
  self->holes = g_ptr_array_new_with_free_func (hole_free);
  return self;
}

/**
 * kith_pinholes_free: (skip)
 * @self: (transfer full): the pinholes
 *
 * What the router lets in ends with its lease, if they were not stopped.
 */
void
kith_pinholes_free (KithPinholes *self)
{
  g_ptr_array_unref (self->holes);
  g_free (self);
}
