/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw bytes of one TCP connection.
 *
 * Receiving: all connections share one scratch buffer, because only one is dispatched at a time;
 * what is left of an incomplete frame is kept by the connection, so that an idle one holds no
 * buffer at all. Sending: bytes are collected in one buffer and written at the end of the turn of
 * the loop, many frames with one system call; when the socket is full, we wait until it is not.
 *
 * Priority: a connection with little to say is served at once. One that keeps us busy is served
 * after the window was drawn, or whoever sends at full speed would stop everything else: both ways,
 * for were sending more urgent than receiving, then whoever sends on and on would never read the
 * answer to a rekey.
 */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-connection.h"

#include <string.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "net/kith-poller.h"

#define SCRATCH_BYTES (256 * 1024)
#define KEEP_OUT_BYTES (64 * 1024)
#define DROP_OUT_BYTES (512 * 1024)
#define TRIM_OUT_BYTES (4 * 1024)

#define WINDOW_US 16000
#define WINDOW_BYTES SCRATCH_BYTES
#define WINDOW_TURNS 64

struct _KithConnection
{
  grefcount                   ref_count;
  GSocket                    *socket;     /* (owned) */
  KithEndpoint                remote;     /* where it leads; family 0: where the socket does */
  const KithConnectionEvents *events;     /* (unowned) (nullable) */
  gpointer                    user_data;
  KithWatch                  *watch;      /* (owned) (nullable) when closed */
  GByteArray                 *unused;     /* (owned) (nullable): received, not used up */
  GByteArray                 *out;        /* (owned) */
  gsize                       out_start;  /* how much of it is sent */
  gsize                       out_peak;   /* how long it has been: a bound of what it holds on to */
  gint64                      window_us;  /* when the present 16 ms began */
  gsize                       window_bytes;
  guint                       window_turns;
  gboolean                    reading;    /* as the owner wants it */
  gboolean                    again;      /* what is unused is handed over once more before more is read */
  gboolean                    full;       /* the socket takes no more now */
  gboolean                    above_low_water;
  gboolean                    finishing;  /* shut down the sending side when all is out */
  gboolean                    ended;
  gboolean                    closed;
};

static guint8 scratch[SCRATCH_BYTES];

/* What we wait for. */
static void
update_watch (KithConnection *self)
{
  kith_watch_want (self->watch, self->ended ? 0
                                            : (self->reading ? G_IO_IN : 0) | (self->full ? G_IO_OUT : 0));
}

static void
emit_ended (KithConnection *self, const GError *error)
{
  if (self->ended || self->closed)
    return;

  self->ended = TRUE;
  update_watch (self);
  if (self->events != NULL)
    self->events->ended (error, self->user_data);
}

/* Counts what passes, by windows of 16 ms, and decides how urgent we are from now on. */
static void
account (KithConnection *self, gsize bytes)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 age_us = now_us - self->window_us;

  if (age_us >= WINDOW_US)
    {
      gboolean was_busy = self->window_bytes >= WINDOW_BYTES || self->window_turns >= WINDOW_TURNS;

      kith_watch_set_bulk (self->watch, was_busy && age_us < 2 * WINDOW_US);
      self->window_us = now_us;
      self->window_bytes = 0;
      self->window_turns = 0;
    }

  self->window_bytes += bytes;
  self->window_turns++;
  if (self->window_bytes >= WINDOW_BYTES || self->window_turns >= WINDOW_TURNS)
    kith_watch_set_bulk (self->watch, TRUE);
}

/* --- Receiving ------------------------------------------------------------------------------ */

static void
keep_unused (KithConnection *self, const guint8 *data, gsize len)
{
  if (len == 0)
    {
      g_clear_pointer (&self->unused, g_byte_array_unref);
      return;
    }

  if (self->unused == NULL)
    self->unused = g_byte_array_new ();
  g_byte_array_set_size (self->unused, (guint) len);
  memcpy (self->unused->data, data, len);
}

/* Hands over what is in the first @len bytes of the scratch buffer. */
static void
deliver (KithConnection *self, gsize len)
{
  gsize used = self->events != NULL ? self->events->received (scratch, len, self->user_data) : 0;

  if (!self->closed)
    keep_unused (self, scratch + used, len - used);
  kith_secret_wipe (scratch, used); /* it was decrypted in place */
}

