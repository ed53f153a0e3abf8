/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who we are: making an identity, its name, its certificate; and what net asks about others. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-profile.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "node/kith-directory.h"
#include "node/kith-group-host.h"
#include "node/kith-networking.h"
#include "node/kith-node-clock.h"
#include "node/kith-node-knock.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-sessions.h"
#include "node/kith-own-endpoints.h"
#include "node/kith-reach-private.h"
#include "store/kith-backup.h"

/* --- What net asks -------------------------------------------------------------------------- */

static gboolean
has_root_id (KithSecret *root, const guint8 *root_id)
{
  guint8 id[KITH_ROOT_ID_BYTES];

  if (root == NULL)
    return FALSE;

  kith_pair_root_id (kith_secret_get_data (root), id);
  return memcmp (id, root_id, sizeof id) == 0;
}

static KithSecret *
dup_pair_root (const guint8 *identity, const guint8 *root_id, gpointer user_data)
{
  KithPeer *peer = kith_node_lookup_peer (user_data, identity);
  KithSecret *root = NULL;

  if (peer == NULL)
    return NULL;

  if (root_id == NULL || has_root_id (peer->row->pair_root, root_id))
    root = peer->row->pair_root;
  else if (has_root_id (peer->row->old_pair_root, root_id))
    root = peer->row->old_pair_root;

  return root != NULL ? kith_secret_ref (root) : NULL;
}

static void
device_key_of (const guint8 *identity, const guint8 *device, guint8 out[KITH_DEVICE_ID_BYTES])
{
  memcpy (out, identity, KITH_STORE_IDENTITY_BYTES);
  memcpy (out + KITH_STORE_IDENTITY_BYTES, device, KITH_STORE_DEVICE_BYTES);
}

/* A peer's certificate may only be renewed, never taken back; one number stands for one key. */
static gboolean
check_certificate (const KithCertificate *certificate, gpointer user_data)
{
  KithNode *self = user_data;
  guint8 key[KITH_DEVICE_ID_BYTES];
  const KithStoreDevice *known;

  device_key_of (certificate->identity, certificate->device, key);
  known = g_hash_table_lookup (self->devices, key);
  if (known == NULL || certificate->seq > known->seq)
    return TRUE;

  return certificate->seq == known->seq
         && memcmp (certificate->device_key, known->device_key, sizeof known->device_key) == 0;
}

static void
note_time (const guint8 *identity, guint64 time_s, gpointer user_data)
{
  kith_node_clock_note (user_data, identity, time_s);
}

static const KithLocalDelegate local_delegate = { kith_node_match_knock, dup_pair_root,
                                                  check_certificate, note_time };

/* A person may sign as many devices as they like: @keep and some others of theirs are remembered. */
static void
forget_devices (KithNode *self, const guint8 *identity, const guint8 *keep)
{
  guint n = 0;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->devices);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (kith_identity_equal (key, identity)
        && (keep == NULL
            || (memcmp (key, keep, KITH_DEVICE_ID_BYTES) != 0 && ++n >= KITH_LIMIT_DEVICES)))
      g_hash_table_iter_remove (&iter);
}

/**
 * kith_node_remember_device: (skip)
 * @self: a node
 * @row: the newest certificate that was seen of a contact's device
 */
void
kith_node_remember_device (KithNode *self, const KithStoreDevice *row)
{
  guint8 key[KITH_DEVICE_ID_BYTES];

  device_key_of (row->identity, row->device, key);
  g_hash_table_insert (self->devices, g_memdup2 (key, sizeof key), kith_store_device_copy (row));
  forget_devices (self, row->identity, key);
}

/**
 * kith_node_forget_devices: (skip)
 * @self: a node
 * @identity: the identity key of somebody of whom nothing is kept
 */
void
kith_node_forget_devices (KithNode *self, const guint8 *identity)
{
  forget_devices (self, identity, NULL);
}

/* --- Our own -------------------------------------------------------------------------------- */

const guint8 *
kith_node_get_own_identity (KithNode *self)
{
  return self->local != NULL ? kith_local_get_identity (self->local) : NULL;
}

/**
 * kith_node_adopt_profile: (skip)
 * @self: a node without a profile
 * @row: the profile
 * @error: return location for a #GError: %KITH_ERROR_FAILED
 *
 * From now on this is who we are: contacts are dialled, and the node can listen.
 *
 * Returns: %FALSE when the row is not in order
 */
gboolean
kith_node_adopt_profile (KithNode *self, const KithStoreProfile *row, GError **error)
{
  g_autofree char *id = NULL;

  self->local = kith_local_new (self->env, row->device_key, row->certificate, &local_delegate, self);
  if (self->local == NULL)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_FAILED, "The stored profile is damaged");
      return FALSE;
    }

  kith_local_set_knock_env (self->local, kith_clock_check_get_env (self->clock_check));
  kith_node_apply_reach (self);
  self->sessions = kith_session_table_new (self->local);
  self->profile_row = kith_store_profile_copy (row);
  id = kith_id_string_encode (kith_local_get_identity (self->local));
  self->profile = kith_profile_new (id, row->name);
  kith_presence_restore (self);
  g_object_notify (G_OBJECT (self), "profile");
  kith_groups_start (self);
  kith_networking_profile_ready (self->networking);
  kith_directory_start_all (self);
  return TRUE;
}

