/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-contact.h"

#include <string.h>

#include "base/kith-time.h"
#include "model/kith-names.h"
#include "model/kith-property.h"

#define SHORT_ID_CHARS 14

struct _KithContact
{
  GObject      parent_instance;
  guint8       identity[KITH_IDENTITY_BYTES];
  char        *id;       /* (owned) */
  char        *name;     /* (owned) (nullable) */
  char        *alias;    /* (owned) (nullable) */
  char        *note;     /* (owned) (nullable) */
  char        *address;  /* (owned) (nullable) */
  char        *short_id; /* (owned) */
  KithPresence presence;
  KithRelation relation;
  gint64       last_seen_ms;
  KithVerified verified;
  gint64       verified_ms;
  gboolean     name_taken;
  gboolean     blocked;
  gboolean     favourite;
  gboolean     typing;
};

G_DEFINE_FINAL_TYPE (KithContact, kith_contact, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_ALIAS,
  PROP_DISPLAY_NAME,
  PROP_NOTE,
  PROP_ADDRESS,
  PROP_PRESENCE,
  PROP_LAST_SEEN,
  PROP_RELATION,
  PROP_VERIFIED,
  PROP_NAME_TAKEN,
  PROP_BLOCKED,
  PROP_FAVOURITE,
  PROP_TYPING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_contact_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithContact *self = KITH_CONTACT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ALIAS:
      g_value_set_string (value, self->alias);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, kith_contact_get_display_name (self));
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_PRESENCE:
      g_value_set_uint (value, self->presence);
      break;
    case PROP_LAST_SEEN:
      g_value_set_int64 (value, self->last_seen_ms);
      break;
    case PROP_RELATION:
      g_value_set_uint (value, self->relation);
      break;
    case PROP_VERIFIED:
      g_value_set_boolean (value, self->verified != KITH_VERIFIED_NOT);
      break;
    case PROP_NAME_TAKEN:
      g_value_set_boolean (value, self->name_taken);
      break;
    case PROP_BLOCKED:
      g_value_set_boolean (value, self->blocked);
      break;
    case PROP_FAVOURITE:
      g_value_set_boolean (value, self->favourite);
      break;
    case PROP_TYPING:
      g_value_set_boolean (value, self->typing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_contact_finalize (GObject *object)
{
  KithContact *self = KITH_CONTACT (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->alias);
  g_free (self->note);
  g_free (self->address);
  g_free (self->short_id);

  G_OBJECT_CLASS (kith_contact_parent_class)->finalize (object);
}

static void
kith_contact_class_init (KithContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_contact_get_property;
  object_class->finalize = kith_contact_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ALIAS] = g_param_spec_string ("alias", NULL, NULL, NULL, flags);
  properties[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_PRESENCE] =
    g_param_spec_uint ("presence", NULL, NULL, 0, KITH_PRESENCE_ONLINE, 0, flags);
  properties[PROP_LAST_SEEN] = g_param_spec_int64 ("last-seen", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_RELATION] =
    g_param_spec_uint ("relation", NULL, NULL, 0, KITH_RELATION_MEMBER, 0, flags);
  properties[PROP_VERIFIED] = g_param_spec_boolean ("verified", NULL, NULL, FALSE, flags);
  properties[PROP_NAME_TAKEN] = g_param_spec_boolean ("name-taken", NULL, NULL, FALSE, flags);
  properties[PROP_BLOCKED] = g_param_spec_boolean ("blocked", NULL, NULL, FALSE, flags);
  properties[PROP_FAVOURITE] = g_param_spec_boolean ("favourite", NULL, NULL, FALSE, flags);
  properties[PROP_TYPING] = g_param_spec_boolean ("typing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_contact_init (KithContact *self)
{
}

/**
 * kith_contact_new:
 * @identity: the identity key
 * @id: its ID string
 *
 * Returns: (transfer full): a contact whom we have asked, offline
 */
KithContact *
kith_contact_new (const guint8 identity[KITH_IDENTITY_BYTES], const char *id)
{
  KithContact *self = g_object_new (KITH_TYPE_CONTACT, NULL);

  memcpy (self->identity, identity, sizeof self->identity);
  self->id = g_strdup (id);
  self->short_id = g_strndup (id, SHORT_ID_CHARS);
  return self;
}

/**
 * kith_contact_get_identity:
 * @self: a contact
 *
 * Returns: (transfer none): the identity key, 32 bytes
 */
const guint8 *
kith_contact_get_identity (KithContact *self)
{
  return self->identity;
}

/**
 * kith_contact_get_id:
 * @self: a contact
 *
 * Returns: (transfer none): the ID string
 */
const char *
kith_contact_get_id (KithContact *self)
{
  return self->id;
}

/**
 * kith_contact_get_display_name:
 * @self: a contact
 *
 * Returns: (transfer none): alias, name, address or the beginning of the ID: the first there is
 */
const char *
kith_contact_get_display_name (KithContact *self)
{
  if (self->alias != NULL)
    return self->alias;
  if (self->name != NULL)
    return self->name;
  if (self->address != NULL)
    return self->address;

  return self->short_id;
}

/**
 * kith_contact_compare_names:
 * @a: (type KithContact): a contact
 * @b: (type KithContact): another one
 * @user_data: not used
 *
 * For a list of people by name: a #GCompareDataFunc.
 *
 * Returns: less than, equal to or greater than 0
 */
int
kith_contact_compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return kith_names_compare (kith_contact_get_display_name ((KithContact *) a),
                             kith_contact_get_display_name ((KithContact *) b));
}

/* Sets one of the strings that the display name is made of. */
static void
set_name_part (KithContact *self, char **part, const char *text, guint prop_id)
{
  g_autofree char *before = NULL;

  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (*part, text) == 0)
    return;

  before = g_strdup (kith_contact_get_display_name (self));
  g_free (*part);
  *part = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
  if (g_strcmp0 (before, kith_contact_get_display_name (self)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_NAME]);
}

