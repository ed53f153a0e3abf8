/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-rows.h"

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
  g_free (self->text);
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
  g_free (self->text);
  g_free (self);
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
  g_clear_pointer (&self->contacts, g_ptr_array_unref);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->requests, g_ptr_array_unref);
  g_clear_pointer (&self->outbox, g_ptr_array_unref);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_free (self);
}
