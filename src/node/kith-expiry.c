/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that disappear. The store knows what is due and when the next is; it is asked when a timer
 * fires, and after a jump of the clock. Protocol 8.
 *
 * What is deleted is gone for good. So a clock that is set ahead is not believed at once: see
 * kith-expiry-clock.c. What is lost by being wrong is that some messages stay up to an hour too long. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-expiry.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-settings.h"
#include "node/kith-transfers.h"

static gint64
get_boot_ms (KithNode *self)
{
  return kith_env_boottime_us (self->env) / 1000;
}

static void
store_clock (KithNode *self)
{
  g_autofree char *boot = kith_env_dup_boot (self->env);
  g_autofree char *text = kith_expiry_clock_to_text (&self->expiry_clock, boot);

  kith_node_set_setting (self, KITH_SETTING_EXPIRY_CLOCK, text);
}

/* Unix time in ms, as far as it is believed. */
static gint64
believed_ms (KithNode *self)
{
  gint64 boot_ms = get_boot_ms (self);

  if (kith_expiry_clock_look (&self->expiry_clock, kith_node_now_ms (self), boot_ms))
    store_clock (self);
  return kith_expiry_clock_get_now_ms (&self->expiry_clock, boot_ms);
}

void
kith_expiry_start (KithNode *self)
{
  const char *text = kith_node_get_setting (self, KITH_SETTING_EXPIRY_CLOCK);
  g_autofree char *boot = kith_env_dup_boot (self->env);

  if (text != NULL)
    kith_expiry_clock_restore (&self->expiry_clock, text, boot, kith_node_now_ms (self), get_boot_ms (self));
}

static gboolean
due_cb (gpointer user_data)
{
  KithNode *self = user_data;

  kith_source_clear (&self->expiry_source);
  kith_expiry_check (self);
  return G_SOURCE_REMOVE;
}

/* Where the system does not say when the clock is set, or the machine wakes up, it is looked at. */
static gint64
longest_wait_ms (KithNode *self)
{
  gint64 longest_ms = self->clock_watch != NULL ? KITH_LIMIT_EXPIRY_CHECK_MS : KITH_LIMIT_CLOCK_CHECK_MS;
  gint64 doubt_ms = kith_expiry_clock_get_doubt_ms (&self->expiry_clock, get_boot_ms (self));

  return doubt_ms > 0 ? MIN (doubt_ms, longest_ms) : longest_ms;
}

/* Waits for what is due at self->next_expiry_ms; not for longer than a step of the clock may take to
 * be noticed. */
static void
arm (KithNode *self)
{
  gint64 wait_ms, now_ms;

  kith_source_clear (&self->expiry_source);
  if (self->next_expiry_ms == 0 || self->closing)
    return;

  now_ms = believed_ms (self);
  wait_ms = CLAMP (self->next_expiry_ms - now_ms, 0, longest_wait_ms (self));
  kith_source_start (&self->expiry_source, (guint) wait_ms + 1, due_cb, self);
}

void
kith_expiry_expect (KithNode *self, gint64 expires_ms)
{
  if (self->next_expiry_ms != 0 && self->next_expiry_ms <= expires_ms)
    return;

  self->next_expiry_ms = expires_ms;
  arm (self);
}

/* (transfer full) (element-type KithMessage): those that faces may have, and that are due */
static GPtrArray *
take_due (KithConversation *conversation, gint64 now_ms)
{
  GPtrArray *due = g_ptr_array_new_with_free_func (g_object_unref);
  KithMessageList *list = kith_conversation_get_messages (conversation);
  KithMessage *last = kith_conversation_get_last_message (conversation);

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    {
      KithMessage *message = kith_message_list_get (list, i);
      gint64 expires_ms = kith_message_get_expires_ms (message);

      if (expires_ms != 0 && expires_ms <= now_ms)
        g_ptr_array_add (due, g_object_ref (message));
    }

  if (last != NULL && kith_message_list_lookup (list, kith_message_get_id_bytes (last)) == NULL
      && kith_message_get_expires_ms (last) != 0 && kith_message_get_expires_ms (last) <= now_ms)
    g_ptr_array_add (due, g_object_ref (last));
  return due;
}

static void
show_expired (KithNode *self, gint64 now_ms)
{
  GListModel *all = G_LIST_MODEL (self->conversations);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (all, i);
      KithChat *chat = kith_node_lookup_chat (self, kith_conversation_get_key (conversation));
      g_autoptr (GPtrArray) due = take_due (conversation, now_ms);

      for (guint k = 0; chat != NULL && k < due->len; k++)
        kith_chat_show_gone (chat, kith_message_get_id_bytes (g_ptr_array_index (due, k)));
    }
  kith_transfers_check_expired (self->transfers);
}

typedef struct
{
  KithNode *node; /* (owned) */
  gint64    now_ms;
} Check;

static void
expired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Check *check = user_data;
  g_autoptr (KithNode) self = check->node;
  g_autoptr (GError) error = NULL;
  gint64 next_ms;

  if (!kith_store_expire_finish (KITH_STORE (source), result, &next_ms, &error))
    {
      if (!self->closing)
        kith_node_emit_warning (self, error);
      /* What is due stays due: it is tried again later. */
      next_ms = check->now_ms + KITH_LIMIT_TTL_MIN_S * 1000;
    }
  else if (!self->closing)
    show_expired (self, check->now_ms);

  if (next_ms != 0)
    kith_expiry_expect (self, next_ms);
}

void
kith_expiry_check (KithNode *self)
{
  Check *check;

  if (self->closing)
    return;

  check = g_new0 (Check, 1);
  check->node = g_object_ref (self);
  check->now_ms = believed_ms (self);
  self->next_expiry_ms = 0;
  kith_store_expire_async (self->store, check->now_ms, expired_cb, check);
}

void
kith_expiry_stop (KithNode *self)
{
  kith_source_clear (&self->expiry_source);
}
