/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editing and blocking contacts. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "node/kith-directory.h"
#include "node/kith-node-private.h"
#include "node/kith-peer-session.h"

KithPeer *
kith_node_peer_for_task (KithNode *self, KithContact *contact, GTask *task)
{
  KithPeer *peer = kith_node_lookup_peer (self, kith_contact_get_identity (contact));

  if (peer == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "This contact was removed");

  return peer;
}

/* The row is changed and committed; the faces see the change after that. What could not be stored is taken
 * back: the next change of the row would store it, and it would count although the user was told otherwise. Only who
 * was to be blocked stays out. */
typedef enum
{
  FIELD_ALIAS,
  FIELD_NOTE,
  FIELD_VERIFIED,
  FIELD_FAVOURITE,
  FIELD_BLOCKED,
  N_FIELDS,
} Field;

static const KithContactChange changes[N_FIELDS] = {
  [FIELD_ALIAS] = KITH_CONTACT_CHANGE_ALIAS,
  [FIELD_NOTE] = KITH_CONTACT_CHANGE_NOTE,
  [FIELD_VERIFIED] = KITH_CONTACT_CHANGE_VERIFIED,
  [FIELD_FAVOURITE] = KITH_CONTACT_CHANGE_FAVOURITE,
  [FIELD_BLOCKED] = KITH_CONTACT_CHANGE_BLOCKED,
};

typedef struct
{
  KithPeer         *peer;   /* (owned) */
  Field             field;
  KithStoreContact *before; /* (owned): as it becomes again if it cannot be stored */
  KithStoreContact *after;  /* (owned): as it is stored */
} Edit;

static void
edit_free (Edit *edit)
{
  kith_peer_unref (edit->peer);
  kith_store_contact_free (edit->before);
  kith_store_contact_free (edit->after);
  g_free (edit);
}

/* Of a row that is about to be changed. */
static Edit *
begin_edit (KithPeer *peer, Field field)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->peer = kith_peer_ref (peer);
  edit->field = field;
  edit->before = kith_store_contact_copy (peer->row);
  return edit;
}

static gboolean
has_same (Field field, const KithStoreContact *a, const KithStoreContact *b)
{
  switch (field)
    {
    case FIELD_ALIAS:
      return g_strcmp0 (a->alias, b->alias) == 0;
    case FIELD_NOTE:
      return g_strcmp0 (a->note, b->note) == 0;
    case FIELD_VERIFIED:
      return a->verified == b->verified && a->verified_ms == b->verified_ms;
    case FIELD_FAVOURITE:
      return a->favourite == b->favourite;
    case FIELD_BLOCKED:
      return a->blocked == b->blocked;
    case N_FIELDS:
      break;
    }

  g_return_val_if_reached (FALSE);
}

static void
copy_field (Field field, KithStoreContact *to, const KithStoreContact *from)
{
  switch (field)
    {
    case FIELD_ALIAS:
      g_free (to->alias);
      to->alias = g_strdup (from->alias);
      break;
    case FIELD_NOTE:
      g_free (to->note);
      to->note = g_strdup (from->note);
      break;
    case FIELD_VERIFIED:
      to->verified = from->verified;
      to->verified_ms = from->verified_ms;
      break;
    case FIELD_FAVOURITE:
      to->favourite = from->favourite;
      break;
    case FIELD_BLOCKED:
      to->blocked = from->blocked;
      break;
    case N_FIELDS:
      g_return_if_reached ();
    }
}

static void
show_field (KithPeer *peer, Field field, const KithStoreContact *row)
{
  switch (field)
    {
    case FIELD_ALIAS:
      kith_contact_set_alias (peer->contact, row->alias);
      break;
    case FIELD_NOTE:
      kith_contact_set_note (peer->contact, row->note);
      break;
    case FIELD_VERIFIED:
      kith_contact_set_verified (peer->contact, (KithVerified) row->verified, row->verified_ms);
      break;
    case FIELD_FAVOURITE:
      kith_contact_set_favourite (peer->contact, row->favourite);
      break;
    case FIELD_BLOCKED:
      kith_contact_set_blocked (peer->contact, row->blocked);
      break;
    case N_FIELDS:
      g_assert_not_reached ();
    }
}

