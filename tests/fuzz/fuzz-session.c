/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole session, connection and channel included, with a contact who says anything at any time: frames
 * that are authentic, frames that are not, records in every order, keys that change, halves of all that.
 *
 * The first byte says which side we are; then come steps of what to do, in two bytes how long, and that. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/kith-limits.h"
#include "kith-fuzz-wire.h"
#include "kith-fuzz.h"
#include "net/kith-session-private.h"

#define DIALER 1
#define PENDING 2
#define STEP_BYTES 3
#define MAX_STEPS 64
#define WIRE_BYTES (128 * 1024)

typedef enum
{
  STEP_FRAME,    /* records as they stand there */
  STEP_RECORD,   /* one record: type, body */
  STEP_RAW,      /* bytes that nobody encrypted */
  STEP_HALF,     /* the same frame, in two writes */
  STEP_SEND,     /* ours: type, body */
  STEP_BULK,     /* ours, a piece of a file */
  STEP_PAUSE,    /* ours: reads no more, or again */
  STEP_PASS,     /* in 16 bits: seconds */
  STEP_NEXT_KEY, /* the contact goes over to the next key, as after a rekey */
  STEP_END,      /* ours: closes */
  N_STEPS,
} Step;

typedef struct
{
  KithChannel    *channel;
  KithSession    *session;
  KithNoiseCipher peer; /* with which the contact encrypts */
  int             fd;
  gboolean        pending;
  gboolean        paused;
  gboolean        over;
} Fuzz;

/* --- The owner ------------------------------------------------------------------------------ */

static void
open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  Fuzz *self = user_data;
  const KithBodyOpen answer = { .pending = self->pending };

  kith_fuzz_check (!self->over);
  kith_session_accept_open (session, &answer);
}

static void
opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  kith_fuzz_check (!((Fuzz *) user_data)->over && kith_session_is_open (session));
}

static gboolean
record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  kith_fuzz_check (!((Fuzz *) user_data)->over && kith_session_is_open (session));
  kith_fuzz_check (len <= kith_record_max_bytes ((guint8) type));
  if (type == KITH_RECORD_ACCEPT)
    kith_session_lift_pending (session);
  return len == 0 || body[len - 1] != 0xee;
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
  kith_fuzz_check (!((Fuzz *) user_data)->over);
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  Fuzz *self = user_data;

  kith_fuzz_check (!self->over && error != NULL);
  self->over = TRUE;
}

static const KithSessionEvents events = { open_cb, opened_cb, record_cb, drained_cb, closed_cb };

/* --- The beginning ------------------------------------------------------------------------- */

static void
begin (Fuzz *self, guint8 flags)
{
  gboolean is_dialer = (flags & DIALER) != 0;
  g_autoptr (GSocket) socket = kith_fuzz_socket (&self->fd);
  g_autoptr (KithConnection) connection = kith_connection_new (socket, NULL);
  KithLocal *local = kith_fuzz_local (KITH_FUZZ_OURS);
  KithCertificate theirs;

  self->pending = (flags & PENDING) != 0;
  self->channel = is_dialer ? kith_channel_new_dialer (local, connection, NULL, NULL)
                            : kith_channel_new_listener (local, connection);
  kith_fuzz_check (kith_certificate_parse (&theirs, kith_local_get_certificate (kith_fuzz_local (KITH_FUZZ_THEIRS))));
  kith_fuzz_skip_handshake (self->channel, &theirs, &self->peer);
  self->session = kith_session_new (self->channel);
  kith_session_set_events (self->session, &events, self);
  if (is_dialer)
    kith_session_open (self->session, &(const KithBodyOpen){ .purpose = KITH_PURPOSE_CONTACT });
}

/* --- What the contact says ------------------------------------------------------------------ */

static void
next_key (Fuzz *self)
{
  const KithChannelKeys *next = &self->channel->next;

  if (next->has_receiving)
    kith_noise_cipher_init_key (&self->peer, self->channel->dialer ? next->k_r2i : next->k_i2r);
}

static void
send_ours (Fuzz *self, Step step, const guint8 *data, gsize len)
{
  KithRecordType type = step == STEP_BULK ? KITH_RECORD_FILE_CHUNK : KITH_RECORD_MSG;

  if (len > kith_record_max_bytes ((guint8) type))
    return;
  if (step == STEP_SEND)
    kith_session_send_record (self->session, type, data, len);
  else if (kith_session_has_bulk_room (self->session))
    kith_session_send_bytes (self->session, type, g_byte_array_append (g_byte_array_new (), data, (guint) len));
}

static void
take_step (Fuzz *self, Step step, const guint8 *data, gsize len)
{
  switch (step)
    {
    case STEP_FRAME:
    case STEP_HALF:
      kith_fuzz_say_frame (self->fd, &self->peer, data, len, step == STEP_HALF);
      break;
    case STEP_RECORD:
      if (len > 0)
        kith_fuzz_say_record (self->fd, &self->peer, data[0], data + 1, len - 1);
      break;
    case STEP_RAW:
      kith_fuzz_write (self->fd, data, len);
      break;
    case STEP_SEND:
    case STEP_BULK:
      send_ours (self, step, data, len);
      break;
    case STEP_PAUSE:
      self->paused = !self->paused;
      kith_session_set_reading (self->session, !self->paused);
      break;
    case STEP_PASS:
      kith_fuzz_pass_ms (len >= 2 ? (data[0] * 256u + data[1]) * 1000 : 100);
      break;
    case STEP_NEXT_KEY:
      next_key (self);
      break;
    case STEP_END:
      kith_session_close (self->session, KITH_BYE_SHUTDOWN);
      break;
    case N_STEPS:
    default:
      break;
    }
}

/* However much is said, what waits in here stays bounded. */
static void
check_bounds (Fuzz *self)
{
  gsize queued = self->session->out_bytes + self->session->bulk_bytes + kith_channel_get_queued (self->channel);

  kith_fuzz_check (queued <= 2 * KITH_LIMIT_OUT_QUEUE_BYTES);
  kith_fuzz_check (self->over || !kith_session_is_open (self->session)
                   || self->channel->state == KITH_CHANNEL_READY);
}

static void
end (Fuzz *self)
{
  kith_session_set_events (self->session, NULL, NULL);
  if (kith_session_is_alive (self->session))
    kith_session_abort (self->session);
  kith_session_unref (self->session);
  kith_channel_unref (self->channel);
  kith_noise_cipher_clear (&self->peer);
  close (self->fd);
  kith_fuzz_turn ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static guint8 heard[WIRE_BYTES];
  Fuzz self = { 0 };

  if (size < 1)
    return 0;

  kith_fuzz_reset ();
  begin (&self, data[0]);
  data++, size--;
  for (guint i = 0; i < MAX_STEPS && size >= STEP_BYTES && !self.over; i++)
    {
      gsize len = MIN ((gsize) data[1] << 8 | data[2], size - STEP_BYTES);

      take_step (&self, data[0] % N_STEPS, data + STEP_BYTES, len);
      kith_fuzz_turn ();
      while (!self.paused && kith_fuzz_read (self.fd, heard, sizeof heard) > 0)
        kith_fuzz_turn ();
      check_bounds (&self);
      data += STEP_BYTES + len;
      size -= STEP_BYTES + len;
    }

  end (&self);
  return 0;
}
