/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What we write in a group: handed to the replica at once, or as soon as the group was read. It comes back
 * as an entry (-messages.c), with which the task of whoever wrote it ends. Protocol 10.3. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-task.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

typedef struct
{
  GBytes     *content; /* (owned) */
  KithParcel *parcel;  /* (owned) (nullable): the file that goes with it */
  GTask      *task;    /* (owned) */
} Waiting;

/* What may not be written now: a text waits, and nothing else. @error: (transfer full) */
static void
put_off (KithGroupHost *self, GBytes *bytes, GError *error, GTask *task)
{
  g_auto (KithGroupContent) content = { .text = NULL };
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_PAUSED)
      && kith_group_content_unpack (&content, data, len) && content.kind == KITH_GROUP_CONTENT_TEXT)
    {
      kith_group_host_keep (self, &content, task);
      g_error_free (error);
    }
  else
    g_task_return_error (task, error);
}

static void
waiting_free (Waiting *waiting)
{
  g_bytes_unref (waiting->content);
  g_clear_pointer (&waiting->parcel, kith_parcel_unref);
  g_clear_object (&waiting->task);
  g_free (waiting);
}

/* It goes by the id of its message from now on. */
static void
name_file (KithGroupHost *self, KithParcel *parcel, const guint8 *id)
{
  kith_transfers_rename (self->node->transfers, parcel, id);
  kith_parcel_offered (parcel);
  g_hash_table_replace (self->files, g_memdup2 (id, KITH_GROUP_ID_BYTES), kith_parcel_ref (parcel));
}

static void
post (KithGroupHost *self, GBytes *content, KithParcel *parcel, GTask *task)
{
  guint8 id[KITH_GROUP_ID_BYTES];
  GError *error = NULL;
  gsize len;
  const guint8 *data = g_bytes_get_data (content, &len);

  /* While it waited for the group to be read. */
  if (parcel != NULL && g_cancellable_set_error_if_cancelled (parcel->cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!kith_group_replica_post (self->replica, data, len, kith_group_host_now_ms (self), id, &error))
    {
      put_off (self, content, error, task);
      return;
    }

  g_hash_table_replace (self->posting, g_memdup2 (id, sizeof id), g_object_ref (task));
  if (parcel != NULL)
    name_file (self, parcel, id);
  kith_group_host_turn (self);
}

/* @parcel: (nullable); @task: (transfer full) */
static void
post_or_wait (KithGroupHost *self, const KithGroupContent *content, KithParcel *parcel, GTask *task)
{
  g_autoptr (GBytes) bytes = kith_group_content_pack (content);
  g_autoptr (GTask) owned = task;
  Waiting *waiting;

  if (self->ready)
    {
      post (self, bytes, parcel, owned);
      return;
    }

  waiting = g_new0 (Waiting, 1);
  waiting->content = g_steal_pointer (&bytes);
  waiting->parcel = parcel != NULL ? kith_parcel_ref (parcel) : NULL;
  waiting->task = g_steal_pointer (&owned);
  g_queue_push_tail (&self->waiting, waiting);
}

/**
 * kith_group_host_run_waiting: (skip)
 * @self: a group that was read
 *
 * Posts what was written before that. Main thread.
 */
void
kith_group_host_run_waiting (KithGroupHost *self)
{
  Waiting *waiting;

  while (self->ready && (waiting = g_queue_pop_head (&self->waiting)) != NULL)
    {
      post (self, waiting->content, waiting->parcel, waiting->task);
      waiting_free (waiting);
    }
}

/**
 * kith_group_host_set_topic: (skip)
 * @self: a group of which we are the admin
 * @topic: what it is about
 * @task: (transfer full): gets the line that says so
 */
void
kith_group_host_set_topic (KithGroupHost *self, char *topic, GTask *task)
{
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TOPIC, .text = topic };

  post_or_wait (self, &content, NULL, task);
}

