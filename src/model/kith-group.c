/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-group-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-secret.h"
#include "model/kith-model-ids.h"
#include "model/kith-property.h"

G_DEFINE_FINAL_TYPE (KithGroup, kith_group, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static const char *const state_names[] = {
  [KITH_MEMBERSHIP_INVITED] = "invited", [KITH_MEMBERSHIP_ASKING] = "asking",
  [KITH_MEMBERSHIP_MEMBER] = "member",   [KITH_MEMBERSHIP_FROZEN] = "frozen",
  [KITH_MEMBERSHIP_SPLIT] = "split",     [KITH_MEMBERSHIP_LEFT] = "left",
  [KITH_MEMBERSHIP_KICKED] = "kicked",   [KITH_MEMBERSHIP_REFUSED] = "refused",
};

/**
 * kith_group_notify: (skip)
 * @self: a group
 * @prop_id: one of its properties, that has changed
 */
void
kith_group_notify (KithGroup *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
missing_free (gpointer data)
{
  KithGroupMissing *missing = data;

  g_object_unref (missing->author);
  g_clear_object (&missing->holder);
  g_free (missing);
}

static void
kith_group_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithGroup *self = KITH_GROUP (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id_hex);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TOPIC:
      g_value_set_string (value, self->topic);
      break;
    case PROP_PICTURE:
      g_value_set_boxed (value, self->picture);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_MEMBERS:
      g_value_set_object (value, self->members);
      break;
    case PROP_N_MEMBERS:
      g_value_set_uint (value, kith_group_get_n_members (self));
      break;
    case PROP_ADMIN:
      g_value_set_object (value, self->admin);
      break;
    case PROP_IS_ADMIN:
      g_value_set_boolean (value, kith_group_is_admin (self));
      break;
    case PROP_REQUESTS:
      g_value_set_object (value, self->requests);
      break;
    case PROP_INVITER:
      g_value_set_object (value, self->inviter);
      break;
    case PROP_POLICY:
      g_value_set_pointer (value, &self->policy);
      break;
    case PROP_TRANSFER_TO:
      g_value_set_object (value, self->transfer_to);
      break;
    case PROP_CAN_ENDORSE:
      g_value_set_boolean (value, self->can_endorse);
      break;
    case PROP_CAN_CLAIM:
      g_value_set_boolean (value, self->can_claim);
      break;
    case PROP_UNREAD_MENTIONS:
      g_value_set_uint (value, self->unread_mentions);
      break;
    case PROP_MENTIONS_ONLY:
      g_value_set_boolean (value, self->mentions_only);
      break;
    case PROP_MISSING:
      g_value_set_boxed (value, self->missing);
      break;
    case PROP_NEEDS_KEY:
      g_value_set_boolean (value, self->needs_key);
      break;
    case PROP_LINK:
      g_value_set_string (value, self->link);
      break;
    case PROP_LINK_EXPIRES:
      g_value_set_int64 (value, self->link_expires_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_group_finalize (GObject *object)
{
  KithGroup *self = KITH_GROUP (object);

  g_clear_object (&self->inviter);
  g_clear_object (&self->admin);
  g_clear_object (&self->transfer_to);
  g_clear_object (&self->members);
  g_clear_object (&self->requests);
  g_hash_table_unref (self->known);
  g_ptr_array_unref (self->missing);
  g_free (self->id_hex);
  g_free (self->name);
  g_free (self->topic);
  g_clear_pointer (&self->picture, g_bytes_unref);
  kith_secret_free_text (self->link);

  G_OBJECT_CLASS (kith_group_parent_class)->finalize (object);
}

static void
install_people_properties (GParamFlags flags)
{
  properties[PROP_MEMBERS] = g_param_spec_object ("members", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_N_MEMBERS] =
    g_param_spec_uint ("n-members", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ADMIN] = g_param_spec_object ("admin", NULL, NULL, KITH_TYPE_MEMBER, flags);
  properties[PROP_IS_ADMIN] = g_param_spec_boolean ("is-admin", NULL, NULL, FALSE, flags);
  properties[PROP_REQUESTS] = g_param_spec_object ("requests", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_INVITER] = g_param_spec_object ("inviter", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_TRANSFER_TO] =
    g_param_spec_object ("transfer-to", NULL, NULL, KITH_TYPE_MEMBER, flags);
  properties[PROP_CAN_ENDORSE] = g_param_spec_boolean ("can-endorse", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_CLAIM] = g_param_spec_boolean ("can-claim", NULL, NULL, FALSE, flags);
}

static void
kith_group_class_init (KithGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_group_get_property;
  object_class->finalize = kith_group_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TOPIC] = g_param_spec_string ("topic", NULL, NULL, NULL, flags);
  properties[PROP_PICTURE] = g_param_spec_boxed ("picture", NULL, NULL, G_TYPE_BYTES, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, KITH_MEMBERSHIP_REFUSED,
                                              KITH_MEMBERSHIP_INVITED, flags);
  properties[PROP_POLICY] = g_param_spec_pointer ("policy", NULL, NULL, flags);
  properties[PROP_UNREAD_MENTIONS] =
    g_param_spec_uint ("unread-mentions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MENTIONS_ONLY] =
    g_param_spec_boolean ("mentions-only", NULL, NULL, FALSE, flags);
  properties[PROP_MISSING] = g_param_spec_boxed ("missing", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  properties[PROP_NEEDS_KEY] = g_param_spec_boolean ("needs-key", NULL, NULL, FALSE, flags);
  properties[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, NULL, flags);
  properties[PROP_LINK_EXPIRES] =
    g_param_spec_int64 ("link-expires", NULL, NULL, 0, G_MAXINT64, 0, flags);
  install_people_properties (flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_group_init (KithGroup *self)
{
  self->name = g_strdup ("");
  self->topic = g_strdup ("");
  self->members = g_list_store_new (KITH_TYPE_MEMBER);
  self->requests = g_list_store_new (KITH_TYPE_JOIN_REQUEST);
  self->known = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL, g_object_unref);
  self->missing = g_ptr_array_new_with_free_func (missing_free);
}

/**
 * kith_group_new:
 * @id: its id
 *
 * Returns: (transfer full): a group of which nothing else is known
 */
KithGroup *
kith_group_new (const guint8 id[KITH_GROUP_ID_BYTES])
{
  KithGroup *self = g_object_new (KITH_TYPE_GROUP, NULL);

  memcpy (self->id, id, sizeof self->id);
  self->id_hex = kith_hex_encode (id, KITH_GROUP_ID_BYTES);
  return self;
}

/* --- What it is ----------------------------------------------------------------------------- */

/**
 * kith_group_get_id_bytes:
 * @self: a group
 *
 * Returns: (transfer none): its id, 32 bytes
 */
const guint8 *
kith_group_get_id_bytes (KithGroup *self)
{
  return self->id;
}

/**
 * kith_group_get_id:
 * @self: a group
 *
 * Returns: (transfer none): its id, 64 hex digits
 */
const char *
kith_group_get_id (KithGroup *self)
{
  return self->id_hex;
}

/**
 * kith_group_get_name:
 * @self: a group
 *
 * Returns: (transfer none): its name: plain text, never markup
 */
const char *
kith_group_get_name (KithGroup *self)
{
  return self->name;
}

/**
 * kith_group_set_flag: (skip)
 * @self: a group
 * @field: (inout): where it keeps that property
 * @value: its new value
 * @prop_id: the property
 */
void
kith_group_set_flag (KithGroup *self, gboolean *field, gboolean value, guint prop_id)
{
  kith_property_set_flag (self, field, value, properties[prop_id]);
}

/**
 * kith_group_set_name:
 * @self: a group
 * @name: its name: sanitised
 */
void
kith_group_set_name (KithGroup *self, const char *name)
{
  kith_property_set_text (self, &self->name, name, properties[PROP_NAME]);
}

/**
 * kith_group_get_topic:
 * @self: a group
 *
 * Returns: (transfer none): its topic, may be empty
 */
const char *
kith_group_get_topic (KithGroup *self)
{
  return self->topic;
}

/**
 * kith_group_set_topic:
 * @self: a group
 * @topic: its topic: sanitised
 */
void
kith_group_set_topic (KithGroup *self, const char *topic)
{
  kith_property_set_text (self, &self->topic, topic, properties[PROP_TOPIC]);
}

/**
 * kith_group_get_picture:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): its picture, as it came: it may be anything, and only the process
 *   that decodes pictures is to look into it
 */
GBytes *
kith_group_get_picture (KithGroup *self)
{
  return self->picture;
}

/**
 * kith_group_set_picture:
 * @self: a group
 * @picture: (nullable): its picture
 */
void
kith_group_set_picture (KithGroup *self, GBytes *picture)
{
  if (self->picture == picture
      || (self->picture != NULL && picture != NULL && g_bytes_equal (self->picture, picture)))
    return;

  g_clear_pointer (&self->picture, g_bytes_unref);
  self->picture = picture != NULL ? g_bytes_ref (picture) : NULL;
  kith_group_notify (self, PROP_PICTURE);
}

/**
 * kith_group_get_state:
 * @self: a group
 *
 * Returns: what it is to us
 */
KithMembership
kith_group_get_state (KithGroup *self)
{
  return self->state;
}

/**
 * kith_group_set_state:
 * @self: a group
 * @state: what it is to us
 */
void
kith_group_set_state (KithGroup *self, KithMembership state)
{
  if (self->state == state)
    return;

  self->state = state;
  kith_group_notify (self, PROP_STATE);
}

/**
 * kith_membership_to_string:
 * @state: a state
 *
 * Returns: its name for machines, a static string
 */
const char *
kith_membership_to_string (KithMembership state)
{
  return (guint) state < G_N_ELEMENTS (state_names) ? state_names[state] : "unknown";
}

/**
 * kith_group_is_member:
 * @self: a group
 *
 * Returns: whether we are in it and can write
 */
gboolean
kith_group_is_member (KithGroup *self)
{
  return self->state == KITH_MEMBERSHIP_MEMBER || self->state == KITH_MEMBERSHIP_FROZEN
         || self->state == KITH_MEMBERSHIP_SPLIT;
}

/**
 * kith_group_get_inviter:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): who invited us
 */
KithContact *
kith_group_get_inviter (KithGroup *self)
{
  return self->inviter;
}

/**
 * kith_group_set_inviter:
 * @self: a group
 * @inviter: (transfer none) (nullable): who invited us
 */
void
kith_group_set_inviter (KithGroup *self, KithContact *inviter)
{
  if (g_set_object (&self->inviter, inviter))
    kith_group_notify (self, PROP_INVITER);
}

/**
 * kith_group_get_policy:
 * @self: a group
 *
 * Returns: (transfer none): what the admin decided for everybody
 */
const KithGroupRules *
kith_group_get_policy (KithGroup *self)
{
  return &self->policy;
}

/**
 * kith_group_set_policy:
 * @self: a group
 * @policy: what the admin decided for everybody
 */
void
kith_group_set_policy (KithGroup *self, const KithGroupRules *policy)
{
  if (self->policy.history_days == policy->history_days
      && self->policy.vanish_days == policy->vanish_days
      && self->policy.max_members == policy->max_members)
    return;

  self->policy = *policy;
  kith_group_notify (self, PROP_POLICY);
}

/* --- What came and did not ------------------------------------------------------------------ */

/**
 * kith_group_get_unread_mentions:
 * @self: a group
 *
 * Returns: how many messages that name us were not seen
 */
guint
kith_group_get_unread_mentions (KithGroup *self)
{
  return self->unread_mentions;
}

/**
 * kith_group_set_unread_mentions:
 * @self: a group
 * @n: how many messages that name us were not seen
 */
void
kith_group_set_unread_mentions (KithGroup *self, guint n)
{
  if (self->unread_mentions == n)
    return;

  self->unread_mentions = n;
  kith_group_notify (self, PROP_UNREAD_MENTIONS);
}

/**
 * kith_group_get_mentions_only:
 * @self: a group
 *
 * Returns: whether only messages that name us are to be notified of
 */
gboolean
kith_group_get_mentions_only (KithGroup *self)
{
  return self->mentions_only;
}

/**
 * kith_group_set_mentions_only:
 * @self: a group
 * @mentions_only: whether only messages that name us are to be notified of
 */
void
kith_group_set_mentions_only (KithGroup *self, gboolean mentions_only)
{
  kith_group_set_flag (self, &self->mentions_only, mentions_only, PROP_MENTIONS_ONLY);
}

/**
 * kith_group_get_missing:
 * @self: a group
 *
 * Returns: (transfer none) (element-type KithGroupMissing): what we know of and do not have
 */
GPtrArray *
kith_group_get_missing (KithGroup *self)
{
  return self->missing;
}

/**
 * kith_group_set_missing:
 * @self: a group
 * @author: (transfer none): whose messages
 * @n: how many we do not have; 0 = none any more
 * @holder: (transfer none) (nullable): who has them
 */
void
kith_group_set_missing (KithGroup *self, KithContact *author, guint n, KithContact *holder)
{
  KithGroupMissing *missing = NULL;
  guint at = 0;

  for (; at < self->missing->len; at++)
    {
      missing = g_ptr_array_index (self->missing, at);
      if (missing->author == author)
        break;
    }

  if (at == self->missing->len)
    {
      if (n == 0)
        return;
      missing = g_new0 (KithGroupMissing, 1);
      missing->author = g_object_ref (author);
      g_ptr_array_add (self->missing, missing);
    }

  missing->n = n;
  g_set_object (&missing->holder, holder);
  if (n == 0)
    g_ptr_array_remove_index (self->missing, at);
  kith_group_notify (self, PROP_MISSING);
}

/**
 * kith_group_get_needs_key:
 * @self: a group
 *
 * Returns: whether what we write waits until the admin has seen that this profile was restored
 */
gboolean
kith_group_get_needs_key (KithGroup *self)
{
  return self->needs_key;
}

/**
 * kith_group_set_needs_key:
 * @self: a group
 * @needs_key: whether what we write has to wait
 */
void
kith_group_set_needs_key (KithGroup *self, gboolean needs_key)
{
  kith_group_set_flag (self, &self->needs_key, needs_key, PROP_NEEDS_KEY);
}

/* --- The link ------------------------------------------------------------------------------- */

/**
 * kith_group_get_link:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): our link with which others can ask to join
 */
const char *
kith_group_get_link (KithGroup *self)
{
  return self->link;
}

/**
 * kith_group_get_link_expires_ms:
 * @self: a group
 *
 * Returns: until when our link works, in ms since 1970
 */
gint64
kith_group_get_link_expires_ms (KithGroup *self)
{
  return self->link_expires_ms;
}

/**
 * kith_group_set_link:
 * @self: a group
 * @link: (nullable): our link
 * @expires_ms: until when it works, in ms since 1970
 */
void
kith_group_set_link (KithGroup *self, const char *link, gint64 expires_ms)
{
  if (self->link_expires_ms != expires_ms)
    {
      self->link_expires_ms = expires_ms;
      kith_group_notify (self, PROP_LINK_EXPIRES);
    }
  kith_property_set_text (self, &self->link, link, properties[PROP_LINK]);
}
