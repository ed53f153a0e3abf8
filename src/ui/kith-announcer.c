/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-announcer.h"

#include <glib/gi18n.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "ui/kith-announce.h"
#include "ui/kith-message-words.h"

struct _KithAnnouncer
{
  GObject parent_instance;

  KithWindow *window;             /* (unowned) owns us */
  KithNode *node;                 /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) where the messages came */
  GPtrArray *messages;            /* (owned) what is about to be said */
  GPtrArray *acts;                /* (owned) (element-type Act) likewise, to messages that were there before */
  GSource *gather;                /* (owned) (nullable) */
};

/* What somebody has done to a message. */
typedef struct
{
  KithMessage *message; /* (owned) */
  KithContact *who;     /* (owned) */
  char *emoji;          /* (owned) (nullable): theirs; else they have changed it */
} Act;

G_DEFINE_FINAL_TYPE (KithAnnouncer, kith_announcer, G_TYPE_OBJECT)

static void
act_free (Act *act)
{
  g_object_unref (act->message);
  g_object_unref (act->who);
  g_free (act->emoji);
  g_free (act);
}

static void
drop (KithAnnouncer *self)
{
  kith_source_clear (&self->gather);
  g_clear_object (&self->conversation);
  g_ptr_array_set_size (self->messages, 0);
  g_ptr_array_set_size (self->acts, 0);
}

/* Returns: (transfer full): with what the message says by now */
static char *
dup_act (const Act *act)
{
  return act->emoji != NULL ? kith_message_words_dup_reaction (act->message, act->who, act->emoji)
                            : kith_message_words_dup_edit (act->message, act->who);
}

/* Who comes back online may bring hundreds. Returns: (transfer full): empty when nothing is left to be said */
static char *
dup_words (KithAnnouncer *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;
  guint n = self->messages->len;

  if (n > KITH_LIMIT_ANNOUNCED_MESSAGES)
    {
      /* Translators: how many messages have come */
      g_autofree char *line = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u new message", "%u new messages", n), n);

      g_strv_builder_add (builder, line);
    }
  for (guint i = 0; i < n && n <= KITH_LIMIT_ANNOUNCED_MESSAGES; i++)
    {
      g_autofree char *line = kith_message_words_dup_news (g_ptr_array_index (self->messages, i));

      g_strv_builder_add (builder, line);
    }
  for (guint i = 0; i < self->acts->len; i++)
    {
      const Act *act = g_ptr_array_index (self->acts, i);
      g_autofree char *line = kith_message_is_deleted (act->message) ? NULL : dup_act (act);

      if (line != NULL)
        g_strv_builder_add (builder, line);
    }
  lines = g_strv_builder_end (builder);

  return g_strjoinv ("\n", lines);
}

static gboolean
gathered_cb (gpointer user_data)
{
  KithAnnouncer *self = user_data;
  g_autofree char *words = dup_words (self);

  if (kith_window_is_showing (self->window, G_OBJECT (self->conversation)))
    kith_announce (GTK_WIDGET (self->window), words);
  drop (self);

  return G_SOURCE_REMOVE;
}

/* One announcement cuts off the one before: what comes together is said together. */
static void
gather (KithAnnouncer *self, KithConversation *conversation)
{
  if (self->conversation != conversation)
    drop (self);
  g_set_object (&self->conversation, conversation);
  if (self->gather == NULL)
    kith_source_start (&self->gather, KITH_LIMIT_ANNOUNCEMENT_GATHER_MS, gathered_cb, self);
}

static void
message_added_cb (KithAnnouncer *self, KithConversation *conversation, KithMessage *message)
{
  if (kith_message_is_outgoing (message)
      || !kith_window_is_showing (self->window, G_OBJECT (conversation)))
    return;

  gather (self, conversation);
  g_ptr_array_add (self->messages, g_object_ref (message));
}

/* (nullable): what somebody else has done something to, where the user may see it. What is about to be said comes with
 * its new words. */
