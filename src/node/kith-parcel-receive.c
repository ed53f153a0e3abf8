/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Getting a file of theirs. First its leaves, which its root proves; then its pieces, some megabytes
 * ahead of what is written, each checked against its leaf before it is written. Protocol 11.
 *
 * Nothing that is stored has to be true for that: after a restart what is on the disk is looked at
 * piece by piece, and what is right is not asked for again. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-parcel.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-private.h"
#include "node/kith-parcel-work.h"
#include "node/kith-transfers-private.h"

/* Asked for at once; on their way or not yet written at most. */
#define ASK_PIECES 16
#define AHEAD_PIECES 64

static guint32
n_leaves_of (KithParcel *self)
{
  return kith_file_n_leaves (self->row->file->size);
}

static gboolean
is_running (KithParcel *self)
{
  return self->owner != NULL && kith_transfer_get_state (self->model) == KITH_TRANSFER_RUNNING;
}

static void
note_heard (KithParcel *self)
{
  self->heard_us = kith_env_monotonic_us (self->owner->node->env);
  self->stalled = FALSE;
}

/* Returns: whether the session has taken it; if not, it tells when there is room */
static gboolean
ask (KithParcel *self, KithFileWhat what, guint32 from, guint32 count)
{
  KithBodyFileGet get = { .request = self->request, .what = what, .from = from, .count = count,
                          .has_offer = TRUE };

  memcpy (get.root, self->row->file->root, sizeof get.root);
  memcpy (get.offer.bytes, self->row->id, sizeof get.offer.bytes);
  return kith_session_send_bytes (self->peer->session, KITH_RECORD_FILE_GET,
                                  kith_body_file_get_pack (&get));
}

/* In a group somebody else may have what it should be. */
static gboolean
is_their_fault (KithParcel *self, KithError code)
{
  return self->shared && (code == KITH_ERROR_DAMAGED || code == KITH_ERROR_PROTOCOL);
}

/* Whatever stands in the way: it is over until the user tries again. */
static void
fail (KithParcel *self, const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);

  if (code == KITH_ERROR_CANCELLED)
    return;

  kith_parcel_stop_fetching (self);
  if (is_their_fault (self, code))
    {
      if (self->fetching != KITH_FETCHING_CHUNKS)
        kith_parcel_forget_leaves (self);
      kith_group_files_blame (self);
      return;
    }

  kith_parcel_say (self, KITH_FILE_PAUSED); /* it need not be sent on */
  kith_parcel_fail (self, error);
  kith_transfers_schedule (self->owner);
}

static void
fail_with (KithParcel *self, KithError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, (gint) code, message);

  fail (self, error);
}

/* --- Worker threads ------------------------------------------------------------------------- */

/* @work: (transfer full) */
static void
run (KithParcel *self, GTaskThreadFunc thread, KithParcelWork *work, GAsyncReadyCallback callback)
{
  self->writing = TRUE; /* until take_answer() is called */
  kith_parcel_run (self, thread, work, (GDestroyNotify) kith_parcel_work_free, callback);
}

static gboolean
is_given_up (KithParcel *self)
{
  KithTransferState state = kith_transfer_get_state (self->model);

  return self->dropped || state == KITH_TRANSFER_CANCELLED || state == KITH_TRANSFER_DECLINED;
}

static gboolean
go_on_after (KithParcel *self, gboolean is_fine, const GError *error)
{
  if (self->owner != NULL)
    self->heard_us = kith_env_monotonic_us (self->owner->node->env); /* until now it was our turn */
  if (is_given_up (self))
    {
      kith_parcel_stop_fetching (self);
      kith_parcel_remove_partial (self);
      return FALSE;
    }
  if (self->owner == NULL)
    return FALSE; /* the node has stopped: what is there is of use at the next start */

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_PROTOCOL))
    kith_parcel_forget_leaves (self); /* nothing is left of it: it would begin anew */
  if (!is_fine)
    fail (self, error);
  return is_fine;
}

/* On the main loop again. Returns: whether @self is still wanted, and it went well */
static gboolean
take_answer (KithParcel *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean is_fine = g_task_propagate_boolean (G_TASK (result), &error);

  self->working = FALSE;
  self->writing = FALSE;
  is_fine = go_on_after (self, is_fine, error);
  if (self->awaited)
    kith_partials_end (self->partials);
  self->awaited = FALSE;
  return is_fine;
}

/* --- The end -------------------------------------------------------------------------------- */

