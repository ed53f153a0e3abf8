/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-batch.h"

#include <string.h>

#include "base/kith-secret.h"
#include "store/kith-store-broadcast.h"

struct _KithStoreBatch
{
  gatomicrefcount ref_count;
  GArray         *ops; /* (owned) KithStoreOp */
};

static void
mark_free (KithStoreMark *mark)
{
  kith_secret_free_text (mark->draft);
  g_free (mark);
}

static void
setting_free (KithStoreSetting *setting)
{
  g_free (setting->key);
  kith_secret_free_text (setting->value);
  g_free (setting);
}

static void
op_clear (gpointer data)
{
  KithStoreOp *op = data;

  switch (op->kind)
    {
    case KITH_STORE_OP_PUT_PROFILE:
      kith_store_profile_free (op->row);
      break;
    case KITH_STORE_OP_PUT_CONTACT:
      kith_store_contact_free (op->row);
      break;
    case KITH_STORE_OP_PUT_DEVICE:
      kith_store_device_free (op->row);
      break;
    case KITH_STORE_OP_PUT_REQUEST:
      kith_store_request_free (op->row);
      break;
    case KITH_STORE_OP_PUT_INVITE:
      kith_store_invite_free (op->row);
      break;
    case KITH_STORE_OP_PUT_BROADCAST:
      kith_store_broadcast_free (op->row);
      break;
    case KITH_STORE_OP_ADD_MESSAGE:
    case KITH_STORE_OP_UPDATE_MESSAGE:
    case KITH_STORE_OP_ADD_ACT:
    case KITH_STORE_OP_ACT_ARRIVED:
    case KITH_STORE_OP_QUEUE_AGAIN:
    case KITH_STORE_OP_PUT_MISSING:
    case KITH_STORE_OP_PUT_TRANSFER:
      kith_store_message_free (op->row);
      break;
    case KITH_STORE_OP_DELETE_CONTACT:
    case KITH_STORE_OP_DELETE_REQUEST:
    case KITH_STORE_OP_DELETE_INVITE:
    case KITH_STORE_OP_DELETE_BROADCAST:
    case KITH_STORE_OP_CLEAR_MESSAGES:
    case KITH_STORE_OP_PUT_OPTIONS:
      g_free (op->row);
      break;
    case KITH_STORE_OP_GROUP:
      kith_store_group_act_free (op->row);
      break;
    case KITH_STORE_OP_EDIT_MESSAGE:
    case KITH_STORE_OP_DELETE_MESSAGE:
    case KITH_STORE_OP_REACT:
      kith_store_change_free (op->row);
      break;
    case KITH_STORE_OP_WE_READ:
    case KITH_STORE_OP_THEY_READ:
    case KITH_STORE_OP_NUMBERED:
    case KITH_STORE_OP_RECEIVED:
    case KITH_STORE_OP_PUT_DRAFT:
      mark_free (op->row);
      break;
    case KITH_STORE_OP_PUT_SETTING:
      setting_free (op->row);
      break;
    }
}

/**
 * kith_store_batch_new:
 *
 * Returns: (transfer full): an empty batch
 */