static KithSecret *
random_secret (KithNode *self, gsize len)
{
  guint8 bytes[KITH_KEY_BYTES];
  KithSecret *secret;

  kith_env_random_bytes (self->env, bytes, len);
  secret = kith_secret_new_from (bytes, len);
  kith_secret_wipe (bytes, sizeof bytes);
  return secret;
}

/* Signs @certificate, which has its device and number, for the time from now on. */
static void
sign (KithNode *self, KithStoreProfile *row, KithCertificate *certificate)
{
  gint64 now_s = kith_env_realtime_s (self->env);

  certificate->not_before = (guint64) MAX (now_s, 0);
  certificate->not_after = certificate->not_before + KITH_LIMIT_CERTIFICATE_LIFETIME_S;
  kith_certificate_encode (certificate, kith_secret_get_data (row->identity_seed), row->certificate);
}

/* A new device: of a new identity, or of one that was restored from a backup. */
static void
certify (KithNode *self, KithStoreProfile *row)
{
  KithCertificate certificate = { .seq = 1 };

  kith_identity_get_public (kith_secret_get_data (row->identity_seed), certificate.identity);
  kith_device_key_get_public (kith_secret_get_data (row->device_key), certificate.device_key);
  kith_env_random_bytes (self->env, certificate.device, sizeof certificate.device);
  sign (self, row, &certificate);
}

/* Returns: whether the certificate was renewed */
static gboolean
renew (KithNode *self, KithStoreProfile *row)
{
  gint64 now_s = kith_env_realtime_s (self->env);
  KithCertificate certificate;

  if (!kith_certificate_parse (&certificate, row->certificate)
      || now_s < (gint64) certificate.not_before + KITH_LIMIT_CERTIFICATE_RENEWAL_S)
    return FALSE;

  certificate.seq++;
  sign (self, row, &certificate);
  return TRUE;
}

/**
 * kith_node_refresh_profile: (skip)
 * @self: a node that is being opened
 * @row: (inout): its stored profile
 *
 * After a restore this is a new installation with a device of its own (protocol 2); else the
 * certificate is renewed when it is time.
 */
void
kith_node_refresh_profile (KithNode *self, KithStoreProfile *row)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  if (g_hash_table_remove (self->settings, KITH_BACKUP_RESTORED))
    {
      g_clear_pointer (&row->device_key, kith_secret_unref);
      row->device_key = random_secret (self, KITH_DEVICE_KEY_BYTES);
      certify (self, row);
    }
  else if (!renew (self, row))
    return;

  batch = kith_store_batch_new ();
  kith_store_batch_put_profile (batch, row);
  kith_store_batch_put_setting (batch, KITH_BACKUP_RESTORED, NULL);
  kith_node_commit (self, batch);
}

static void
profile_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  KithStoreProfile *row = g_task_get_task_data (task);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->profile == NULL)
    {
      if (!kith_node_adopt_profile (self, row, &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }
  else
    {
      g_free (self->profile_row->name);
      self->profile_row->name = g_strdup (row->name);
      kith_profile_set_name (self->profile, row->name);
      kith_groups_profile_changed (self);
      kith_node_broadcast_profile (self);
      kith_networking_name_changed (self->networking);
    }

  g_task_return_boolean (task, TRUE);
}

/* @row: (transfer full) */
static void
commit_profile (KithNode *self, KithStoreProfile *row, GTask *task)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_put_profile (batch, row);
  g_task_set_task_data (task, row, (GDestroyNotify) kith_store_profile_free);
  kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, profile_committed_cb, task);
}

/* Returns: (nullable): the name, or %NULL after the task was answered */
static char *
clean_name (const char *name, GTask *task)
{
  char *clean = kith_text_sanitize_name (name);

  if (clean == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                             "There is nothing to show in this name");
  return clean;
}

void
kith_node_create_profile_async (KithNode *self, const char *name, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *clean = clean_name (name, task);
  KithStoreProfile *row;

  g_task_set_source_tag (task, kith_node_create_profile_async);
  if (clean == NULL)
    return;

  if (self->profile != NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "There is a profile already");
      return;
    }

  row = g_new0 (KithStoreProfile, 1);
  row->name = g_steal_pointer (&clean);
  row->identity_seed = random_secret (self, KITH_IDENTITY_SEED_BYTES);
  row->device_key = random_secret (self, KITH_DEVICE_KEY_BYTES);
  certify (self, row);
  commit_profile (self, row, g_steal_pointer (&task));
}

gboolean
kith_node_create_profile_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_name_async (KithNode *self, const char *name, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *clean = NULL;
  KithStoreProfile *row;

  g_task_set_source_tag (task, kith_node_set_name_async);
  if (self->profile == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
      return;
    }

  clean = clean_name (name, task);
  if (clean == NULL)
    return;

  row = kith_store_profile_copy (self->profile_row);
  g_free (row->name);
  row->name = g_steal_pointer (&clean);
  commit_profile (self, row, g_steal_pointer (&task));
}

gboolean
kith_node_set_name_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kith_node_describe: (skip)
 * @self: a node with a profile
 * @body: (inout): gets our name, where we can be dialled while we listen, and whether we are to be
 *   shown as absent
 */
void
kith_node_describe (KithNode *self, KithBodyOpen *body)
{
  g_free (body->name);
  body->name = g_strdup (kith_profile_get_name (self->profile));
  kith_own_endpoints_list (self, &body->endpoints);
  body->dht_port = kith_networking_get_dht_port (self->networking);
  body->hidden = kith_profile_get_hidden (self->profile);
}