/* All of it is there, and has its name. */
static void
complete (KithParcel *self, const char *path, guint n_files)
{
  KithStoreTransfer *file = self->row->file;

  g_free (file->path);
  file->path = g_strdup (path);
  file->n_files = n_files;
  file->told = self->shared; /* who has it is told as long as it is there */
  kith_parcel_stop_fetching (self);
  g_clear_pointer (&self->sink, kith_file_sink_unref);
  kith_parcel_forget_leaves (self);
  kith_transfer_set_folder (self->model, file->list_bytes > 0, file->n_files);
  kith_transfer_set_done (self->model, file->size);
  kith_transfer_set_path (self->model, file->path);
  kith_parcel_set_state (self, KITH_TRANSFER_DONE);
  kith_parcel_say_stored (self, KITH_FILE_DONE);
  if (self->shared)
    kith_group_files_tell (self);
  kith_transfers_schedule (self->owner);
}

static void
finish_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithParcel) self = user_data;
  KithParcelWork *work = g_task_get_task_data (G_TASK (result));

  /* What was cancelled too late is complete, and is removed as such. */
  if (work->path != NULL)
    {
      g_free (self->row->file->path);
      self->row->file->path = g_strdup (work->path);
      self->named = TRUE;
    }
  if (take_answer (self, result))
    complete (self, work->path, work->n_files);
}

static char *
dup_wanted_name (KithParcel *self)
{
  const KithStoreTransfer *file = self->row->file;

  return file->target != NULL ? g_path_get_basename (file->target) : g_strdup (file->name);
}

static void
start_finish (KithParcel *self)
{
  KithParcelWork *work = kith_parcel_work_new (self);

  work->name = dup_wanted_name (self);
  self->fetching = KITH_FETCHING_FINISH;
  run (self, kith_parcel_work_finish_thread, work, finish_cb);
}

/* --- Pieces --------------------------------------------------------------------------------- */

static void start_write (KithParcel *self);

/* Asks for what there is room for, in portions. */
static void
ask_more (KithParcel *self)
{
  guint32 n_leaves = n_leaves_of (self);

  while (self->next_ask < n_leaves)
    {
      guint32 n = MIN (n_leaves - self->next_ask, ASK_PIECES);

      if (self->next_ask - self->n_written > AHEAD_PIECES - n
          || !ask (self, KITH_FILE_CHUNKS, self->next_ask, n))
        return;
      self->next_ask += n;
    }
}

/* Goes on where the disk has got to. */
static void
go_on (KithParcel *self)
{
  if (self->n_written == n_leaves_of (self))
    {
      start_finish (self);
      return;
    }
  if (self->pieces->len > 0)
    start_write (self);
  if (is_running (self))
    ask_more (self);
}

static void
write_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithParcel) self = user_data;
  KithParcelWork *work = g_task_get_task_data (G_TASK (result));

  self->n_written += work->n_good;
  kith_parcel_progress (self, (guint64) self->n_written * KITH_LIMIT_FILE_LEAF_BYTES);
  if (!take_answer (self, result))
    return;

  if (is_running (self) && self->fetching == KITH_FETCHING_CHUNKS && self->request != 0)
    go_on (self);
  else
    kith_transfers_schedule (self->owner);
}

static void
start_write (KithParcel *self)
{
  KithParcelWork *work = kith_parcel_work_new (self);

  work->first = self->n_written;
  work->pieces = self->pieces;
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  run (self, kith_parcel_work_write_thread, work, write_cb);
}

/**
 * kith_parcel_receive_chunk: (skip)
 * @peer: who sends it
 * @body: (array length=len): the body of a FILE_CHUNK; untrusted
 * @len: its length in bytes
 *
 * One that nobody waits for any more is late and skipped. Main thread.
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_parcel_receive_chunk (KithPeer *peer, const guint8 *body, gsize len)
{
  KithParcel *self;
  KithBodyFilePart part;
  GByteArray *piece;

  if (!kith_body_file_chunk_unpack (&part, body, len))
    return FALSE;

  self = kith_transfers_by_request (peer->node->transfers, peer, part.request);
  if (self == NULL || self->fetching != KITH_FETCHING_CHUNKS || !is_running (self))
    return TRUE;

  if (part.from != self->next_piece || part.from >= self->next_ask
      || part.len != kith_file_leaf_len (self->row->file->size, part.from))
    {
      fail_with (self, KITH_ERROR_PROTOCOL, "That piece was not asked for");
      return TRUE;
    }

  piece = g_byte_array_sized_new ((guint) part.len);
  g_byte_array_append (piece, part.data, (guint) part.len);
  g_ptr_array_add (self->pieces, piece);
  self->next_piece++;
  note_heard (self);
  if (!self->working)
    start_write (self);
  return TRUE;
}

/* --- What is there already ------------------------------------------------------------------ */

