/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-relay.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib-unix.h>

#define FREEZE_MS 30

typedef struct
{
  TestRelay *relay; /* (unowned) */
  int        fds[2];
  guint      sources[2];
} Wire;

struct _TestRelay
{
  GSocketService *service;
  guint16         port;
  guint16         target_port;
  gboolean        frozen;
  TestHarm        harm;
  guint           harm_after; /* bytes */
  guint           n_harmed;
  guint           thaw;       /* the source that ends a freeze, or begins one */
  GPtrArray      *wires; /* (owned) Wire */
};

static void
wire_free (gpointer data)
{
  Wire *wire = data;

  for (int i = 0; i < 2; i++)
    {
      g_clear_handle_id (&wire->sources[i], g_source_remove);
      close (wire->fds[i]);
    }
  g_free (wire);
}

static gboolean
write_all (int fd, const char *data, gssize len)
{
  while (len > 0)
    {
      gssize written = send (fd, data, (size_t) len, MSG_NOSIGNAL);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      data += written;
      len -= written;
    }
  return TRUE;
}

static gboolean readable_cb (int fd, GIOCondition condition, gpointer user_data);

static void
wire_watch (Wire *wire, gboolean on)
{
  for (int i = 0; i < 2; i++)
    {
      g_clear_handle_id (&wire->sources[i], g_source_remove);
      if (on)
        wire->sources[i] = g_unix_fd_add (wire->fds[i], G_IO_IN | G_IO_HUP, readable_cb, wire);
    }
}

static gboolean
thaw_cb (gpointer user_data)
{
  TestRelay *self = user_data;

  self->thaw = 0;
  test_relay_freeze (self, FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
freeze_cb (gpointer user_data)
{
  TestRelay *self = user_data;

  test_relay_freeze (self, TRUE);
  self->thaw = g_timeout_add (FREEZE_MS, thaw_cb, self);
  return G_SOURCE_REMOVE;
}

/* Returns: whether the wire ends after these bytes */
static gboolean
do_harm (TestRelay *self, char *buffer, gssize *len)
{
  TestHarm harm = self->harm;

  if (harm == TEST_HARM_NONE || self->harm_after >= (guint) *len)
    {
      self->harm_after -= MIN (self->harm_after, (guint) *len);
      return FALSE;
    }

  self->harm = TEST_HARM_NONE;
  self->n_harmed++;
  if (harm == TEST_HARM_FLIP)
    buffer[self->harm_after] ^= 0x10;
  else if (harm == TEST_HARM_CUT)
    *len = self->harm_after;
  else if (self->thaw == 0)
    self->thaw = g_idle_add (freeze_cb, self);
  return harm == TEST_HARM_CUT;
}

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Wire *wire = user_data;
  int other = fd == wire->fds[0] ? wire->fds[1] : wire->fds[0];
  char buffer[16384];
  gssize len = recv (fd, buffer, sizeof buffer, 0);

  if (len > 0 && do_harm (wire->relay, buffer, &len))
    {
      write_all (other, buffer, len);
      len = 0;
    }
  if (len > 0 && write_all (other, buffer, len))
    return G_SOURCE_CONTINUE;

  /* An end on one side is an end on the other. */
  wire->sources[fd == wire->fds[0] ? 0 : 1] = 0;
  g_ptr_array_remove (wire->relay->wires, wire);
  return G_SOURCE_REMOVE;
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source,
             gpointer user_data)
{
  TestRelay *self = user_data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) out =
    g_socket_client_connect_to_host (client, "127.0.0.1", self->target_port, NULL, NULL);

  if (out == NULL)
    return TRUE;

  Wire *wire = g_new0 (Wire, 1);

  wire->relay = self;
  wire->fds[0] = dup (g_socket_get_fd (g_socket_connection_get_socket (connection)));
  wire->fds[1] = dup (g_socket_get_fd (g_socket_connection_get_socket (out)));
  for (int i = 0; i < 2; i++)
    g_unix_set_fd_nonblocking (wire->fds[i], FALSE, NULL);
  wire_watch (wire, !self->frozen);
  g_ptr_array_add (self->wires, wire);
  /* The GSocketConnections close with their last reference; shut nothing down: we hold dups. */
  return TRUE;
}

TestRelay *
test_relay_new (guint16 target_port)
{
  TestRelay *self = g_new0 (TestRelay, 1);

  self->target_port = target_port;
  self->wires = g_ptr_array_new_with_free_func (wire_free);
  self->service = g_socket_service_new ();
  self->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, NULL);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  return self;
}

guint16
test_relay_get_port (TestRelay *self)
{
  return self->port;
}

/* Frozen: both sides stay connected and hear nothing more, as when a cable is pulled. */
void
test_relay_freeze (TestRelay *self, gboolean frozen)
{
  self->frozen = frozen;
  for (guint i = 0; i < self->wires->len; i++)
    wire_watch (g_ptr_array_index (self->wires, i), !frozen);
}

/* Both sides see an end of the stream without BYE. */
void
test_relay_cut (TestRelay *self)
{
  g_ptr_array_set_size (self->wires, 0);
}

void
test_relay_harm (TestRelay *self, TestHarm harm, guint after_bytes)
{
  self->harm = harm;
  self->harm_after = after_bytes;
}

guint
test_relay_get_n_harmed (TestRelay *self)
{
  return self->n_harmed;
}

void
test_relay_set_target (TestRelay *self, guint16 target_port)
{
  self->target_port = target_port;
}

void
test_relay_free (TestRelay *self)
{
  g_clear_handle_id (&self->thaw, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_ptr_array_unref (self->wires);
  g_free (self);
}
