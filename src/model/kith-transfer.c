/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-transfer-private.h"

#include "base/kith-bytes.h"

G_DEFINE_FINAL_TYPE (KithTransfer, kith_transfer, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* --- Hints ---------------------------------------------------------------------------------- */

/**
 * kith_media_copy:
 * @self: (out caller-allocates): gets a copy, to be cleared with kith_media_clear()
 * @other: (nullable): hints; %NULL = none
 */
void
kith_media_copy (KithMedia *self, const KithMedia *other)
{
  *self = other != NULL ? *other : (KithMedia){ 0 };
  self->type = g_strdup (self->type);
}

/**
 * kith_media_clear:
 * @self: hints
 */
void
kith_media_clear (KithMedia *self)
{
  g_clear_pointer (&self->type, g_free);
}

/* --- The object ----------------------------------------------------------------------------- */

static void
kith_transfer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithTransfer *self = KITH_TRANSFER (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id_hex);
      break;
    case PROP_MESSAGE_ID:
      g_value_set_string (value, kith_transfer_get_message_id (self));
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_FOLDER:
      g_value_set_boolean (value, self->folder);
      break;
    case PROP_N_FILES:
      g_value_set_uint (value, self->n_files);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, self->size);
      break;
    case PROP_DONE_BYTES:
      g_value_set_uint64 (value, self->done_bytes);
      break;
    case PROP_BYTES_PER_S:
      g_value_set_uint64 (value, kith_transfer_get_bytes_per_s (self));
      break;
    case PROP_SECONDS_LEFT:
      g_value_set_int64 (value, kith_transfer_get_seconds_left (self));
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_PAUSED_BY_THEM:
      g_value_set_boolean (value, self->paused_by_them);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_MEDIA_TYPE:
      g_value_set_string (value, self->media.type);
      break;
    case PROP_WIDTH:
      g_value_set_uint (value, self->media.width);
      break;
    case PROP_HEIGHT:
      g_value_set_uint (value, self->media.height);
      break;
    case PROP_DURATION_MS:
      g_value_set_uint (value, self->media.duration_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_transfer_finalize (GObject *object)
{
  KithTransfer *self = KITH_TRANSFER (object);

  g_clear_weak_pointer (&self->conversation);
  g_free (self->id_hex);
  g_clear_object (&self->sender);
  g_free (self->name);
  g_free (self->path);
  g_free (self->error);
  kith_media_clear (&self->media);

  G_OBJECT_CLASS (kith_transfer_parent_class)->finalize (object);
}

static void
install_progress (GParamFlags flags)
{
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_DONE_BYTES] =
    g_param_spec_uint64 ("done-bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES_PER_S] =
    g_param_spec_uint64 ("bytes-per-s", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_SECONDS_LEFT] =
    g_param_spec_int64 ("seconds-left", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, 0, KITH_TRANSFER_DECLINED, 0, flags);
  properties[PROP_PAUSED_BY_THEM] =
    g_param_spec_boolean ("paused-by-them", NULL, NULL, FALSE, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
}

static void
kith_transfer_class_init (KithTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_transfer_get_property;
  object_class->finalize = kith_transfer_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_MESSAGE_ID] = g_param_spec_string ("message-id", NULL, NULL, NULL, flags);
  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, KITH_TYPE_CONVERSATION, flags);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_FOLDER] = g_param_spec_boolean ("folder", NULL, NULL, FALSE, flags);
  properties[PROP_N_FILES] = g_param_spec_uint ("n-files", NULL, NULL, 0, G_MAXUINT, 0, flags);
  install_progress (flags);
  properties[PROP_MEDIA_TYPE] = g_param_spec_string ("media-type", NULL, NULL, NULL, flags);
  properties[PROP_WIDTH] = g_param_spec_uint ("width", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HEIGHT] = g_param_spec_uint ("height", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_DURATION_MS] = g_param_spec_uint ("duration-ms", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_transfer_init (KithTransfer *self)
{
}

/**
 * kith_transfer_new:
 * @id: its id, which is that of its message as well
 * @conversation: (transfer none) (nullable): where it is offered; not kept alive
 * @outgoing: whether we send it
 * @name: its name, sanitised
 * @size: how many bytes it has; 0 while that is not known
 * @media: (nullable): what else is known of it
 *
 * Returns: (transfer full): a transfer, PREPARING if it is ours, else OFFERED
 */
KithTransfer *
kith_transfer_new (const guint8 id[KITH_MESSAGE_ID_BYTES], KithConversation *conversation,
                   gboolean outgoing, const char *name, guint64 size, const KithMedia *media)
{
  KithTransfer *self = g_object_new (KITH_TYPE_TRANSFER, NULL);

  self->id_hex = kith_hex_encode (id, KITH_MESSAGE_ID_BYTES);
  g_set_weak_pointer (&self->conversation, conversation);
  self->outgoing = outgoing;
  self->has_message = !outgoing;
  self->name = g_strdup (name);
  self->size = size;
  kith_media_copy (&self->media, media);
  self->state = outgoing ? KITH_TRANSFER_PREPARING : KITH_TRANSFER_OFFERED;
  return self;
}

/**
 * kith_transfer_notify: (skip)
 * @self: a transfer
 * @property: one of its properties, that has changed
 */
void
kith_transfer_notify (KithTransfer *self, KithTransferProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* --- What it is ----------------------------------------------------------------------------- */

/**
 * kith_transfer_get_id:
 * @self: a transfer
 *
 * Returns: (transfer none): its id, 32 hex digits
 */
const char *
kith_transfer_get_id (KithTransfer *self)
{
  return self->id_hex;
}

/**
 * kith_transfer_get_message_id:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable): the id of the message that offers it; %NULL while it is
 *   being prepared
 */
const char *
kith_transfer_get_message_id (KithTransfer *self)
{
  return self->has_message ? self->id_hex : NULL;
}

/**
 * kith_transfer_get_conversation:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable): where it was offered; %NULL when that is gone
 */
KithConversation *
kith_transfer_get_conversation (KithTransfer *self)
{
  return self->conversation;
}

/**
 * kith_transfer_is_outgoing:
 * @self: a transfer
 *
 * Returns: whether we send it
 */
gboolean
kith_transfer_is_outgoing (KithTransfer *self)
{
  return self->outgoing;
}

/**
 * kith_transfer_get_name:
 * @self: a transfer
 *
 * Returns: (transfer none): its name, without folders and safe
 */
const char *
kith_transfer_get_name (KithTransfer *self)
{
  return self->name;
}

/**
 * kith_transfer_is_folder:
 * @self: a transfer
 *
 * Returns: whether it is a folder with what is in it
 */
gboolean
kith_transfer_is_folder (KithTransfer *self)
{
  return self->folder;
}

/**
 * kith_transfer_get_size:
 * @self: a transfer
 *
 * Returns: how many bytes it has
 */
guint64
kith_transfer_get_size (KithTransfer *self)
{
  return self->size;
}

/**
 * kith_transfer_get_media:
 * @self: a transfer
 *
 * Returns: (transfer none): what the sender says of it, never %NULL
 */
const KithMedia *
kith_transfer_get_media (KithTransfer *self)
{
  return &self->media;
}

/**
 * kith_transfer_get_n_files:
 * @self: a transfer of a folder
 *
 * Returns: how many files are in it; 0 while that is not known
 */
guint
kith_transfer_get_n_files (KithTransfer *self)
{
  return self->n_files;
}

/**
 * kith_transfer_get_sender:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable): who offered it; %NULL: we did
 */
KithContact *
kith_transfer_get_sender (KithTransfer *self)
{
  return self->sender;
}

/**
 * kith_transfer_set_sender:
 * @self: a transfer
 * @sender: (transfer none) (nullable): who offered it
 */
void
kith_transfer_set_sender (KithTransfer *self, KithContact *sender)
{
  g_set_object (&self->sender, sender);
}

/**
 * kith_transfer_is_shared:
 * @self: a transfer
 *
 * Returns: whether it was offered in a group, where everybody who has it serves it to the others
 */
gboolean
kith_transfer_is_shared (KithTransfer *self)
{
  return self->conversation != NULL && kith_conversation_get_group (self->conversation) != NULL;
}

/**
 * kith_transfer_set_id:
 * @self: a transfer that has no message yet
 * @id: that of its message, KITH_MESSAGE_ID_BYTES, which is known now
 */
void
kith_transfer_set_id (KithTransfer *self, const guint8 *id)
{
  g_free (self->id_hex);
  self->id_hex = kith_hex_encode (id, KITH_MESSAGE_ID_BYTES);
  kith_transfer_notify (self, PROP_ID);
}

/**
 * kith_transfer_set_message_id:
 * @self: a transfer
 * @has_message: whether its message exists
 */
void
kith_transfer_set_message_id (KithTransfer *self, gboolean has_message)
{
  if (self->has_message == has_message)
    return;

  self->has_message = has_message;
  kith_transfer_notify (self, PROP_MESSAGE_ID);
}

/**
 * kith_transfer_set_size:
 * @self: a transfer
 * @size: how many bytes it has
 */
void
kith_transfer_set_size (KithTransfer *self, guint64 size)
{
  if (self->size == size)
    return;

  self->size = size;
  kith_transfer_notify (self, PROP_SIZE);
}

/**
 * kith_transfer_set_folder:
 * @self: a transfer
 * @folder: whether it is a folder
 * @n_files: how many files are in it; 0 = not known
 */
void
kith_transfer_set_folder (KithTransfer *self, gboolean folder, guint n_files)
{
  if (self->folder != folder)
    {
      self->folder = folder;
      kith_transfer_notify (self, PROP_FOLDER);
    }
  if (self->n_files != n_files)
    {
      self->n_files = n_files;
      kith_transfer_notify (self, PROP_N_FILES);
    }
}
