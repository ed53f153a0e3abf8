/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-conversation.h"

#include <string.h>

#include "base/kith-limits.h"

struct _KithConversation
{
  GObject          parent_instance;
  KithContact     *contact;      /* (owned) (nullable): NULL when it is a group's */
  KithGroup       *group;        /* (owned) (nullable) */
  KithMessageList *messages;     /* (owned) */
  GArray          *unread;       /* (owned) KithUnread: not yet seen, of those that came since the start */
  gboolean         dropped;      /* there were more than are kept */
  guint            n_unread;     /* and with those that were not */
  KithMessage     *first_unread; /* (owned) (nullable) */
  KithMessage     *last;         /* (owned) (nullable): the newest, also when the window is elsewhere */
  char            *draft;        /* (owned) (nullable) */
  gint64           last_activity_ms;
  KithConversationOptions options;
};

G_DEFINE_FINAL_TYPE (KithConversation, kith_conversation, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONTACT,
  PROP_GROUP,
  PROP_TITLE,
  PROP_UNREAD,
  PROP_LAST_MESSAGE,
  PROP_LAST_ACTIVITY,
  PROP_DRAFT,
  PROP_FIRST_UNREAD,
  PROP_TTL_S,
  PROP_MUTED_UNTIL,
  PROP_PINNED,
  PROP_ARCHIVED,
  PROP_MARKED_UNREAD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (KithConversation *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
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
  g_free (self->draft);

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
  notify (self, PROP_TITLE);
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

/**
 * kith_conversation_get_unread:
 * @self: a conversation
 *
 * Returns: how many messages the user has not seen
 */
guint
kith_conversation_get_unread (KithConversation *self)
{
  return self->n_unread;
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
  notify (self, PROP_LAST_ACTIVITY);
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

  g_free (self->draft);
  self->draft = g_strdup (draft);
  notify (self, PROP_DRAFT);
}

/**
 * kith_conversation_get_first_unread:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the message above which the unread line stands
 */
KithMessage *
kith_conversation_get_first_unread (KithConversation *self)
{
  return self->first_unread;
}

/**
 * kith_conversation_clear_unread_line:
 * @self: a conversation
 *
 * Takes the unread line away; the face calls it when the user leaves the conversation or writes.
 */
void
kith_conversation_clear_unread_line (KithConversation *self)
{
  if (self->first_unread == NULL)
    return;

  g_clear_object (&self->first_unread);
  notify (self, PROP_FIRST_UNREAD);
}

static void
set_first_unread (KithConversation *self, KithMessage *message)
{
  if (g_set_object (&self->first_unread, message))
    notify (self, PROP_FIRST_UNREAD);
}

static void
set_n_unread (KithConversation *self, guint n_unread)
{
  if (self->n_unread == n_unread)
    return;

  self->n_unread = n_unread;
  notify (self, PROP_UNREAD);
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
  notify (self, PROP_LAST_MESSAGE);
}

/* No reference, and not too many: what nobody looks at for a long time shall not fill the memory. */
static void
note_unread (KithConversation *self, KithMessage *message)
{
  KithUnread unread = { .ttl_s = kith_message_get_ttl_s (message) };

  memcpy (unread.id, kith_message_get_id_bytes (message), sizeof unread.id);
  g_array_append_val (self->unread, unread);
  if (self->unread->len <= 2 * KITH_LIMIT_WINDOW_MESSAGES)
    return;

  g_array_remove_range (self->unread, 0, KITH_LIMIT_WINDOW_MESSAGES);
  self->dropped = TRUE;
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
      note_unread (self, message);
      if (self->n_unread == 0 && self->first_unread == NULL && is_shown)
        set_first_unread (self, message);
      set_n_unread (self, self->n_unread + 1);
    }

  note_last (self, message);
  if (!kith_message_is_line (message))
    kith_conversation_set_last_activity_ms (self, kith_message_get_time_ms (message));
  if (!kith_message_list_get_has_newer (self->messages)
      && kith_message_list_get_length (self->messages) > 2 * KITH_LIMIT_WINDOW_MESSAGES)
    kith_message_list_keep_last (self->messages, KITH_LIMIT_WINDOW_MESSAGES);
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
  set_n_unread (self, n_unread);
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
      kith_message_list_keep_first (self->messages, KITH_LIMIT_WINDOW_MESSAGES);
      break;
    case KITH_PAGE_NEWER:
      kith_message_list_append (self->messages, page);
      kith_message_list_set_has_newer (self->messages, has_more);
      kith_message_list_keep_last (self->messages, KITH_LIMIT_WINDOW_MESSAGES);
      break;
    case KITH_PAGE_REPLACE:
      kith_message_list_replace (self->messages, page);
      break;
    }

  if (first_unread != NULL
      && (self->first_unread == NULL || !is_before (self->first_unread, first_unread)))
    set_first_unread (self, first_unread);
  else if (self->first_unread != NULL)
    {
      /* The same message may have come back as another object. */
      KithMessage *same =
        kith_message_list_lookup (self->messages, kith_message_get_id_bytes (self->first_unread));

      if (same != NULL)
        set_first_unread (self, same);
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
  set_first_unread (self, NULL);
  set_n_unread (self, 0);
  kith_message_list_set_has_older (self->messages, FALSE);
  kith_message_list_set_has_newer (self->messages, FALSE);
  kith_message_list_replace (self->messages, none);
  g_clear_object (&self->last);
  notify (self, PROP_LAST_MESSAGE);
}

/**
 * kith_conversation_take_unread:
 * @self: a conversation
 * @is_all: (out) (optional): %FALSE when more came since the start than are kept
 *
 * The user has seen all of it. The unread line stays.
 *
 * Returns: (transfer full) (element-type KithUnread): the newest of those that came since the
 *   start and were not seen before
 */
GArray *
kith_conversation_take_unread (KithConversation *self, gboolean *is_all)
{
  GArray *taken = self->unread;

  if (is_all != NULL)
    *is_all = !self->dropped;
  self->dropped = FALSE;
  self->unread = g_array_new (FALSE, FALSE, sizeof (KithUnread));
  set_n_unread (self, 0);
  return taken;
}

/* --- How it is treated ---------------------------------------------------------------------- */

/**
 * kith_conversation_get_ttl_s:
 * @self: a conversation
 *
 * Returns: for how many seconds new messages are kept after reading; 0 = for good
 */
guint32
kith_conversation_get_ttl_s (KithConversation *self)
{
  return self->options.ttl_s;
}

/**
 * kith_conversation_get_muted_until_ms:
 * @self: a conversation
 *
 * Returns: until when nothing is said about new messages, in ms since 1970; 0 = it is not muted
 */
gint64
kith_conversation_get_muted_until_ms (KithConversation *self)
{
  return self->options.muted_until_ms;
}

/**
 * kith_conversation_is_muted:
 * @self: a conversation
 * @now_ms: the time, in ms since 1970
 *
 * Returns: whether nothing is said about new messages now
 */
gboolean
kith_conversation_is_muted (KithConversation *self, gint64 now_ms)
{
  return self->options.muted_until_ms > now_ms;
}

/**
 * kith_conversation_get_pinned:
 * @self: a conversation
 *
 * Returns: whether it stands above the others
 */
gboolean
kith_conversation_get_pinned (KithConversation *self)
{
  return self->options.pinned;
}

/**
 * kith_conversation_get_archived:
 * @self: a conversation
 *
 * Returns: whether it was put away
 */
gboolean
kith_conversation_get_archived (KithConversation *self)
{
  return self->options.archived;
}

/**
 * kith_conversation_get_marked_unread:
 * @self: a conversation
 *
 * Returns: whether the user wants to come back to it
 */
gboolean
kith_conversation_get_marked_unread (KithConversation *self)
{
  return self->options.marked_unread;
}

/**
 * kith_conversation_set_options:
 * @self: a conversation
 * @options: how it is treated from now on
 */
void
kith_conversation_set_options (KithConversation *self, const KithConversationOptions *options)
{
  KithConversationOptions old = self->options;

  self->options = *options;
  if (old.ttl_s != options->ttl_s)
    notify (self, PROP_TTL_S);
  if (old.muted_until_ms != options->muted_until_ms)
    notify (self, PROP_MUTED_UNTIL);
  if (old.pinned != options->pinned)
    notify (self, PROP_PINNED);
  if (old.archived != options->archived)
    notify (self, PROP_ARCHIVED);
  if (old.marked_unread != options->marked_unread)
    notify (self, PROP_MARKED_UNREAD);
}

static gboolean
take_unread_id (KithConversation *self, const guint8 *id)
{
  for (guint i = 0; i < self->unread->len; i++)
    if (memcmp (g_array_index (self->unread, KithUnread, i).id, id, KITH_MESSAGE_ID_BYTES) == 0)
      {
        g_array_remove_index (self->unread, i);
        return TRUE;
      }

  return FALSE;
}

/**
 * kith_conversation_forget_unread:
 * @self: a conversation
 * @id: of a message that has nothing to be read any more
 * @was_unread: whether it is known to have been unread; so may one be that was there at the start
 *
 * Takes it out of those that were not seen.
 */
void
kith_conversation_forget_unread (KithConversation *self, const guint8 id[KITH_MESSAGE_ID_BYTES],
                                 gboolean was_unread)
{
  if (self->first_unread != NULL
      && memcmp (kith_message_get_id_bytes (self->first_unread), id, KITH_MESSAGE_ID_BYTES) == 0)
    set_first_unread (self, NULL);

  if ((take_unread_id (self, id) || was_unread) && self->n_unread > 0)
    set_n_unread (self, self->n_unread - 1);
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
    notify (self, PROP_LAST_MESSAGE);
}