/**
 * kith_contact_get_name:
 * @self: a contact
 *
 * Returns: (transfer none) (nullable): what the peer calls itself
 */
const char *
kith_contact_get_name (KithContact *self)
{
  return self->name;
}

/**
 * kith_contact_set_name:
 * @self: a contact
 * @name: (nullable): what the peer calls itself, sanitised
 */
void
kith_contact_set_name (KithContact *self, const char *name)
{
  set_name_part (self, &self->name, name, PROP_NAME);
}

/**
 * kith_contact_get_alias:
 * @self: a contact
 *
 * Returns: (transfer none) (nullable): what the user calls them
 */
const char *
kith_contact_get_alias (KithContact *self)
{
  return self->alias;
}

/**
 * kith_contact_set_alias:
 * @self: a contact
 * @alias: (nullable): what the user calls them
 */
void
kith_contact_set_alias (KithContact *self, const char *alias)
{
  set_name_part (self, &self->alias, alias, PROP_ALIAS);
}

/**
 * kith_contact_get_address:
 * @self: a contact
 *
 * Returns: (transfer none) (nullable): the last address and port, as text
 */
const char *
kith_contact_get_address (KithContact *self)
{
  return self->address;
}

/**
 * kith_contact_set_address:
 * @self: a contact
 * @address: (nullable): the last address and port, as text
 */
void
kith_contact_set_address (KithContact *self, const char *address)
{
  set_name_part (self, &self->address, address, PROP_ADDRESS);
}

/**
 * kith_contact_get_presence:
 * @self: a contact
 *
 * Returns: whether they can be talked to now
 */
KithPresence
kith_contact_get_presence (KithContact *self)
{
  return self->presence;
}

/**
 * kith_contact_set_presence:
 * @self: a contact
 * @presence: whether they can be talked to now
 */
void
kith_contact_set_presence (KithContact *self, KithPresence presence)
{
  if (self->presence == presence)
    return;

  self->presence = presence;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENCE]);
}

/**
 * kith_contact_get_last_seen_ms:
 * @self: a contact
 *
 * Returns: when they were last online, in ms since 1970; 0 for never
 */
gint64
kith_contact_get_last_seen_ms (KithContact *self)
{
  return self->last_seen_ms;
}

/**
 * kith_contact_is_of_last_hour:
 * @self: a contact
 * @now_ms: Unix time in ms
 *
 * Returns: whether they are online, or were within the last hour
 */
gboolean
kith_contact_is_of_last_hour (KithContact *self, gint64 now_ms)
{
  return self->presence == KITH_PRESENCE_ONLINE
         || (self->last_seen_ms > 0 && now_ms - self->last_seen_ms <= KITH_HOUR_MS);
}

