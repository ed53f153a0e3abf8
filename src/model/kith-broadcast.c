/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-broadcast.h"

#include "base/kith-bytes.h"
#include "base/kith-secret.h"

#define N_STATES (KITH_MESSAGE_FAILED + 1)

/* --- Somebody it went to -------------------------------------------------------------------- */

struct _KithRecipient
{
  GObject          parent_instance;
  KithContact     *contact; /* (owned) (nullable) */
  gboolean         kept;
  KithMessageState state;
  gint64           state_ms[N_STATES];
};

G_DEFINE_FINAL_TYPE (KithRecipient, kith_recipient, G_TYPE_OBJECT)

static void
kith_recipient_finalize (GObject *object)
{
  KithRecipient *self = KITH_RECIPIENT (object);

  g_clear_object (&self->contact);

  G_OBJECT_CLASS (kith_recipient_parent_class)->finalize (object);
}

static void
kith_recipient_class_init (KithRecipientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_recipient_finalize;
}

static void
kith_recipient_init (KithRecipient *self)
{
  self->state = KITH_MESSAGE_QUEUED;
}

/**
 * kith_recipient_new:
 * @contact: (nullable): who it is; %NULL for somebody who was deleted since
 * @kept: whether their message is still there
 *
 * Returns: (transfer full): a recipient whose message waits
 */
KithRecipient *
kith_recipient_new (KithContact *contact, gboolean kept)
{
  KithRecipient *self = g_object_new (KITH_TYPE_RECIPIENT, NULL);

  g_set_object (&self->contact, contact);
  self->kept = kept;
  return self;
}

/**
 * kith_recipient_get_contact:
 * @self: a recipient
 *
 * Returns: (transfer none) (nullable): who it is; %NULL for somebody who was deleted since
 */
KithContact *
kith_recipient_get_contact (KithRecipient *self)
{
  return self->contact;
}

/**
 * kith_recipient_get_kept:
 * @self: a recipient
 *
 * Returns: whether their message is still there
 */
gboolean
kith_recipient_get_kept (KithRecipient *self)
{
  return self->kept;
}

/**
 * kith_recipient_get_state:
 * @self: a recipient
 *
 * Returns: how far their message has come
 */
KithMessageState
kith_recipient_get_state (KithRecipient *self)
{
  return self->state;
}

/**
 * kith_recipient_get_state_time_ms:
 * @self: a recipient
 * @state: a state
 *
 * Returns: when their message came to that, in ms since 1970; 0 = not yet
 */
gint64
kith_recipient_get_state_time_ms (KithRecipient *self, KithMessageState state)
{
  return self->state_ms[state];
}

/**
 * kith_recipient_set_state:
 * @self: a recipient
 * @state: how far their message has come
 * @time_ms: when, in ms since 1970
 */
void
kith_recipient_set_state (KithRecipient *self, KithMessageState state, gint64 time_ms)
{
  self->state = state;
  self->state_ms[state] = time_ms;
}

/* --- What was sent -------------------------------------------------------------------------- */

struct _KithBroadcast
{
  GObject     parent_instance;
  char       *id;   /* (owned) */
  char       *text; /* (owned) */
  gint64      time_ms;
  guint       n_recipients, n_delivered, n_read;
  GListStore *recipients; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithBroadcast, kith_broadcast, G_TYPE_OBJECT)

static void
kith_broadcast_finalize (GObject *object)
{
  KithBroadcast *self = KITH_BROADCAST (object);

  g_free (self->id);
  kith_secret_free_text (self->text);
  g_clear_object (&self->recipients);

  G_OBJECT_CLASS (kith_broadcast_parent_class)->finalize (object);
}

static void
kith_broadcast_class_init (KithBroadcastClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_broadcast_finalize;
}

static void
kith_broadcast_init (KithBroadcast *self)
{
  self->recipients = g_list_store_new (KITH_TYPE_RECIPIENT);
}

/**
 * kith_broadcast_new:
 * @id: its id
 * @time_ms: when it was sent, in ms since 1970
 * @text: what was sent
 *
 * Returns: (transfer full): a broadcast without recipients
 */
KithBroadcast *
kith_broadcast_new (const guint8 id[KITH_MESSAGE_ID_BYTES], gint64 time_ms, const char *text)
{
  KithBroadcast *self = g_object_new (KITH_TYPE_BROADCAST, NULL);

  self->id = kith_hex_encode (id, KITH_MESSAGE_ID_BYTES);
  self->time_ms = time_ms;
  self->text = g_strdup (text);
  return self;
}

/**
 * kith_broadcast_get_id:
 * @self: a broadcast
 *
 * Returns: (transfer none): its id, 32 hex digits
 */
const char *
kith_broadcast_get_id (KithBroadcast *self)
{
  return self->id;
}

/**
 * kith_broadcast_get_time_ms:
 * @self: a broadcast
 *
 * Returns: when it was sent, in ms since 1970
 */
gint64
kith_broadcast_get_time_ms (KithBroadcast *self)
{
  return self->time_ms;
}

/**
 * kith_broadcast_get_text:
 * @self: a broadcast
 *
 * Returns: (transfer none): what was sent
 */
const char *
kith_broadcast_get_text (KithBroadcast *self)
{
  return self->text;
}

/**
 * kith_broadcast_get_n_recipients:
 * @self: a broadcast
 *
 * Returns: to how many it went
 */
guint
kith_broadcast_get_n_recipients (KithBroadcast *self)
{
  return self->n_recipients;
}

/**
 * kith_broadcast_get_n_delivered:
 * @self: a broadcast
 *
 * Returns: with how many it has arrived
 */
guint
kith_broadcast_get_n_delivered (KithBroadcast *self)
{
  return self->n_delivered;
}

/**
 * kith_broadcast_get_n_read:
 * @self: a broadcast
 *
 * Returns: how many have read it
 */
guint
kith_broadcast_get_n_read (KithBroadcast *self)
{
  return self->n_read;
}

/**
 * kith_broadcast_set_counts:
 * @self: a broadcast
 * @n_recipients: to how many it went
 * @n_delivered: with how many it has arrived
 * @n_read: how many have read it
 */
void
kith_broadcast_set_counts (KithBroadcast *self, guint n_recipients, guint n_delivered, guint n_read)
{
  self->n_recipients = n_recipients;
  self->n_delivered = n_delivered;
  self->n_read = n_read;
}

/**
 * kith_broadcast_get_recipients:
 * @self: a broadcast
 *
 * Returns: (transfer none): who it went to
 */
GListModel *
kith_broadcast_get_recipients (KithBroadcast *self)
{
  return G_LIST_MODEL (self->recipients);
}

/**
 * kith_broadcast_add_recipient:
 * @self: a broadcast
 * @recipient: somebody it went to; counts by its state
 */
void
kith_broadcast_add_recipient (KithBroadcast *self, KithRecipient *recipient)
{
  g_list_store_append (self->recipients, recipient);
  self->n_recipients++;
  self->n_delivered += recipient->state_ms[KITH_MESSAGE_DELIVERED] != 0 ? 1 : 0;
  self->n_read += recipient->state_ms[KITH_MESSAGE_READ] != 0 ? 1 : 0;
}