/**
 * kith_group_host_end_waiting: (skip)
 * @self: a group that is being closed
 *
 * Refuses what was not committed, or not even tried. Who hears that may write again at once. Main thread.
 */
void
kith_group_host_end_waiting (KithGroupHost *self)
{
  g_autoptr (GHashTable) posting = g_steal_pointer (&self->posting);
  GHashTableIter iter;
  gpointer task;
  Waiting *waiting;

  self->posting = kith_group_host_new_posting ();
  while ((waiting = g_queue_pop_head (&self->waiting)) != NULL)
    {
      kith_task_take_and_refuse (g_steal_pointer (&waiting->task), KITH_ERROR_CLOSED,
                                 "The group is closed");
      waiting_free (waiting);
    }

  g_hash_table_iter_init (&iter, posting);
  while (g_hash_table_iter_next (&iter, NULL, &task))
    kith_task_take_and_refuse (g_object_ref (task), KITH_ERROR_CLOSED, "The group is closed");
}

gboolean
kith_group_host_may_write (KithGroupHost *self, GTask *task)
{
  g_autoptr (GError) error = NULL;

  if (!kith_group_is_member (self->model))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_MEMBER, "We are not in this group");
  else if (self->ready && !kith_group_replica_can_post (self->replica, &error)
           && !g_error_matches (error, KITH_ERROR, KITH_ERROR_PAUSED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->n_commits >= KITH_LIMIT_STORE_QUEUE)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "The store is behind");
  else
    return TRUE;

  return FALSE;
}

void
kith_group_host_send (KithGroupHost *self, char *text, const guint8 *reply_to, gint64 ttl_s,
                      GTask *task)
{
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT, .text = text };

  content.ttl_s = ttl_s < 0 ? self->chat->options.ttl_s : (guint32) ttl_s;
  content.has_target = reply_to != NULL;
  if (reply_to != NULL)
    memcpy (content.target, reply_to, sizeof content.target);
  if (strlen (text) > KITH_LIMIT_GROUP_TEXT_BYTES)
    kith_task_take_and_refuse (task, KITH_ERROR_TOO_BIG, "The text is too long");
  else
    post_or_wait (self, &content, NULL, task);
  kith_secret_free_text (text);
}

void
kith_group_host_send_file (KithGroupHost *self, KithParcel *parcel, GTask *task)
{
  g_auto (KithGroupContent) content = { .kind = KITH_GROUP_CONTENT_FILE };

  content.ttl_s = self->chat->options.ttl_s;
  content.file = kith_transfer_to_body (parcel->row->file);
  post_or_wait (self, &content, parcel, task);
}

void
kith_group_host_act (KithGroupHost *self, KithStoreKind kind, const guint8 *target, const char *text,
                     GTask *task)
{
  g_autoptr (KithSecretText) copy = g_strdup (text != NULL ? text : "");
  KithGroupContent content = { .text = copy, .has_target = TRUE };

  if (kind == KITH_STORE_KIND_EDIT)
    content.kind = KITH_GROUP_CONTENT_EDIT;
  else
    content.kind =
      kind == KITH_STORE_KIND_DELETE ? KITH_GROUP_CONTENT_DELETE : KITH_GROUP_CONTENT_REACTION;
  memcpy (content.target, target, sizeof content.target);
  if (strlen (copy) > KITH_LIMIT_GROUP_TEXT_BYTES)
    kith_task_take_and_refuse (task, KITH_ERROR_TOO_BIG, "The text is too long");
  else if (!kith_group_host_is_pending (self, target))
    post_or_wait (self, &content, NULL, task);
  else if (kind == KITH_STORE_KIND_DELETE)
    kith_group_host_forget (self, target, TRUE, task);
  else if (kind == KITH_STORE_KIND_EDIT)
    kith_group_host_edit_pending (self, target, copy, task);
  else
    kith_task_take_and_refuse (task, KITH_ERROR_BUSY, "It was not sent yet");
}