static void
receive (KithConnection *self)
{
  g_autoptr (GError) error = NULL;
  gsize kept = self->unused != NULL ? self->unused->len : 0;
  gssize len;

  /* An owner that leaves a full buffer unused would never get further. */
  if (kept >= sizeof scratch)
    {
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The owner is stuck");
      emit_ended (self, error);
      return;
    }

  len = g_socket_receive (self->socket, (char *) scratch + kept, sizeof scratch - kept, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return;

  if (len <= 0)
    {
      emit_ended (self, error);
      return;
    }

  account (self, (gsize) len);
  if (kept > 0)
    memcpy (scratch, self->unused->data, kept);
  deliver (self, kept + (gsize) len);
}

/* What was left when the owner paused may hold whole frames: they do not wait for more bytes. */
static void
redeliver (KithConnection *self)
{
  gsize kept = self->unused != NULL ? self->unused->len : 0;

  self->again = FALSE;
  if (kept > 0)
    {
      memcpy (scratch, self->unused->data, kept);
      deliver (self, kept);
    }
}

/**
 * kith_connection_set_reading:
 * @self: a connection
 * @reading: whether to read on
 *
 * Stops reading while the owner is behind, so that the peer is slowed down by TCP, and starts
 * again.
 */
void
kith_connection_set_reading (KithConnection *self, gboolean reading)
{
  if (self->closed || self->ended || reading == self->reading)
    return;

  self->reading = reading;
  self->again = reading && self->unused != NULL;
  if (self->again)
    kith_watch_raise (self->watch, G_IO_IN);
  update_watch (self);
}

/* --- Sending -------------------------------------------------------------------------------- */

static void
drop_out (KithConnection *self)
{
  g_byte_array_unref (self->out);
  self->out = g_byte_array_new ();
  self->out_peak = 0;
}

/* Keeps the buffer from growing without end. One that was full and is out is filled again at once when much is sent:
 * made anew each time, the allocator gives its pages back and takes them again, which takes as long as to encrypt
 * them. kith_connection_trim() drops it when nothing has come for a while. */
static void
compact_out (KithConnection *self)
{
  if (self->out_start == self->out->len)
    {
      self->out_start = 0;
      g_byte_array_set_size (self->out, 0);
      if (self->out_peak > DROP_OUT_BYTES)
        drop_out (self);
    }
  else if (self->out_start > KEEP_OUT_BYTES && self->out_start > self->out->len / 2)
    {
      g_byte_array_remove_range (self->out, 0, (guint) self->out_start);
      self->out_start = 0;
    }
}

static void
flush (KithConnection *self)
{
  g_autoptr (GError) error = NULL;

  account (self, self->out->len - self->out_start);
  self->full = FALSE;
  while (self->out_start < self->out->len)
    {
      gssize sent = g_socket_send (self->socket, (const char *) self->out->data + self->out_start,
                                   self->out->len - self->out_start, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          compact_out (self);
          self->full = TRUE;
          return;
        }
      if (sent < 0)
        {
          emit_ended (self, error);
          return;
        }
      self->out_start += (gsize) sent;
    }

  compact_out (self);
  if (self->finishing)
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
}

static void
write_out (KithConnection *self)
{
  flush (self);
  if (self->closed || self->ended)
    return;

  update_watch (self);
  if (self->above_low_water && kith_connection_get_queued (self) < KITH_LIMIT_OUT_LOW_WATER_BYTES)
    {
      self->above_low_water = FALSE;
      if (self->events != NULL)
        self->events->drained (self->user_data);
    }
}

/* At the end of this turn: after all that is ready now had its say, before anything is drawn. */
static void
schedule_flush (KithConnection *self)
{
  if (!self->full && !self->closed && !self->ended)
    kith_watch_raise (self->watch, G_IO_OUT);
}

static void
ready_cb (GIOCondition ready, gpointer user_data)
{
  g_autoptr (KithConnection) self = kith_connection_ref (user_data);

  if ((ready & G_IO_ERR) != 0)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                                      "The system cannot watch the socket");

      emit_ended (self, error);
      return;
    }

  if ((ready & G_IO_IN) != 0 && self->reading && !self->ended)
    {
      if (self->again)
        redeliver (self);
      else
        receive (self);
    }
  if ((ready & G_IO_OUT) != 0 && !self->closed && !self->ended)
    write_out (self);
}

/**
 * kith_connection_reserve:
 * @self: a connection
 * @len: how many bytes will be written at most
 *
 * Makes room at the end of the out queue. The queue is bounded by its users, who ask
 * kith_connection_get_queued() first.
 *
 * Returns: (transfer none): where to write, valid until kith_connection_commit()
 */
guint8 *
kith_connection_reserve (KithConnection *self, gsize len)
{
  guint old_len = self->out->len;

  self->out_peak = MAX (self->out_peak, old_len + len);
  g_byte_array_set_size (self->out, old_len + (guint) len);
  self->out->len = old_len;
  return self->out->data + old_len;
}

/**
 * kith_connection_commit:
 * @self: a connection
 * @len: how many bytes were written into what was reserved
 */
