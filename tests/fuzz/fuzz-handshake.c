/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before anybody is known: what comes to a listener, and what answers a dialer. Either nothing but the
 * input, or somebody honest in between whom bytes are changed, lost, doubled and held back.
 *
 * The first byte says which; the second how many bytes go at once. Changes are of four bytes: which way and what,
 * where in two, and with what. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "kith-fuzz-wire.h"
#include "kith-fuzz.h"
#include "net/kith-channel-private.h"

#define LISTENER 1
#define HONEST 2
#define KNOCKS 4
#define CHANGE_BYTES 4
#define MAX_HANDSHAKE_BYTES 4096
#define ROUNDS 256

typedef struct
{
  KithChannel *channel;
  int          fd;       /* its other end */
  gsize        n_passed; /* bytes that it has sent */
  gboolean     ready;
  gboolean     over;
  guint8       hash[KITH_HASH_BYTES]; /* of when it was ready */
  guint8       exporter[KITH_KEY_BYTES];
} Side;

static void
ready_cb (gpointer user_data)
{
  Side *side = user_data;

  kith_fuzz_check (!side->over && !side->ready);
  side->ready = TRUE;
  memcpy (side->hash, kith_channel_get_hash (side->channel), sizeof side->hash);
  memcpy (side->exporter, kith_channel_get_exporter (side->channel), sizeof side->exporter);
}

static gboolean
frame_cb (const guint8 *plaintext, gsize len, gpointer user_data)
{
  return TRUE;
}

static void
drained_cb (gpointer user_data)
{
}

static void
ended_cb (const GError *error, gpointer user_data)
{
  Side *side = user_data;

  kith_fuzz_check (!side->over);
  kith_fuzz_check (side->ready || error != NULL);
  side->over = TRUE;
}

static const KithChannelEvents events = { ready_cb, frame_cb, drained_cb, ended_cb, NULL };

static void
begin (Side *side, KithFuzzSide who, gboolean is_listener, const KithEntry *entry)
{
  g_autoptr (GSocket) socket = kith_fuzz_socket (&side->fd);
  g_autoptr (KithConnection) connection = kith_connection_new (socket, NULL);
  KithLocal *local = kith_fuzz_local (who);

  side->channel = is_listener ? kith_channel_new_listener (local, connection)
                              : kith_channel_new_dialer (local, connection, NULL, entry);
  kith_channel_set_events (side->channel, &events, side);
  kith_channel_start (side->channel);
}

static void
end (Side *side)
{
  kith_channel_close (side->channel);
  kith_channel_unref (side->channel);
  close (side->fd);
}

/* --- Nothing but the input ------------------------------------------------------------------ */

static void
feed (guint8 flags, const guint8 *data, gsize size, gsize piece)
{
  guint8 heard[MAX_HANDSHAKE_BYTES];
  gsize n_answered = 0;
  Side side = { 0 };

  begin (&side, KITH_FUZZ_OURS, (flags & LISTENER) != 0, NULL);
  for (gsize done = 0; done < size && !side.over; done += piece)
    {
      kith_fuzz_write (side.fd, data + done, MIN (piece, size - done));
      kith_fuzz_turn ();
      n_answered += kith_fuzz_read (side.fd, heard, sizeof heard);
    }

  /* Nobody gets in without a key, and a listener says nothing to whom it does not let in. */
  kith_fuzz_check (!side.ready);
  if ((flags & LISTENER) != 0 && size < KITH_PREAMBLE_BYTES)
    kith_fuzz_check (n_answered == 0);
  end (&side);
}

/* --- Somebody honest, over a bad wire ------------------------------------------------------- */

/* Passes on what @from has said, with the changes that are meant for that way. Returns: how much that was */
static gsize
pass (Side *from, Side *to, guint8 way, const guint8 *changes, gsize size, gsize piece)
{
  guint8 buffer[MAX_HANDSHAKE_BYTES];
  gsize len = kith_fuzz_read (from->fd, buffer, MIN (piece, sizeof buffer - 256));

  for (gsize i = 0; i + CHANGE_BYTES <= size; i += CHANGE_BYTES)
    {
      const guint8 *change = changes + i;
      gsize at = (gsize) change[1] << 8 | change[2];
      gsize here = at - from->n_passed;

      if ((change[0] & 1) != way || at < from->n_passed || here >= len)
        continue;
      if ((change[0] & 6) == 0)
        buffer[here] ^= change[3];
      else if ((change[0] & 6) == 2)
        buffer[here] = change[3];
      else if ((change[0] & 6) == 4)
        len = here;
      else if (len + change[3] <= sizeof buffer)
        {
          memmove (buffer + here + change[3], buffer + here, len - here);
          len += change[3];
        }
    }

  kith_fuzz_write (to->fd, buffer, len);
  from->n_passed += len;
  return len;
}

static void
relay (guint8 flags, const guint8 *changes, gsize size, gsize piece)
{
  KithEntry entry = { .kind = KITH_ENTRY_CONTACT, .knock_dir = 1 };
  Side dialer = { 0 }, listener = { 0 };

  begin (&listener, KITH_FUZZ_OURS, TRUE, NULL);
  begin (&dialer, KITH_FUZZ_THEIRS, FALSE, (flags & KNOCKS) != 0 ? &entry : NULL);
  for (guint i = 0; i < ROUNDS && !dialer.over && !listener.over; i++)
    {
      gsize n;

      kith_fuzz_turn ();
      n = pass (&dialer, &listener, 0, changes, size, piece);
      n += pass (&listener, &dialer, 1, changes, size, piece);
      if (n == 0)
        break;
    }

  /* Both agree on who is there, or it did not come to that. */
  if (dialer.ready && listener.ready)
    kith_fuzz_check (memcmp (dialer.hash, listener.hash, sizeof dialer.hash) == 0
                     && memcmp (dialer.exporter, listener.exporter, sizeof dialer.exporter) == 0);
  if (size < CHANGE_BYTES && piece >= 16 && (flags & KNOCKS) == 0)
    kith_fuzz_check (dialer.ready && listener.ready);
  end (&dialer);
  end (&listener);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize piece;

  if (size < 2)
    return 0;

  kith_fuzz_reset ();
  piece = data[1] == 0 ? MAX_HANDSHAKE_BYTES : data[1];
  if ((data[0] & HONEST) != 0)
    relay (data[0], data + 2, MIN (size - 2, 64), piece);
  else
    feed (data[0], data + 2, MIN (size - 2, MAX_HANDSHAKE_BYTES), piece);
  kith_fuzz_turn ();
  return 0;
}
