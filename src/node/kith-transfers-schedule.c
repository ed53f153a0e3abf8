/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the files that we want is fetched when, and for how long whoever has it is waited for. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

static gsize
leaves_bytes (KithParcel *parcel)
{
  return (gsize) kith_file_n_leaves (parcel->row->file->size) * KITH_HASH_BYTES;
}

/* Those that are received need theirs. */
static gboolean
needs_leaves (KithParcel *parcel)
{
  return parcel->working
         || (kith_parcel_is_incoming (parcel)
             && kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING);
}

/* All others are only kept while nobody else needs the room: the oldest go first. */
void
kith_transfers_make_room (KithTransfers *self)
{
  gsize kept = 0;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->leaves != NULL)
        kept += leaves_bytes (parcel);
    }

  for (guint i = 0; i < self->parcels->len && kept > KITH_LIMIT_FILE_LEAVES_BYTES; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->leaves == NULL || needs_leaves (parcel))
        continue;
      kept -= leaves_bytes (parcel);
      kith_parcel_forget_leaves (parcel);
    }
}

static gboolean
is_ready (KithTransfers *self, KithParcel *parcel)
{
  if (!kith_parcel_is_incoming (parcel) || parcel->working
      || kith_transfer_get_state (parcel->model) != KITH_TRANSFER_WAITING
      || kith_transfer_get_paused_by_them (parcel->model))
    return FALSE;
  if (parcel->shared)
    return kith_group_files_choose (parcel);

  return parcel->peer != self->leaving && kith_peer_is_online (parcel->peer);
}

/* Nobody keeps others waiting: of one peer only some are received at a time. */
static gboolean
has_place (KithTransfers *self, KithParcel *parcel)
{
  gsize bytes = leaves_bytes (parcel);
  guint n_of_peer = 0;

  for (guint i = 0; i < self->running->len; i++)
    {
      KithParcel *other = g_ptr_array_index (self->running, i);

      bytes += leaves_bytes (other);
      n_of_peer += other->peer == parcel->peer ? 1 : 0;
    }

  return self->running->len < KITH_LIMIT_FILES_RECEIVED && n_of_peer < KITH_LIMIT_FILES_RECEIVED_OF_ONE
         && (self->running->len == 0 || bytes <= KITH_LIMIT_FILE_LEAVES_BYTES);
}

static void
start_ready (KithTransfers *self, gboolean stalled)
{
  for (guint i = 0; i < self->parcels->len && self->running->len < KITH_LIMIT_FILES_RECEIVED; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->stalled == stalled && is_ready (self, parcel) && has_place (self, parcel))
        kith_parcel_fetch (parcel);
    }
}

/* Those of whom nothing came lately stand at the end of the line. */
void
kith_transfers_schedule (KithTransfers *self)
{
  if (self->stopped)
    return;

  self->n_schedules++;
  start_ready (self, FALSE);
  start_ready (self, TRUE);
  if (self->running->len > 0)
    kith_transfers_start_tick (self);
  kith_transfers_make_room (self);
}

/* --- Silence -------------------------------------------------------------------------------- */

/* While we are at work ourselves they are not to blame. */
static gboolean
is_silent (KithParcel *parcel)
{
  gint64 now_us = kith_env_monotonic_us (parcel->owner->node->env);

  return !parcel->working && now_us - parcel->heard_us > KITH_LIMIT_FILE_STALL_MS * (gint64) 1000;
}

/* Whoever does not send anything holds no place: it is asked again when nobody else waits. */
static void
stall (KithParcel *parcel)
{
  kith_parcel_stop_fetching (parcel);
  parcel->stalled = TRUE;
  if (parcel->shared)
    {
      kith_parcel_say (parcel, KITH_FILE_PAUSED);
      kith_group_files_give_back (parcel, parcel->peer);
    }
  else
    kith_parcel_set_state (parcel, KITH_TRANSFER_WAITING);
}

/**
 * kith_transfers_end_silence: (skip)
 * @self: a table
 *
 * Whoever has sent nothing for too long makes room for the next.
 */
void
kith_transfers_end_silence (KithTransfers *self)
{
  for (guint i = self->running->len; i > 0; i--)
    {
      g_autoptr (KithParcel) parcel = kith_parcel_ref (g_ptr_array_index (self->running, i - 1));

      if (is_silent (parcel))
        stall (parcel);
    }
  kith_transfers_schedule (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  KithTransfers *self = user_data;

  kith_source_clear (&self->tick);
  kith_transfers_end_silence (self);
  if (kith_group_files_ask_again (self))
    kith_transfers_start_tick (self);
  return G_SOURCE_REMOVE;
}

void
kith_transfers_start_tick (KithTransfers *self)
{
  if (self->tick == NULL && !self->stopped)
    kith_source_start (&self->tick, KITH_LIMIT_FILE_TICK_MS, tick_cb, self);
}