static void
check_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithParcel) self = user_data;
  KithParcelWork *work = g_task_get_task_data (G_TASK (result));

  if (!take_answer (self, result))
    return;
  if (work->path != NULL)
    {
      complete (self, work->path, work->n_files);
      return;
    }

  self->fetching = KITH_FETCHING_CHUNKS;
  self->n_written = self->row->file->size > 0 ? work->n_good : n_leaves_of (self);
  self->next_piece = self->next_ask = self->n_written;
  if (is_running (self) && self->request != 0)
    {
      kith_transfer_set_done (self->model, MIN ((guint64) self->n_written * KITH_LIMIT_FILE_LEAF_BYTES,
                                                self->row->file->size));
      go_on (self);
    }
  else
    kith_transfers_schedule (self->owner);
}

static void
start_check (KithParcel *self)
{
  const KithStoreTransfer *file = self->row->file;
  KithParcelWork *work;

  if (!kith_parcel_is_partial (file->path))
    {
      fail_with (self, KITH_ERROR_INVALID, "What is there is not ours to write");
      return;
    }

  if (self->sink == NULL)
    self->sink = kith_file_sink_new (file->path, file->size, file->list_bytes);
  work = kith_parcel_work_new (self);
  work->folder = g_path_get_dirname (file->path);
  work->name = dup_wanted_name (self);
  if (self->restored)
    work->partial = g_strdup (file->path);
  work->list_bytes = file->list_bytes;
  self->restored = FALSE;
  self->fetching = KITH_FETCHING_CHECK;
  run (self, kith_parcel_work_check_thread, work, check_cb);
}

/* --- Leaves --------------------------------------------------------------------------------- */

/**
 * kith_parcel_receive_leaves: (skip)
 * @peer: who sends them
 * @body: (array length=len): the body of a FILE_LEAVES; untrusted
 * @len: its length in bytes
 *
 * Main thread.
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_parcel_receive_leaves (KithPeer *peer, const guint8 *body, gsize len)
{
  KithParcel *self;
  KithBodyFilePart part;
  guint32 n;

  if (!kith_body_file_leaves_unpack (&part, body, len))
    return FALSE;

  n = (guint32) (part.len / KITH_HASH_BYTES);
  self = kith_transfers_by_request (peer->node->transfers, peer, part.request);
  if (self == NULL || self->fetching != KITH_FETCHING_LEAVES || !is_running (self))
    return TRUE;

  if (part.from != self->leaves->len / KITH_HASH_BYTES || n > n_leaves_of (self) - part.from)
    {
      fail_with (self, KITH_ERROR_PROTOCOL, "Those leaves were not asked for");
      return TRUE;
    }

  g_byte_array_append (self->leaves, part.data, (guint) part.len);
  note_heard (self);
  if (part.from + n == n_leaves_of (self))
    start_check (self);
  return TRUE;
}

/**
 * kith_parcel_forget_leaves: (skip)
 * @self: a parcel that is not being received
 *
 * They may take megabytes, and can be had again.
 */
void
kith_parcel_forget_leaves (KithParcel *self)
{
  g_clear_pointer (&self->leaves, g_byte_array_unref);
  self->fetching = KITH_FETCHING_NOTHING;
}

/* --- Beginning and stopping ----------------------------------------------------------------- */

static void
ask_leaves (KithParcel *self)
{
  self->leaves_asked = ask (self, KITH_FILE_LEAVES, 0, n_leaves_of (self));
}

/**
 * kith_parcel_fetch: (skip)
 * @self: a parcel of theirs that was accepted; they are there
 *
 * Asks for it, from where it got to. Main thread.
 */
void
kith_parcel_fetch (KithParcel *self)
{
  self->request = ++self->owner->last_request;
  self->heard_us = kith_env_monotonic_us (self->owner->node->env);
  kith_parcel_set_state (self, KITH_TRANSFER_RUNNING);
  if (self->fetching == KITH_FETCHING_CHUNKS && self->leaves != NULL)
    {
      self->next_piece = self->next_ask = self->n_written;
      go_on (self);
      return;
    }

  kith_parcel_forget_leaves (self);
  self->fetching = KITH_FETCHING_LEAVES;
  self->leaves = g_byte_array_new ();
  ask_leaves (self);
}

/**
 * kith_parcel_fetch_on: (skip)
 * @self: a parcel of theirs that runs
 *
 * Its session has room again: what it could not ask for is asked for now. Main thread.
 */
void
kith_parcel_fetch_on (KithParcel *self)
{
  if (!is_running (self) || self->request == 0)
    return;
  if (self->fetching == KITH_FETCHING_LEAVES && !self->leaves_asked)
    ask_leaves (self);
  else if (self->fetching == KITH_FETCHING_CHUNKS)
    ask_more (self);
}

/**
 * kith_parcel_stop_fetching: (skip)
 * @self: a parcel of theirs
 *
 * What was asked for is not waited for any more. Main thread.
 */
void
kith_parcel_stop_fetching (KithParcel *self)
{
  self->request = 0;
  g_ptr_array_set_size (self->pieces, 0);
  if (self->fetching == KITH_FETCHING_LEAVES)
    kith_parcel_forget_leaves (self);
}
