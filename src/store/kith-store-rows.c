/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-rows.h"

#include <string.h>

#include "base/kith-secret.h"
#include "store/kith-store-group.h"

static KithSecret *
copy_secret (KithSecret *secret)
{
  return secret != NULL ? kith_secret_ref (secret) : NULL;
}

/**
 * kith_store_profile_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreProfile *
kith_store_profile_copy (const KithStoreProfile *self)
{
  KithStoreProfile *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->identity_seed = copy_secret (self->identity_seed);
  copy->device_key = copy_secret (self->device_key);
  return copy;
}

/**
 * kith_store_profile_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_profile_free (KithStoreProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->identity_seed, kith_secret_unref);
  g_clear_pointer (&self->device_key, kith_secret_unref);
  g_free (self);
}

/**
 * kith_store_contact_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreContact *
kith_store_contact_copy (const KithStoreContact *self)
{
  KithStoreContact *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->alias = g_strdup (self->alias);
  copy->note = g_strdup (self->note);
  copy->pair_root = copy_secret (self->pair_root);
  copy->old_pair_root = copy_secret (self->old_pair_root);
  return copy;
}

/**
 * kith_store_contact_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_contact_free (KithStoreContact *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->alias);
  g_free (self->note);
  g_clear_pointer (&self->pair_root, kith_secret_unref);
  g_clear_pointer (&self->old_pair_root, kith_secret_unref);
  g_free (self);
}

/**
 * kith_store_device_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreDevice *
kith_store_device_copy (const KithStoreDevice *self)
{
  return g_memdup2 (self, sizeof *self);
}

/**
 * kith_store_device_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_device_free (KithStoreDevice *self)
{
  g_free (self);
}

/**
 * kith_store_request_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreRequest *
kith_store_request_copy (const KithStoreRequest *self)
{
  KithStoreRequest *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->text = g_strdup (self->text);
  return copy;
}

/**
 * kith_store_request_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_request_free (KithStoreRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  kith_secret_free_text (self->text);
  g_free (self);
}

/**
 * kith_store_invite_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreInvite *
kith_store_invite_copy (const KithStoreInvite *self)
{
  KithStoreInvite *copy = g_memdup2 (self, sizeof *self);

  copy->link = g_strdup (self->link);
  copy->reply_key = copy_secret (self->reply_key);
  copy->note = g_strdup (self->note);
  return copy;
}

/**
 * kith_store_invite_free:
 * @self: (transfer full) (nullable): a row
 *
 * Wipes the link.
 */
void
kith_store_invite_free (KithStoreInvite *self)
{
  if (self == NULL)
    return;

  if (self->link != NULL)
    kith_secret_wipe (self->link, strlen (self->link));
  g_free (self->link);
  g_clear_pointer (&self->reply_key, kith_secret_unref);
  g_free (self->note);
  g_free (self);
}

/**
 * kith_store_message_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreMessage *
kith_store_message_copy (const KithStoreMessage *self)
{
  KithStoreMessage *copy = g_memdup2 (self, sizeof *self);

  copy->reason = g_strdup (self->reason);
  copy->text = g_strdup (self->text);
  copy->my_reaction = g_strdup (self->my_reaction);
  copy->their_reaction = g_strdup (self->their_reaction);
  copy->quote_text = g_strdup (self->quote_text);
  copy->file = kith_store_transfer_copy (self->file);
  copy->event = g_strdup (self->event);
  copy->reactions = self->reactions != NULL ? g_ptr_array_ref (self->reactions) : NULL;
  if (self->quote_author != NULL)
    copy->quote_author = copy->quote_author_bytes;
  return copy;
}

/**
 * kith_store_message_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_message_free (KithStoreMessage *self)
{
  if (self == NULL)
    return;

  g_free (self->reason);
  kith_secret_free_text (self->text);
  g_free (self->my_reaction);
  g_free (self->their_reaction);
  kith_secret_free_text (self->quote_text);
  kith_store_transfer_free (self->file);
  g_free (self->event);
  g_clear_pointer (&self->reactions, g_ptr_array_unref);
  g_free (self);
}

/**
 * kith_store_change_free:
 * @self: (transfer full) (nullable): a change
 */
void
kith_store_change_free (KithStoreChange *self)
{
  if (self == NULL)
    return;

  kith_secret_free_text (self->text);
  g_free (self);
}

/**
 * kith_store_conversation_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_conversation_free (KithStoreConversation *self)
{
  if (self == NULL)
    return;

  kith_secret_free_text (self->draft);
  kith_store_message_free (self->last);
  g_free (self);
}

/**
 * kith_store_hit_free:
 * @self: (transfer full) (nullable): a hit
 */
void
kith_store_hit_free (KithStoreHit *self)
{
  if (self == NULL)
    return;

  kith_store_message_free (self->message);
  kith_secret_free_text (self->snippet);
  g_free (self->ranges);
  g_free (self);
}

/**
 * kith_store_snapshot_new:
 *
 * Returns: (transfer full): a snapshot of an empty store
 */
KithStoreSnapshot *
kith_store_snapshot_new (void)
{
  KithStoreSnapshot *self = g_new0 (KithStoreSnapshot, 1);

  self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_contact_free);
  self->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_device_free);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_request_free);
  self->invites = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_invite_free);
  self->outbox = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  self->conversations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_conversation_free);
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) kith_secret_free_text);
  self->transfers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  self->missing = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_group_free);
  return self;
}

/**
 * kith_store_snapshot_free:
 * @self: (transfer full) (nullable): a snapshot
 */
void
kith_store_snapshot_free (KithStoreSnapshot *self)
{
  if (self == NULL)
    return;

  kith_store_profile_free (self->profile);
  g_ptr_array_unref (self->contacts);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->invites);
  g_ptr_array_unref (self->outbox);
  g_ptr_array_unref (self->conversations);
  g_hash_table_unref (self->settings);
  g_ptr_array_unref (self->transfers);
  g_ptr_array_unref (self->missing);
  g_ptr_array_unref (self->groups);
  g_free (self);
}
