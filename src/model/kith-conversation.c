/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-conversation-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"

G_DEFINE_FINAL_TYPE (KithConversation, kith_conversation, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/**
 * kith_conversation_notify: (skip)
 * @self: a conversation
 * @property: one of its properties, that has changed
 */
void
kith_conversation_notify (KithConversation *self, KithConversationProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
kith_conversation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithConversation *self = KITH_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_GROUP:
      g_value_set_object (value, self->group);
      break;
    case PROP_TITLE:
      g_value_set_string (value, kith_conversation_get_title (self));
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->n_unread);
      break;
    case PROP_LAST_MESSAGE:
      g_value_set_object (value, kith_conversation_get_last_message (self));
      break;
    case PROP_LAST_ACTIVITY:
      g_value_set_int64 (value, self->last_activity_ms);
      break;
    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;
    case PROP_RECORDED_MS:
      g_value_set_uint (value, self->recorded_ms);
      break;
    case PROP_FIRST_UNREAD:
      g_value_set_object (value, self->first_unread);
      break;
    case PROP_TTL_S:
      g_value_set_uint (value, self->options.ttl_s);
      break;
    case PROP_MUTED_UNTIL:
      g_value_set_int64 (value, self->options.muted_until_ms);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->options.pinned);
      break;
    case PROP_ARCHIVED:
      g_value_set_boolean (value, self->options.archived);
      break;
    case PROP_MARKED_UNREAD:
      g_value_set_boolean (value, self->options.marked_unread);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_conversation_set_property (GObject *object, guint prop_id, const GValue *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DRAFT:
      kith_conversation_set_draft (KITH_CONVERSATION (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_conversation_finalize (GObject *object)
{
  KithConversation *self = KITH_CONVERSATION (object);

  g_clear_object (&self->contact);
  g_clear_object (&self->group);
  g_clear_object (&self->messages);
  g_clear_object (&self->first_unread);
  g_clear_object (&self->last);
  g_array_unref (self->unread);
  kith_secret_free_text (self->draft);

  G_OBJECT_CLASS (kith_conversation_parent_class)->finalize (object);
}

static void
kith_conversation_class_init (KithConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_conversation_get_property;
  object_class->set_property = kith_conversation_set_property;
  object_class->finalize = kith_conversation_finalize;

  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_GROUP] = g_param_spec_object ("group", NULL, NULL, KITH_TYPE_GROUP, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAST_MESSAGE] =
    g_param_spec_object ("last-message", NULL, NULL, KITH_TYPE_MESSAGE, flags);
  properties[PROP_LAST_ACTIVITY] =
    g_param_spec_int64 ("last-activity", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_DRAFT] =
    g_param_spec_string ("draft", NULL, NULL, NULL, flags | G_PARAM_WRITABLE);
  properties[PROP_RECORDED_MS] =
    g_param_spec_uint ("recorded-ms", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_FIRST_UNREAD] =
    g_param_spec_object ("first-unread", NULL, NULL, KITH_TYPE_MESSAGE, flags);
  properties[PROP_TTL_S] = g_param_spec_uint ("ttl-s", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  properties[PROP_MUTED_UNTIL] =
    g_param_spec_int64 ("muted-until", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  properties[PROP_ARCHIVED] = g_param_spec_boolean ("archived", NULL, NULL, FALSE, flags);
  properties[PROP_MARKED_UNREAD] =
    g_param_spec_boolean ("marked-unread", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_conversation_init (KithConversation *self)
{
  self->messages = kith_message_list_new ();
  self->unread = g_array_new (FALSE, FALSE, sizeof (KithUnread));
}

static void
display_name_cb (KithConversation *self)
{
  kith_conversation_notify (self, PROP_TITLE);
}

/**
 * kith_conversation_new:
 * @contact: (transfer none): whom it is with
 *
 * Returns: (transfer full): an empty conversation
 */
KithConversation *
kith_conversation_new (KithContact *contact)
{
  KithConversation *self = g_object_new (KITH_TYPE_CONVERSATION, NULL);

  self->contact = g_object_ref (contact);
  g_signal_connect_object (contact, "notify::display-name", G_CALLBACK (display_name_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * kith_conversation_new_for_group:
 * @group: (transfer none): whose conversation it is
 *
 * Returns: (transfer full): an empty conversation
 */
KithConversation *
kith_conversation_new_for_group (KithGroup *group)
{
  KithConversation *self = g_object_new (KITH_TYPE_CONVERSATION, NULL);

  self->group = g_object_ref (group);
  g_signal_connect_object (group, "notify::name", G_CALLBACK (display_name_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * kith_conversation_get_contact:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): whom it is with; %NULL when it is a group's
 */
KithContact *
kith_conversation_get_contact (KithConversation *self)
{
  return self->contact;
}

/**
 * kith_conversation_get_group:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): whose it is; %NULL when it is with one contact
 */
KithGroup *
kith_conversation_get_group (KithConversation *self)
{
  return self->group;
}

/**
 * kith_conversation_get_key:
 * @self: a conversation
 *
 * Returns: (transfer none): the contact's identity key or the group's id, 32 bytes
 */
const guint8 *
kith_conversation_get_key (KithConversation *self)
{
  return self->group != NULL ? kith_group_get_id_bytes (self->group)
                             : kith_contact_get_identity (self->contact);
}

/**
 * kith_conversation_get_key_text:
 * @self: a conversation
 *
 * Returns: (transfer none): the contact's ID string or the group's id
 */
const char *
kith_conversation_get_key_text (KithConversation *self)
{
  return self->group != NULL ? kith_group_get_id (self->group) : kith_contact_get_id (self->contact);
}

/**
 * kith_conversation_get_title:
 * @self: a conversation
 *
 * Returns: (transfer none): the contact's display name, or the group's name
 */
const char *
kith_conversation_get_title (KithConversation *self)
{
  return self->group != NULL ? kith_group_get_name (self->group)
                             : kith_contact_get_display_name (self->contact);
}

/**
 * kith_conversation_get_messages:
 * @self: a conversation
 *
 * Returns: (transfer none): its messages
 */
KithMessageList *
kith_conversation_get_messages (KithConversation *self)
{
  return self->messages;
}

KithMessage *
kith_conversation_find_message (KithConversation *self, const char *id)
{
  guint8 bytes[KITH_MESSAGE_ID_BYTES];

  return kith_hex_decode (id, bytes, sizeof bytes) ? kith_message_list_lookup (self->messages, bytes) : NULL;
}

/**
 * kith_conversation_get_last_message:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the newest message
 */
KithMessage *
kith_conversation_get_last_message (KithConversation *self)
{
  return self->last;
}

/**
 * kith_conversation_get_last_activity_ms:
 * @self: a conversation
 *
 * Returns: when something last happened in it, in ms since 1970
 */
gint64
kith_conversation_get_last_activity_ms (KithConversation *self)
{
  return self->last_activity_ms;
}

/**
 * kith_conversation_set_last_activity_ms:
 * @self: a conversation
 * @time_ms: when something happened in it, in ms since 1970
 *
 * Only ever goes forward.
 */
void
kith_conversation_set_last_activity_ms (KithConversation *self, gint64 time_ms)
{
  if (time_ms <= self->last_activity_ms)
    return;

  self->last_activity_ms = time_ms;
  kith_conversation_notify (self, PROP_LAST_ACTIVITY);
}

/**
 * kith_conversation_get_draft:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): what stands in the composer
 */
const char *
kith_conversation_get_draft (KithConversation *self)
{
  return self->draft;
}

/**
 * kith_conversation_set_draft:
 * @self: a conversation
 * @draft: (nullable): what stands in the composer
 */
void
kith_conversation_set_draft (KithConversation *self, const char *draft)
{
  if (draft != NULL && *draft == '\0')
    draft = NULL;
  if (g_strcmp0 (self->draft, draft) == 0)
    return;

  kith_secret_free_text (self->draft);
  self->draft = g_strdup (draft);
  kith_conversation_notify (self, PROP_DRAFT);
}

/**
 * kith_conversation_get_recorded_ms:
 * @self: a conversation
 *
 * Returns: how long the voice message is that was recorded and not sent; 0 = there is none
 */
guint
kith_conversation_get_recorded_ms (KithConversation *self)
{
  return self->recorded_ms;
}

/**
 * kith_conversation_set_recorded_ms:
 * @self: a conversation
 * @recorded_ms: how long the voice message is that waits in its composer; 0 = there is none
 */
void
kith_conversation_set_recorded_ms (KithConversation *self, guint recorded_ms)
{
  if (self->recorded_ms == recorded_ms)
    return;

  self->recorded_ms = recorded_ms;
  kith_conversation_notify (self, PROP_RECORDED_MS);
}

static gboolean
is_before (KithMessage *a, KithMessage *b)
{
  guint64 hlc_a = kith_message_get_hlc (a);
  guint64 hlc_b = kith_message_get_hlc (b);

  if (hlc_a != hlc_b)
    return hlc_a < hlc_b;

  return memcmp (kith_message_get_id_bytes (a), kith_message_get_id_bytes (b),
                 KITH_MESSAGE_ID_BYTES) < 0;
}

/* Lines and what is gone are no messages that somebody wrote last. */
static void
note_last (KithConversation *self, KithMessage *message)
{
  if (kith_message_is_line (message))
    return;
  if (self->last != NULL && !is_before (self->last, message))
    return;

  g_set_object (&self->last, message);
  kith_conversation_notify (self, PROP_LAST_MESSAGE);
}

/* Of the end of the list that is looked at: the page that came last, and what is beside it on a screen. */
#define LEAST_KEPT (KITH_LIMIT_PAGE_MESSAGES + 25)

static gboolean
has_too_many_bytes (KithConversation *self)
{
  return kith_message_list_get_size_bytes (self->messages) > 2 * KITH_LIMIT_WINDOW_BYTES
         && kith_message_list_count_bytes (self->messages) > 2 * KITH_LIMIT_WINDOW_BYTES;
}

/* @newest: which end of the list stays. */
static void
cut (KithConversation *self, gboolean newest)
{
  guint n = KITH_LIMIT_WINDOW_MESSAGES;

  if (has_too_many_bytes (self))
    {
      guint n_within = kith_message_list_count_within (self->messages, newest, KITH_LIMIT_WINDOW_BYTES);

      n = CLAMP (n_within, LEAST_KEPT, KITH_LIMIT_WINDOW_MESSAGES);
    }

  if (newest)
    kith_message_list_keep_last (self->messages, n);
  else
    kith_message_list_keep_first (self->messages, n);
}

/* The newest stay, but where somebody has gone back to older ones. */
static void
cut_if_too_long (KithConversation *self)
{
  if (kith_message_list_get_length (self->messages) > 2 * KITH_LIMIT_WINDOW_MESSAGES || has_too_many_bytes (self))
    cut (self, !kith_message_list_get_has_newer (self->messages));
}

/**
 * kith_conversation_note_edit:
 * @self: a conversation of which a message has got another text
 *
 * Who writes short messages and makes them long gets no more room than with long ones. Main thread.
 */
void
kith_conversation_note_edit (KithConversation *self)
{
  kith_message_list_count_bytes (self->messages);
  cut_if_too_long (self);
}

/**
 * kith_conversation_add:
 * @self: a conversation
 * @message: (transfer none): a message that was stored
 * @unread: whether it counts as not yet seen
 *
 * Puts a message into its place, if that is inside the window. Main thread.
 *
 * Returns: %FALSE when it is there already
 */
gboolean
kith_conversation_add (KithConversation *self, KithMessage *message, gboolean unread)
{
  gboolean is_shown = kith_message_list_covers (self->messages, message);

  if (is_shown && !kith_message_list_insert (self->messages, message))
    return FALSE;

  if (unread)
    {
      kith_conversation_note_unread (self, message);
      if (self->n_unread == 0 && self->first_unread == NULL && is_shown)
        kith_conversation_set_first_unread (self, message);
      kith_conversation_set_n_unread (self, self->n_unread + 1);
    }

  note_last (self, message);
  if (!kith_message_is_line (message))
    kith_conversation_set_last_activity_ms (self, kith_message_get_time_ms (message));
  cut_if_too_long (self);
  return TRUE;
}

/**
 * kith_conversation_restore:
 * @self: an empty conversation
 * @last: (nullable): its newest message
 * @n_unread: how many messages were not seen
 *
 * What is known of a stored conversation before any of it is loaded. Main thread.
 */
void
kith_conversation_restore (KithConversation *self, KithMessage *last, guint n_unread)
{
  kith_conversation_set_n_unread (self, n_unread);
  if (last == NULL)
    return;

  kith_message_list_set_has_older (self->messages, TRUE);
  kith_message_list_replace (self->messages, &(GPtrArray){ .pdata = (gpointer *) &last, .len = 1 });
  note_last (self, last);
  kith_conversation_set_last_activity_ms (self, kith_message_get_time_ms (last));
}

/**
 * kith_conversation_take_page:
 * @self: a conversation
 * @side: where the page belongs
 * @page: (element-type KithMessage): messages in order
 * @has_more: whether there are more on that side (of REPLACE: set on the list by the caller)
 * @first_unread: (nullable): the first message in @page that was not seen
 *
 * Extends the window, or moves it elsewhere. Main thread.
 */
void
kith_conversation_take_page (KithConversation *self, KithPageSide side, GPtrArray *page,
                             gboolean has_more, KithMessage *first_unread)
{
  switch (side)
    {
    case KITH_PAGE_OLDER:
      kith_message_list_prepend (self->messages, page);
      kith_message_list_set_has_older (self->messages, has_more);
      cut (self, FALSE);
      break;
    case KITH_PAGE_NEWER:
      kith_message_list_append (self->messages, page);
      kith_message_list_set_has_newer (self->messages, has_more);
      cut (self, TRUE);
      break;
    case KITH_PAGE_REPLACE:
      kith_message_list_replace (self->messages, page);
      break;
    }

  if (first_unread != NULL
      && (self->first_unread == NULL || !is_before (self->first_unread, first_unread)))
    kith_conversation_set_first_unread (self, first_unread);
  else if (self->first_unread != NULL)
    {
      /* The same message may have come back as another object. */
      KithMessage *same =
        kith_message_list_lookup (self->messages, kith_message_get_id_bytes (self->first_unread));

      if (same != NULL)
        kith_conversation_set_first_unread (self, same);
    }
}

/**
 * kith_conversation_clear:
 * @self: a conversation
 *
 * All its messages are gone. Main thread.
 */
void
kith_conversation_clear (KithConversation *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  g_array_set_size (self->unread, 0);
  self->dropped = FALSE;
  kith_conversation_set_first_unread (self, NULL);
  kith_conversation_set_n_unread (self, 0);
  kith_message_list_set_has_older (self->messages, FALSE);
  kith_message_list_set_has_newer (self->messages, FALSE);
  kith_message_list_replace (self->messages, none);
  g_clear_object (&self->last);
  kith_conversation_notify (self, PROP_LAST_MESSAGE);
}

/**
 * kith_conversation_replace_last:
 * @self: a conversation whose last message is gone
 * @message: (nullable): the newest that is left
 */
void
kith_conversation_replace_last (KithConversation *self, KithMessage *message)
{
  if (g_set_object (&self->last, message))
    kith_conversation_notify (self, PROP_LAST_MESSAGE);
}