/* They cannot tell it from our going offline. */
static void
shut_out (KithPeer *peer)
{
  kith_directory_forget (peer);
  kith_peer_close_sessions (peer, KITH_BYE_SHUTDOWN);
}

/* What was stored in between had the change with it. If that cannot be put right either, nothing is worse. */
static void
store_as_before (KithPeer *peer)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  if (kith_peer_is_passer_by (peer))
    return;

  kith_store_batch_put_contact (batch, peer->row);
  kith_store_commit_async (peer->node->store, g_steal_pointer (&batch), NULL, NULL, NULL);
}

/* Changes come back in their order: one of the same field that is still under way decides, and would become what
 * this one was before. */
static gboolean
leave_to_later (const Edit *edit)
{
  for (GList *link = edit->peer->edits.head; link != NULL; link = link->next)
    {
      Edit *later = link->data;

      if (later == edit || later->field != edit->field)
        continue;

      if (has_same (edit->field, later->before, edit->after))
        copy_field (edit->field, later->before, edit->before);
      return TRUE;
    }

  return FALSE;
}

static void
take_back (Edit *edit)
{
  KithPeer *peer = edit->peer;

  if (leave_to_later (edit) || !has_same (edit->field, peer->row, edit->after))
    return;

  copy_field (edit->field, peer->row, edit->before);
  if (peer->removed || peer->node->closing)
    return;

  if (edit->field == FIELD_BLOCKED)
    {
      shut_out (peer);
      kith_node_peer_changed (peer);
    }
  store_as_before (peer);
}

/* Taken back, it would let in whom the user has just shut out. As with settings, it counts until the end of the run,
 * and goes to the disk with the next change of the row, or of a setting. */
static void
keep_block (Edit *edit)
{
  KithPeer *peer = edit->peer;

  if (!peer->row->blocked || peer->removed || peer->node->closing)
    return;

  peer->has_unstored_block = TRUE;
  show_field (peer, FIELD_BLOCKED, peer->row);
  kith_node_emit_contact_changed (peer->node, peer->contact, changes[FIELD_BLOCKED]);
}

static void
block_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPeer) peer = user_data;

  /* The user knows. */
  if (kith_store_commit_finish (KITH_STORE (source), result, NULL))
    peer->has_unstored_block = FALSE;
}

/**
 * kith_node_write_blocks_again: (skip)
 * @self: a node
 *
 * Tries once more to store who is blocked where it could not be stored. Main thread.
 */
void
kith_node_write_blocks_again (KithNode *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;
      g_autoptr (KithStoreBatch) batch = NULL;

      if (!peer->has_unstored_block || peer->removed)
        continue;

      batch = kith_store_batch_new ();
      kith_store_batch_put_contact (batch, peer->row);
      kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, block_written_cb, kith_peer_ref (peer));
    }
}

static void
edit_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Edit *edit = g_task_get_task_data (task);
  KithPeer *peer = edit->peer;
  GError *error = NULL;
  gboolean is_stored = kith_store_commit_finish (KITH_STORE (source), result, &error);

  g_queue_remove (&peer->edits, edit);
  if (!is_stored)
    {
      if (edit->field == FIELD_BLOCKED && edit->after->blocked)
        keep_block (edit);
      else
        take_back (edit);
      g_task_return_error (task, error);
      return;
    }

  peer->has_unstored_block = FALSE; /* a batch behind that has the whole row */
  if (!peer->removed)
    {
      show_field (peer, edit->field, edit->after);
      if (edit->field == FIELD_BLOCKED && !peer->row->blocked)
        kith_directory_try_now (peer);
      kith_node_emit_contact_changed (peer->node, peer->contact, changes[edit->field]);
      if (edit->field == FIELD_BLOCKED && !peer->removed && !peer->row->blocked && kith_node_is_mere_block (peer))
        kith_node_forget_block (peer);
    }
  g_task_return_boolean (task, TRUE);
}