KithStoreBatch *
kith_store_batch_new (void)
{
  KithStoreBatch *self = g_new0 (KithStoreBatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->ops = g_array_new (FALSE, TRUE, sizeof (KithStoreOp));
  g_array_set_clear_func (self->ops, op_clear);
  return self;
}

/**
 * kith_store_batch_ref:
 * @self: a batch
 *
 * Returns: (transfer full): @self
 */
KithStoreBatch *
kith_store_batch_ref (KithStoreBatch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_store_batch_unref:
 * @self: (transfer full): a batch
 */
void
kith_store_batch_unref (KithStoreBatch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->ops);
  g_free (self);
}

/**
 * kith_store_batch_get_length:
 * @self: a batch
 *
 * Returns: how many operations it has
 */
guint
kith_store_batch_get_length (KithStoreBatch *self)
{
  return self->ops->len;
}

/**
 * kith_store_batch_get:
 * @self: a batch
 * @position: the position of an operation
 *
 * Returns: (transfer none): the operation, for the store
 */
KithStoreOp *
kith_store_batch_get (KithStoreBatch *self, guint position)
{
  return &g_array_index (self->ops, KithStoreOp, position);
}

static guint
add (KithStoreBatch *self, KithStoreOpKind kind, gpointer row)
{
  KithStoreOp op = { .kind = kind, .row = row };

  g_array_append_val (self->ops, op);
  return self->ops->len - 1;
}

/**
 * kith_store_batch_put_profile:
 * @self: a batch
 * @row: the profile, which replaces the one there is
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_profile (KithStoreBatch *self, const KithStoreProfile *row)
{
  return add (self, KITH_STORE_OP_PUT_PROFILE, kith_store_profile_copy (row));
}

/**
 * kith_store_batch_put_contact:
 * @self: a batch
 * @row: a contact, which replaces the one with its identity
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_contact (KithStoreBatch *self, const KithStoreContact *row)
{
  return add (self, KITH_STORE_OP_PUT_CONTACT, kith_store_contact_copy (row));
}

/**
 * kith_store_batch_delete_contact:
 * @self: a batch
 * @identity: whom to delete, with messages and devices
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_delete_contact (KithStoreBatch *self,
                                 const guint8 identity[KITH_STORE_IDENTITY_BYTES])
{
  return add (self, KITH_STORE_OP_DELETE_CONTACT, g_memdup2 (identity, KITH_STORE_IDENTITY_BYTES));
}

/**
 * kith_store_batch_put_device:
 * @self: a batch
 * @row: a device, which replaces the one with its identity and id
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_device (KithStoreBatch *self, const KithStoreDevice *row)
{
  return add (self, KITH_STORE_OP_PUT_DEVICE, kith_store_device_copy (row));
}

/**
 * kith_store_batch_put_request:
 * @self: a batch
 * @row: a request, which replaces the one with its identity
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_request (KithStoreBatch *self, const KithStoreRequest *row)
{
  return add (self, KITH_STORE_OP_PUT_REQUEST, kith_store_request_copy (row));
}

/**
 * kith_store_batch_delete_request:
 * @self: a batch
 * @identity: whose request to delete
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_delete_request (KithStoreBatch *self,
                                 const guint8 identity[KITH_STORE_IDENTITY_BYTES])
{
  return add (self, KITH_STORE_OP_DELETE_REQUEST, g_memdup2 (identity, KITH_STORE_IDENTITY_BYTES));
}

/**
 * kith_store_batch_put_invite:
 * @self: a batch
 * @row: an invite, which replaces the one with its id
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_invite (KithStoreBatch *self, const KithStoreInvite *row)
{
  return add (self, KITH_STORE_OP_PUT_INVITE, kith_store_invite_copy (row));
}

/**
 * kith_store_batch_delete_invite:
 * @self: a batch
 * @id: which
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_delete_invite (KithStoreBatch *self, const guint8 id[KITH_STORE_INVITE_ID_BYTES])
{
  return add (self, KITH_STORE_OP_DELETE_INVITE, g_memdup2 (id, KITH_STORE_INVITE_ID_BYTES));
}

/**
 * kith_store_batch_put_broadcast:
 * @self: a batch
 * @row: a new broadcast; its messages are operations of their own
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_broadcast (KithStoreBatch *self, const KithStoreBroadcast *row)
{
  return add (self, KITH_STORE_OP_PUT_BROADCAST, kith_store_broadcast_copy (row));
}

/**
 * kith_store_batch_delete_broadcast:
 * @self: a batch
 * @id: which; its messages stay
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_delete_broadcast (KithStoreBatch *self, const guint8 id[KITH_STORE_MESSAGE_ID_BYTES])
{
  return add (self, KITH_STORE_OP_DELETE_BROADCAST, g_memdup2 (id, KITH_STORE_MESSAGE_ID_BYTES));
}

/**
 * kith_store_batch_add_message:
 * @self: a batch
 * @row: a message, which is added unless it is known
 *
 * Returns: the position of the operation, for kith_store_batch_was_new()
 */
guint
kith_store_batch_add_message (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_ADD_MESSAGE, kith_store_message_copy (row));
}

