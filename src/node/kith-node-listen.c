/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being reached: the listener and the addresses to give to friends. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "node/kith-node-private.h"
#include "node/kith-node-sessions.h"
#include "node/kith-own-addresses.h"

static void
notify_listening (KithNode *self)
{
  g_object_notify (G_OBJECT (self), "listening");
  g_object_notify (G_OBJECT (self), "listen-port");
}

/* The very address and port that we listen on already cannot be bound a second time. */
static gboolean
is_same_place (KithNode *self, const char *address, guint16 port)
{
  return self->listener != NULL && port != 0 && port == kith_listener_get_port (self->listener)
         && g_strcmp0 (address, self->listen_address) == 0;
}

gboolean
kith_node_listen (KithNode *self, const char *address, guint16 port, gboolean try_next,
                  GError **error)
{
  g_autoptr (KithListener) listener = NULL;

  if (address == NULL)
    address = "";

  if (self->local == NULL || self->closing)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
      return FALSE;
    }

  if (is_same_place (self, address, port))
    return TRUE;

  listener = kith_listener_new (self->local, kith_node_take_session, self);
  if (!kith_listener_start (listener, *address != '\0' ? address : NULL, port, try_next, error))
    return FALSE;

  g_clear_pointer (&self->listener, kith_listener_free);
  self->listener = g_steal_pointer (&listener);
  g_free (self->listen_address);
  self->listen_address = g_strdup (address);
  notify_listening (self);
  return TRUE;
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

  return kith_own_addresses_list (self->listen_address);
}