/* @edit: (transfer full): since when the row was changed */
static void
commit_edit (Edit *edit, GTask *task)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithPeer *peer = edit->peer;

  edit->after = kith_store_contact_copy (peer->row);
  g_queue_push_tail (&peer->edits, edit);
  g_task_set_task_data (task, edit, (GDestroyNotify) edit_free);
  kith_store_batch_put_contact (batch, peer->row);
  kith_store_commit_async (peer->node->store, g_steal_pointer (&batch), NULL, edit_committed_cb,
                           g_object_ref (task));
}

void
kith_node_set_alias_async (KithNode *self, KithContact *contact, const char *alias,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  g_autofree char *clean = NULL;
  Edit *edit;

  g_task_set_source_tag (task, kith_node_set_alias_async);
  if (peer == NULL)
    return;

  if (alias != NULL && *alias != '\0')
    {
      clean = kith_text_sanitize_name (alias);
      if (clean == NULL)
        {
          g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                                   "There is nothing to show in this name");
          return;
        }
    }

  edit = begin_edit (peer, FIELD_ALIAS);
  g_free (peer->row->alias);
  peer->row->alias = g_steal_pointer (&clean);
  commit_edit (edit, task);
}

gboolean
kith_node_set_alias_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_note_async (KithNode *self, KithContact *contact, const char *note,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  g_autofree char *trimmed = g_strstrip (g_strdup (note != NULL ? note : ""));
  Edit *edit;

  g_task_set_source_tag (task, kith_node_set_note_async);
  if (peer == NULL)
    return;

  if (!g_utf8_validate (trimmed, -1, NULL))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "The note is not UTF-8");
      return;
    }
  if (strlen (trimmed) > KITH_LIMIT_NOTE_BYTES)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_TOO_BIG, "The note is too long");
      return;
    }

  edit = begin_edit (peer, FIELD_NOTE);
  g_free (peer->row->note);
  peer->row->note = *trimmed != '\0' ? g_steal_pointer (&trimmed) : NULL;
  commit_edit (edit, task);
}

gboolean
kith_node_set_note_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_verified_async (KithNode *self, KithContact *contact, KithVerified verified,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  Edit *edit;

  g_task_set_source_tag (task, kith_node_set_verified_async);
  if (peer == NULL)
    return;

  edit = begin_edit (peer, FIELD_VERIFIED);
  peer->row->verified = verified;
  peer->row->verified_ms = verified != KITH_VERIFIED_NOT ? kith_node_now_ms (self) : 0;
  commit_edit (edit, task);
}

gboolean
kith_node_set_verified_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_favourite_async (KithNode *self, KithContact *contact, gboolean favourite,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  Edit *edit;

  g_task_set_source_tag (task, kith_node_set_favourite_async);
  if (peer == NULL)
    return;

  edit = begin_edit (peer, FIELD_FAVOURITE);
  peer->row->favourite = favourite;
  commit_edit (edit, task);
}

gboolean
kith_node_set_favourite_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Blocking takes effect at once: nothing more may come in while it is written down. They are dialled again when
 * it is stored that they may be. */
void
kith_node_set_blocked_async (KithNode *self, KithContact *contact, gboolean blocked,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  Edit *edit;

  g_task_set_source_tag (task, kith_node_set_blocked_async);
  if (peer == NULL)
    return;

  edit = begin_edit (peer, FIELD_BLOCKED);
  peer->row->blocked = blocked;
  if (blocked)
    shut_out (peer);
  kith_node_peer_changed (peer);
  commit_edit (edit, task);
}

gboolean
kith_node_set_blocked_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
