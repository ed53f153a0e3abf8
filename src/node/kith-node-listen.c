/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being reached: the listener and the addresses to give to friends. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "node/kith-networking.h"
#include "node/kith-node-private.h"
#include "node/kith-node-sessions.h"
#include "node/kith-own-addresses.h"

static void
notify_listening (KithNode *self)
{
  g_object_notify (G_OBJECT (self), "listening");
  g_object_notify (G_OBJECT (self), "listen-port");
  kith_networking_listening_changed (self->networking);
}

/* The very address and port that we listen on already cannot be bound a second time. */
static gboolean
is_same_place (KithNode *self, const char *address, guint16 port)
{
  return self->listener != NULL && port != 0 && port == kith_listener_get_port (self->listener)
         && g_strcmp0 (address, self->listen_address) == 0;
}

/* Behind a proxy only this machine hears us, such as a Tor that has an onion service for our port:
 * whoever else came would come around the proxy. */
static const char *
get_bound_address (KithNode *self, const char *address)
{
  KithEndpoint endpoint;

  if (self->networking->config->proxy == NULL
      || (kith_endpoint_parse (&endpoint, address, 1) && kith_endpoint_is_loopback (&endpoint)))
    return address;

  return "127.0.0.1";
}

/* Returns: (transfer full) (nullable): a new listener */
static KithListener *
start_listener (KithNode *self, const char *wanted, guint16 port, gboolean try_next, GError **error)
{
  const char *address = get_bound_address (self, wanted);
  g_autoptr (KithListener) listener =
    kith_listener_new (self->local, kith_node_take_session, self);

  if (!kith_listener_start (listener, *address != '\0' ? address : NULL, port, try_next, error))
    return NULL;

  return g_steal_pointer (&listener);
}

/* The port may be taken by nobody but ourselves, on another address: then the old listener has to
 * go first, and comes back when the new place is not to be had either. */
static KithListener *
move_listener (KithNode *self, const char *address, guint16 port, GError **error)
{
  KithListener *listener;

  g_clear_pointer (&self->listener, kith_listener_free);
  listener = start_listener (self, address, port, FALSE, error);
  if (listener == NULL)
    self->listener = start_listener (self, self->listen_address, port, FALSE, NULL);

  return listener;
}

gboolean
kith_node_listen (KithNode *self, const char *address, guint16 port, gboolean try_next,
                  GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean was_listening = self->listener != NULL;
  KithListener *listener;

  if (address == NULL)
    address = "";

  if (self->local == NULL || self->closing)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
      return FALSE;
    }

  if (is_same_place (self, address, port))
    return TRUE;

  listener = start_listener (self, address, port, try_next, &cause);
  if (listener == NULL && self->listener != NULL && port == kith_listener_get_port (self->listener)
      && g_error_matches (cause, KITH_ERROR, KITH_ERROR_PORT_IN_USE))
    {
      g_clear_error (&cause);
      listener = move_listener (self, address, port, &cause);
    }

  if (listener == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      if (was_listening && self->listener == NULL)
        notify_listening (self);
      return FALSE;
    }

  g_clear_pointer (&self->listener, kith_listener_free);
  self->listener = listener;
  g_free (self->listen_address);
  self->listen_address = g_strdup (address);
  notify_listening (self);
  return TRUE;
}

/**
 * kith_node_listen_again: (skip)
 * @self: a node whose proxy has changed
 *
 * Listens at the same port, on the addresses that are right now.
 */
void
kith_node_listen_again (KithNode *self)
{
  guint16 port = kith_node_get_listen_port (self);
  g_autoptr (GError) error = NULL;

  if (self->listener == NULL)
    return;

  g_clear_pointer (&self->listener, kith_listener_free);
  self->listener = start_listener (self, self->listen_address, port, TRUE, &error);
  if (self->listener == NULL)
    kith_node_emit_warning (self, error);
  notify_listening (self);
}

void
kith_node_unlisten (KithNode *self)
{
  if (self->listener == NULL)
    return;

  g_clear_pointer (&self->listener, kith_listener_free);
  notify_listening (self);
}

gboolean
kith_node_get_listening (KithNode *self)
{
  return self->listener != NULL;
}

guint16
kith_node_get_listen_port (KithNode *self)
{
  return self->listener != NULL ? kith_listener_get_port (self->listener) : 0;
}

const char *
kith_node_get_listen_address (KithNode *self)
{
  return self->listen_address != NULL ? self->listen_address : "";
}

char **
kith_node_dup_own_addresses (KithNode *self)
{
  if (self->listener == NULL)
    return g_new0 (char *, 1);

  return kith_own_addresses_list (get_bound_address (self, self->listen_address));
}