/**
 * kith_store_batch_update_message:
 * @self: a batch
 * @row: a message that is known; its state, reason and times are taken over
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_update_message (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_UPDATE_MESSAGE, kith_store_message_copy (row));
}

/**
 * kith_store_batch_clear_messages:
 * @self: a batch
 * @identity: whose conversation loses all its messages
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_clear_messages (KithStoreBatch *self,
                                 const guint8 identity[KITH_STORE_IDENTITY_BYTES])
{
  return add (self, KITH_STORE_OP_CLEAR_MESSAGES, g_memdup2 (identity, KITH_STORE_IDENTITY_BYTES));
}

/**
 * kith_store_batch_we_read:
 * @self: a batch
 * @mark: whose messages, up to which row, when
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_we_read (KithStoreBatch *self, const KithStoreMark *mark)
{
  return add (self, KITH_STORE_OP_WE_READ, g_memdup2 (mark, sizeof *mark));
}

/**
 * kith_store_batch_they_read:
 * @self: a batch
 * @mark: who, which of our messages that have arrived, when
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_they_read (KithStoreBatch *self, const KithStoreMark *mark)
{
  return add (self, KITH_STORE_OP_THEY_READ, g_memdup2 (mark, sizeof *mark));
}

/**
 * kith_store_batch_numbered:
 * @self: a batch
 * @identity: a contact
 * @next_seq: the number that our next message to them gets
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_numbered (KithStoreBatch *self, const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                           guint64 next_seq)
{
  KithStoreMark *mark = g_new0 (KithStoreMark, 1);

  memcpy (mark->identity, identity, sizeof mark->identity);
  mark->seq = next_seq;
  return add (self, KITH_STORE_OP_NUMBERED, mark);
}

/**
 * kith_store_batch_received:
 * @self: a batch
 * @mark: whose number has arrived
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_received (KithStoreBatch *self, const KithStoreMark *mark)
{
  return add (self, KITH_STORE_OP_RECEIVED, g_memdup2 (mark, sizeof *mark));
}

/**
 * kith_store_batch_put_draft:
 * @self: a batch
 * @identity: whose conversation
 * @draft: (nullable): what stands in its composer
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_draft (KithStoreBatch *self, const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                            const char *draft)
{
  KithStoreMark *mark = g_new0 (KithStoreMark, 1);

  memcpy (mark->identity, identity, sizeof mark->identity);
  mark->draft = g_strdup (draft);
  return add (self, KITH_STORE_OP_PUT_DRAFT, mark);
}

/**
 * kith_store_batch_put_setting:
 * @self: a batch
 * @key: which
 * @value: (nullable): its value; %NULL removes it
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_setting (KithStoreBatch *self, const char *key, const char *value)
{
  KithStoreSetting *setting = g_new0 (KithStoreSetting, 1);

  setting->key = g_strdup (key);
  setting->value = g_strdup (value);
  return add (self, KITH_STORE_OP_PUT_SETTING, setting);
}

/**
 * kith_store_batch_add_act:
 * @self: a batch
 * @row: an edit, a deletion or a reaction of ours
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_add_act (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_ADD_ACT, kith_store_message_copy (row));
}

/**
 * kith_store_batch_act_arrived:
 * @self: a batch
 * @row: such a one that was acknowledged
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_act_arrived (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_ACT_ARRIVED, kith_store_message_copy (row));
}

static KithStoreChange *
copy_change (const KithStoreChange *change)
{
  KithStoreChange *copy = g_memdup2 (change, sizeof *change);

  copy->text = g_strdup (change->text);
  return copy;
}

/**
 * kith_store_batch_edit_message:
 * @self: a batch
 * @change: which message gets which text
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_edit_message (KithStoreBatch *self, const KithStoreChange *change)
{
  return add (self, KITH_STORE_OP_EDIT_MESSAGE, copy_change (change));
}

/**
 * kith_store_batch_delete_message:
 * @self: a batch
 * @change: which message loses its content
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_delete_message (KithStoreBatch *self, const KithStoreChange *change)
{
  return add (self, KITH_STORE_OP_DELETE_MESSAGE, copy_change (change));
}

/**
 * kith_store_batch_react:
 * @self: a batch
 * @change: who says what to which message
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_react (KithStoreBatch *self, const KithStoreChange *change)
{
  return add (self, KITH_STORE_OP_REACT, copy_change (change));
}

/**
 * kith_store_batch_queue_again:
 * @self: a batch
 * @row: a message of ours that had failed, with its new number
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_queue_again (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_QUEUE_AGAIN, kith_store_message_copy (row));
}

/**
 * kith_store_batch_put_missing:
 * @self: a batch
 * @row: a line that is known, with what it stands for now
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_missing (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_PUT_MISSING, kith_store_message_copy (row));
}

/**
 * kith_store_batch_put_options:
 * @self: a batch
 * @identity: whose conversation
 * @options: how it is treated from now on
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_options (KithStoreBatch *self, const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                              const KithStoreOptions *options)
{
  KithStoreTreatment *treatment = g_new0 (KithStoreTreatment, 1);

  memcpy (treatment->identity, identity, sizeof treatment->identity);
  treatment->options = *options;
  return add (self, KITH_STORE_OP_PUT_OPTIONS, treatment);
}

/**
 * kith_store_batch_put_transfer:
 * @self: a batch
 * @row: a message that is known and has a file; how that stands is taken over
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_put_transfer (KithStoreBatch *self, const KithStoreMessage *row)
{
  return add (self, KITH_STORE_OP_PUT_TRANSFER, kith_store_message_copy (row));
}

/**
 * kith_store_batch_group:
 * @self: a batch
 * @act: (transfer full): what is to be done with a group
 *
 * Returns: the position of the operation
 */
guint
kith_store_batch_group (KithStoreBatch *self, KithStoreGroupAct *act)
{
  return add (self, KITH_STORE_OP_GROUP, act);
}

/**
 * kith_store_batch_was_new:
 * @self: a committed batch
 * @position: the position of an add_message operation or of a change
 *
 * Returns: whether the message was not known before, or the change had an effect
 */
gboolean
kith_store_batch_was_new (KithStoreBatch *self, guint position)
{
  return kith_store_batch_get (self, position)->was_new;
}

/**
 * kith_store_batch_was_unread:
 * @self: a committed batch
 * @position: the position of a delete_message operation
 *
 * Returns: whether it took away a message that the user had not seen
 */
gboolean
kith_store_batch_was_unread (KithStoreBatch *self, guint position)
{
  return kith_store_batch_get (self, position)->was_unread;
}
