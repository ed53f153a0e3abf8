/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a conversation is treated counts at once, and is taken back when it cannot be stored: the next change of
 * its row would store it, although the user was told otherwise. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-chat.h"

#include "node/kith-node-private.h"

struct _KithTreatment
{
  KithChat        *chat;   /* (owned) */
  KithTreated      what;
  KithStoreOptions before; /* as it becomes again if it cannot be stored */
  KithStoreOptions after;  /* as it is stored */
};

static void
treatment_free (KithTreatment *self)
{
  kith_chat_unref (self->chat);
  g_free (self);
}

static gboolean
has_same (KithTreated what, const KithStoreOptions *a, const KithStoreOptions *b)
{
  switch (what)
    {
    case KITH_TREATED_TTL:
      return a->ttl_s == b->ttl_s && a->ttl_hlc == b->ttl_hlc;
    case KITH_TREATED_MUTED:
      return a->muted_until_ms == b->muted_until_ms;
    case KITH_TREATED_PINNED:
      return a->pinned == b->pinned;
    case KITH_TREATED_ARCHIVED:
      return a->archived == b->archived;
    case KITH_TREATED_MARKED_UNREAD:
      return a->marked_unread == b->marked_unread;
    }

  g_return_val_if_reached (FALSE);
}

static void
copy (KithTreated what, KithStoreOptions *to, const KithStoreOptions *from)
{
  switch (what)
    {
    case KITH_TREATED_TTL:
      to->ttl_s = from->ttl_s;
      to->ttl_hlc = from->ttl_hlc;
      break;
    case KITH_TREATED_MUTED:
      to->muted_until_ms = from->muted_until_ms;
      break;
    case KITH_TREATED_PINNED:
      to->pinned = from->pinned;
      break;
    case KITH_TREATED_ARCHIVED:
      to->archived = from->archived;
      break;
    case KITH_TREATED_MARKED_UNREAD:
      to->marked_unread = from->marked_unread;
      break;
    }
}

KithTreatment *
kith_chat_treat (KithChat *self, KithTreated what, const KithStoreOptions *options)
{
  KithTreatment *treatment = g_new0 (KithTreatment, 1);

  treatment->chat = kith_chat_ref (self);
  treatment->what = what;
  treatment->before = self->options;
  copy (what, &self->options, options);
  treatment->after = self->options;
  g_queue_push_tail (&self->treatments, treatment);
  return treatment;
}

/* They come back in their order: one of the same sort that is still under way decides, and would become what this
 * one was before. */
static gboolean
leave_to_later (const KithTreatment *self)
{
  for (GList *link = self->chat->treatments.head; link != NULL; link = link->next)
    {
      KithTreatment *later = link->data;

      if (later->what != self->what)
        continue;

      if (has_same (self->what, &later->before, &self->after))
        copy (self->what, &later->before, &self->before);
      return TRUE;
    }

  return FALSE;
}

/* What was stored in between had the change with it. If that cannot be put right either, nothing is worse. */
static void
take_back (KithTreatment *self)
{
  KithChat *chat = self->chat;
  g_autoptr (KithStoreBatch) batch = NULL;

  if (leave_to_later (self) || !has_same (self->what, &chat->options, &self->after))
    return;

  copy (self->what, &chat->options, &self->before);
  if (chat->removed || chat->node->closing)
    return;

  kith_chat_show_options (chat);
  batch = kith_store_batch_new ();
  kith_store_batch_put_options (batch, chat->key, &chat->options);
  kith_store_commit_async (chat->node->store, g_steal_pointer (&batch), NULL, NULL, NULL);
}

void
kith_chat_treated (KithTreatment *self, gboolean is_stored)
{
  g_queue_remove (&self->chat->treatments, self);
  if (!is_stored)
    take_back (self);
  else if (!self->chat->removed)
    kith_chat_show_options (self->chat);
  treatment_free (self);
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean is_stored = kith_store_commit_finish (KITH_STORE (source), result, &error);

  kith_chat_treated (g_task_get_task_data (task), is_stored);
  if (is_stored)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kith_chat_commit_treatment (KithChat *self, KithTreated what, const KithStoreOptions *options, GTask *task)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  g_task_set_task_data (task, kith_chat_treat (self, what, options), NULL);
  kith_store_batch_put_options (batch, self->key, &self->options);
  kith_store_commit_async (self->node->store, g_steal_pointer (&batch), NULL, committed_cb,
                           g_object_ref (task));
}