void
kith_connection_commit (KithConnection *self, gsize len)
{
  self->out->len += (guint) len;
  if (kith_connection_get_queued (self) >= KITH_LIMIT_OUT_LOW_WATER_BYTES)
    self->above_low_water = TRUE;
  schedule_flush (self);
}

/**
 * kith_connection_get_queued:
 * @self: a connection
 *
 * Returns: how many bytes wait to be sent
 */
gsize
kith_connection_get_queued (KithConnection *self)
{
  return self->out->len - self->out_start;
}

/**
 * kith_connection_trim:
 * @self: a connection that is idle
 *
 * Gives back the memory of an out queue that was long once.
 */
void
kith_connection_trim (KithConnection *self)
{
  if (self->out->len == 0 && self->out_peak > TRIM_OUT_BYTES)
    drop_out (self);
}

/**
 * kith_connection_finish:
 * @self: a connection
 *
 * Ends the sending side when all that is queued is out. Reading goes on, because closing a socket
 * with unread bytes would destroy what is still on its way to the peer.
 */
void
kith_connection_finish (KithConnection *self)
{
  self->finishing = TRUE;
  schedule_flush (self);
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_connection_new:
 * @socket: (transfer none): a connected TCP socket
 * @remote: (nullable): where it leads; %NULL = where the socket does. Of a connection through a proxy
 *   the socket knows nothing but the proxy
 *
 * Returns: (transfer full): a connection that does not read until kith_connection_set_reading()
 */
KithConnection *
kith_connection_new (GSocket *socket, const KithEndpoint *remote)
{
  KithConnection *self = g_new0 (KithConnection, 1);

  g_ref_count_init (&self->ref_count);
  self->socket = g_object_ref (socket);
  if (remote != NULL)
    self->remote = *remote;
  self->out = g_byte_array_new ();
  self->watch = kith_watch_new (g_socket_get_fd (socket), ready_cb, self);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  /* What the socket has taken cannot be overtaken any more. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, KITH_LIMIT_UNSENT_BYTES, NULL);
  return self;
}

/**
 * kith_connection_set_events:
 * @self: a connection
 * @events: (nullable): whom to tell; static. %NULL from the owner that goes
 * @user_data: given to each
 */
void
kith_connection_set_events (KithConnection *self, const KithConnectionEvents *events,
                            gpointer user_data)
{
  self->events = events;
  self->user_data = user_data;
}

/**
 * kith_connection_close:
 * @self: a connection
 *
 * Closes the socket at once; nothing is heard of it afterwards.
 */
void
kith_connection_close (KithConnection *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  self->events = NULL;
  g_clear_pointer (&self->watch, kith_watch_free);
  g_clear_pointer (&self->unused, g_byte_array_unref);
  g_socket_close (self->socket, NULL);
}

/**
 * kith_connection_ref:
 * @self: a connection
 *
 * Returns: (transfer full): @self
 */
KithConnection *
kith_connection_ref (KithConnection *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_connection_unref:
 * @self: (transfer full): a connection
 *
 * The last reference closes it.
 */
void
kith_connection_unref (KithConnection *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  kith_connection_close (self);
  g_byte_array_unref (self->out);
  g_object_unref (self->socket);
  g_free (self);
}

/* --- Addresses ------------------------------------------------------------------------------ */

/**
 * kith_endpoint_from_socket_address:
 * @self: (out caller-allocates): an endpoint
 * @address: (nullable): an address of a socket
 *
 * Returns: whether it is an IP address
 */
gboolean
kith_endpoint_from_socket_address (KithEndpoint *self, GSocketAddress *address)
{
  GInetAddress *inet;

  *self = (KithEndpoint){ 0 };
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;

  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  return kith_endpoint_set_bytes (self, g_inet_address_to_bytes (inet),
                                  g_inet_address_get_native_size (inet),
                                  g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

/**
 * kith_endpoint_to_socket_address:
 * @self: an endpoint
 *
 * Returns: (transfer full): the same for a socket
 */
GSocketAddress *
kith_endpoint_to_socket_address (const KithEndpoint *self)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_bytes (
    self->address, self->family == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

  return g_inet_socket_address_new (inet, self->port);
}

/**
 * kith_connection_get_remote:
 * @self: a connection
 * @remote: (out caller-allocates): the peer's address and port
 *
 * Returns: %FALSE when the socket is no longer connected
 */
gboolean
kith_connection_get_remote (KithConnection *self, KithEndpoint *remote)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (self->remote.family != 0)
    {
      *remote = self->remote;
      return TRUE;
    }

  address = g_socket_get_remote_address (self->socket, NULL);
  return kith_endpoint_from_socket_address (remote, address);
}
