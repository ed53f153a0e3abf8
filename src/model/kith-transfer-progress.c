/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a transfer came, and how fast it goes. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-transfer-private.h"

/* Progress is told that often, and the speed is that of about the last seconds. */
#define TELL_US (250 * 1000)
#define SPEED_WEIGHT 0.3

#define N_STATES (KITH_TRANSFER_DECLINED + 1)

static const char *const state_names[N_STATES] = {
  [KITH_TRANSFER_PREPARING] = "preparing", [KITH_TRANSFER_OFFERED] = "offered",
  [KITH_TRANSFER_WAITING] = "waiting",     [KITH_TRANSFER_RUNNING] = "running",
  [KITH_TRANSFER_PAUSED] = "paused",       [KITH_TRANSFER_DONE] = "done",
  [KITH_TRANSFER_FAILED] = "failed",       [KITH_TRANSFER_CANCELLED] = "cancelled",
  [KITH_TRANSFER_DECLINED] = "declined",
};

/* --- Where it stands ------------------------------------------------------------------------ */

/**
 * kith_transfer_state_to_string:
 * @state: a state
 *
 * Returns: its name for machines, a static string
 */
const char *
kith_transfer_state_to_string (KithTransferState state)
{
  return (guint) state < N_STATES ? state_names[state] : "unknown";
}

/**
 * kith_transfer_get_state:
 * @self: a transfer
 *
 * Returns: where it stands
 */
KithTransferState
kith_transfer_get_state (KithTransfer *self)
{
  return self->state;
}

/**
 * kith_transfer_is_over:
 * @self: a transfer
 *
 * Returns: whether nothing more will happen by itself
 */
gboolean
kith_transfer_is_over (KithTransfer *self)
{
  return self->state >= KITH_TRANSFER_DONE;
}

/**
 * kith_transfer_set_state:
 * @self: a transfer
 * @state: where it stands
 *
 * Speed and time left are known only while it runs.
 */
void
kith_transfer_set_state (KithTransfer *self, KithTransferState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_freeze_notify (G_OBJECT (self));
  kith_transfer_notify (self, PROP_STATE);
  self->told_us = 0;
  if (state != KITH_TRANSFER_RUNNING && self->bytes_per_s > 0)
    {
      self->bytes_per_s = 0;
      kith_transfer_notify (self, PROP_BYTES_PER_S);
      kith_transfer_notify (self, PROP_SECONDS_LEFT);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * kith_transfer_get_paused_by_them:
 * @self: a transfer
 *
 * Returns: whether the other side has paused it
 */
gboolean
kith_transfer_get_paused_by_them (KithTransfer *self)
{
  return self->paused_by_them;
}

/**
 * kith_transfer_set_paused_by_them:
 * @self: a transfer
 * @paused: whether the other side has paused it
 */
void
kith_transfer_set_paused_by_them (KithTransfer *self, gboolean paused)
{
  if (self->paused_by_them == paused)
    return;

  self->paused_by_them = paused;
  kith_transfer_notify (self, PROP_PAUSED_BY_THEM);
}

/**
 * kith_transfer_get_path:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable) (type filename): where the file or folder is: what we send,
 *   or what was received and is complete
 */
const char *
kith_transfer_get_path (KithTransfer *self)
{
  return self->path;
}

/**
 * kith_transfer_set_path:
 * @self: a transfer
 * @path: (nullable) (type filename): where it is
 */
void
kith_transfer_set_path (KithTransfer *self, const char *path)
{
  if (g_strcmp0 (self->path, path) == 0)
    return;

  g_free (self->path);
  self->path = g_strdup (path);
  kith_transfer_notify (self, PROP_PATH);
}

/**
 * kith_transfer_get_error:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable): why it failed, in words for people
 */
const char *
kith_transfer_get_error (KithTransfer *self)
{
  return self->error;
}

/**
 * kith_transfer_set_error:
 * @self: a transfer
 * @words: (nullable): why it failed
 */
void
kith_transfer_set_error (KithTransfer *self, const char *words)
{
  if (g_strcmp0 (self->error, words) == 0)
    return;

  g_free (self->error);
  self->error = g_strdup (words);
  kith_transfer_notify (self, PROP_ERROR);
}

/* --- Progress ------------------------------------------------------------------------------- */

/**
 * kith_transfer_get_done_bytes:
 * @self: a transfer
 *
 * Returns: how many bytes have arrived, or were read while it is being prepared
 */
guint64
kith_transfer_get_done_bytes (KithTransfer *self)
{
  return self->done_bytes;
}

/**
 * kith_transfer_get_fraction:
 * @self: a transfer
 *
 * Returns: how much of it is done, 0 to 1
 */
double
kith_transfer_get_fraction (KithTransfer *self)
{
  if (self->size == 0)
    return self->state == KITH_TRANSFER_DONE ? 1.0 : 0.0;

  return CLAMP ((double) self->done_bytes / (double) self->size, 0.0, 1.0);
}

/**
 * kith_transfer_get_bytes_per_s:
 * @self: a transfer
 *
 * Returns: how fast it goes; 0 = not known
 */
guint64
kith_transfer_get_bytes_per_s (KithTransfer *self)
{
  return (guint64) self->bytes_per_s;
}

/**
 * kith_transfer_get_seconds_left:
 * @self: a transfer
 *
 * Returns: how long it will take at this speed; -1 = not known
 */
gint64
kith_transfer_get_seconds_left (KithTransfer *self)
{
  if (self->bytes_per_s < 1 || self->done_bytes > self->size)
    return -1;

  return (gint64) ((double) (self->size - self->done_bytes) / self->bytes_per_s + 0.5);
}

/**
 * kith_transfer_set_done:
 * @self: a transfer
 * @done_bytes: how much is done
 *
 * Tells it at once, and says nothing of the speed.
 */
void
kith_transfer_set_done (KithTransfer *self, guint64 done_bytes)
{
  self->told_us = 0;
  if (self->done_bytes == done_bytes)
    return;

  self->done_bytes = done_bytes;
  kith_transfer_notify (self, PROP_DONE_BYTES);
}

/**
 * kith_transfer_progress:
 * @self: a transfer that runs
 * @done_bytes: how much is done by now
 * @now_us: the time by a monotonic clock
 *
 * Tells progress and speed, four times a second at most.
 *
 * Returns: whether it was told now
 */
gboolean
kith_transfer_progress (KithTransfer *self, guint64 done_bytes, gint64 now_us)
{
  double seconds;
  double speed;

  self->done_bytes = done_bytes;
  if (self->told_us == 0)
    {
      self->told_us = now_us;
      self->told_bytes = done_bytes;
    }
  if (now_us - self->told_us < TELL_US)
    return FALSE;

  seconds = (double) (now_us - self->told_us) / G_USEC_PER_SEC;
  speed = done_bytes > self->told_bytes ? (double) (done_bytes - self->told_bytes) / seconds : 0;
  self->bytes_per_s = self->bytes_per_s < 1
                        ? speed
                        : self->bytes_per_s + SPEED_WEIGHT * (speed - self->bytes_per_s);
  self->told_us = now_us;
  self->told_bytes = done_bytes;
  g_object_freeze_notify (G_OBJECT (self));
  kith_transfer_notify (self, PROP_DONE_BYTES);
  kith_transfer_notify (self, PROP_BYTES_PER_S);
  kith_transfer_notify (self, PROP_SECONDS_LEFT);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}