static KithMessage *
find_changed (KithAnnouncer *self, KithConversation *conversation, const char *id, KithContact *who)
{
  guint8 bytes[KITH_MESSAGE_ID_BYTES];
  KithMessage *message;

  if (who == NULL || !kith_window_is_showing (self->window, G_OBJECT (conversation))
      || !kith_hex_decode (id, bytes, sizeof bytes))
    return NULL;

  message = kith_message_list_lookup (kith_conversation_get_messages (conversation), bytes);

  return message != NULL && !g_ptr_array_find (self->messages, message, NULL) ? message : NULL;
}

/* @emoji: (nullable) */
static void
add_act (KithAnnouncer *self, KithConversation *conversation, KithMessage *message, KithContact *who,
         const char *emoji)
{
  Act *act;

  gather (self, conversation);
  if (self->acts->len >= KITH_LIMIT_ANNOUNCED_MESSAGES)
    return;

  act = g_new0 (Act, 1);
  act->message = g_object_ref (message);
  act->who = g_object_ref (who);
  act->emoji = g_strdup (emoji);
  g_ptr_array_add (self->acts, act);
}

static void
reaction_cb (KithAnnouncer *self, KithConversation *conversation, const char *event, const char *id,
             KithContact *who, const char *emoji)
{
  KithMessage *message = find_changed (self, conversation, id, who);

  /* One that is taken back is not news. */
  if (message != NULL && kith_message_is_outgoing (message) && *emoji != '\0')
    add_act (self, conversation, message, who, emoji);
}

static void
edited_cb (KithAnnouncer *self, KithConversation *conversation, const char *event, const char *id,
           KithContact *who, const char *text)
{
  KithMessage *message = find_changed (self, conversation, id, who);

  if (message != NULL && !kith_message_is_outgoing (message))
    add_act (self, conversation, message, who, NULL);
}

static gboolean
is_id (KithMessage *message, const char *id)
{
  return id == NULL || g_strcmp0 (kith_message_get_id (message), id) == 0;
}

/* What disappears is not said any more. @id: (nullable): all that is there */
static void
gone_cb (KithAnnouncer *self, KithConversation *conversation, const char *event, const char *id)
{
  if (conversation != self->conversation)
    return;

  for (guint i = self->messages->len; i > 0; i--)
    if (is_id (g_ptr_array_index (self->messages, i - 1), id))
      g_ptr_array_remove_index (self->messages, i - 1);
  for (guint i = self->acts->len; i > 0; i--)
    if (is_id (((const Act *) g_ptr_array_index (self->acts, i - 1))->message, id))
      g_ptr_array_remove_index (self->acts, i - 1);
}

static void
node_changed_cb (KithAnnouncer *self)
{
  if (self->node != NULL)
    g_signal_handlers_disconnect_by_data (self->node, self);
  drop (self);
  if (!g_set_object (&self->node, kith_window_get_node (self->window)) || self->node == NULL)
    return;

  g_signal_connect_object (self->node, "message-added", G_CALLBACK (message_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "message-event::reaction", G_CALLBACK (reaction_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "message-event::edited", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "message-event::gone", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "message-event::cleared", G_CALLBACK (gone_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
kith_announcer_finalize (GObject *object)
{
  KithAnnouncer *self = KITH_ANNOUNCER (object);

  drop (self);
  g_clear_object (&self->node);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->acts);

  G_OBJECT_CLASS (kith_announcer_parent_class)->finalize (object);
}

static void
kith_announcer_class_init (KithAnnouncerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_announcer_finalize;
}

static void
kith_announcer_init (KithAnnouncer *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->acts = g_ptr_array_new_with_free_func ((GDestroyNotify) act_free);
}

/**
 * kith_announcer_new:
 * @window: whose node to follow; has to outlive the announcer
 *
 * Returns: (transfer full): an announcer
 */
KithAnnouncer *
kith_announcer_new (KithWindow *window)
{
  KithAnnouncer *self = g_object_new (KITH_TYPE_ANNOUNCER, NULL);

  self->window = window;
  g_signal_connect_object (window, "notify::node", G_CALLBACK (node_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