/**
 * kith_contact_set_last_seen_ms:
 * @self: a contact
 * @last_seen_ms: when they were last online, in ms since 1970
 */
void
kith_contact_set_last_seen_ms (KithContact *self, gint64 last_seen_ms)
{
  if (self->last_seen_ms == last_seen_ms)
    return;

  self->last_seen_ms = last_seen_ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SEEN]);
}

/**
 * kith_contact_get_relation:
 * @self: a contact
 *
 * Returns: what they are to us
 */
KithRelation
kith_contact_get_relation (KithContact *self)
{
  return self->relation;
}

/**
 * kith_contact_set_relation:
 * @self: a contact
 * @relation: what they are to us
 */
void
kith_contact_set_relation (KithContact *self, KithRelation relation)
{
  if (self->relation == relation)
    return;

  self->relation = relation;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RELATION]);
}

/**
 * kith_contact_get_verified:
 * @self: a contact
 *
 * Returns: how the user made sure that it is them; 0 for not at all
 */
KithVerified
kith_contact_get_verified (KithContact *self)
{
  return self->verified;
}

/**
 * kith_contact_get_verified_ms:
 * @self: a contact
 *
 * Returns: when that was, in ms since 1970; 0 when it was not, or when it is not known
 */
gint64
kith_contact_get_verified_ms (KithContact *self)
{
  return self->verified_ms;
}

/**
 * kith_contact_set_verified:
 * @self: a contact
 * @verified: how the user made sure that it is them
 * @time_ms: when
 */
void
kith_contact_set_verified (KithContact *self, KithVerified verified, gint64 time_ms)
{
  if (self->verified == verified && self->verified_ms == time_ms)
    return;

  self->verified = verified;
  self->verified_ms = time_ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERIFIED]);
}

/**
 * kith_contact_get_name_taken:
 * @self: a contact
 *
 * Returns: whether somebody else among the contacts is shown under the same name, and it is not
 *   known that this is the right one
 */
gboolean
kith_contact_get_name_taken (KithContact *self)
{
  return self->name_taken;
}

/**
 * kith_contact_set_name_taken:
 * @self: a contact
 * @name_taken: as kith_contact_get_name_taken() says it
 */
void
kith_contact_set_name_taken (KithContact *self, gboolean name_taken)
{
  kith_property_set_flag (self, &self->name_taken, name_taken, properties[PROP_NAME_TAKEN]);
}

/**
 * kith_contact_get_blocked:
 * @self: a contact
 *
 * Returns: whether the user blocked them
 */
gboolean
kith_contact_get_blocked (KithContact *self)
{
  return self->blocked;
}

/**
 * kith_contact_set_blocked:
 * @self: a contact
 * @blocked: whether the user blocked them
 */
void
kith_contact_set_blocked (KithContact *self, gboolean blocked)
{
  kith_property_set_flag (self, &self->blocked, blocked, properties[PROP_BLOCKED]);
}

/**
 * kith_contact_get_favourite:
 * @self: a contact
 *
 * Returns: whether the user wants them at the top
 */
gboolean
kith_contact_get_favourite (KithContact *self)
{
  return self->favourite;
}

/**
 * kith_contact_set_favourite:
 * @self: a contact
 * @favourite: whether the user wants them at the top
 */
void
kith_contact_set_favourite (KithContact *self, gboolean favourite)
{
  kith_property_set_flag (self, &self->favourite, favourite, properties[PROP_FAVOURITE]);
}

/**
 * kith_contact_get_note:
 * @self: a contact
 *
 * Returns: (transfer none) (nullable): what the user noted about them
 */
const char *
kith_contact_get_note (KithContact *self)
{
  return self->note;
}

/**
 * kith_contact_set_note:
 * @self: a contact
 * @note: (nullable): what the user notes about them
 */
void
kith_contact_set_note (KithContact *self, const char *note)
{
  kith_property_set_text (self, &self->note, note, properties[PROP_NOTE]);
}

/**
 * kith_contact_get_typing:
 * @self: a contact
 *
 * Returns: whether they are writing to us just now
 */
gboolean
kith_contact_get_typing (KithContact *self)
{
  return self->typing;
}

/**
 * kith_contact_set_typing:
 * @self: a contact
 * @typing: whether they are writing to us just now
 */
void
kith_contact_set_typing (KithContact *self, gboolean typing)
{
  kith_property_set_flag (self, &self->typing, typing, properties[PROP_TYPING]);
}
