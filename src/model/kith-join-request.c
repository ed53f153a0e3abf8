/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-join-request.h"

#include <string.h>

#include "base/kith-secret.h"

struct _KithJoinRequest
{
  GObject      parent_instance;
  guint8       identity[KITH_IDENTITY_BYTES];
  char        *id;         /* (owned) */
  KithContact *contact;    /* (owned) (nullable) */
  char        *name;       /* (owned) */
  char        *text;       /* (owned) */
  gint64       time_ms;
  KithContact *brought_by; /* (owned) (nullable) */
  gboolean     by_link;
};

G_DEFINE_FINAL_TYPE (KithJoinRequest, kith_join_request, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_TEXT,
  PROP_TIME,
  PROP_CONTACT,
  PROP_BROUGHT_BY,
  PROP_BY_LINK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_join_request_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithJoinRequest *self = KITH_JOIN_REQUEST (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, kith_join_request_get_name (self));
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time_ms);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_BROUGHT_BY:
      g_value_set_object (value, self->brought_by);
      break;
    case PROP_BY_LINK:
      g_value_set_boolean (value, self->by_link);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_join_request_finalize (GObject *object)
{
  KithJoinRequest *self = KITH_JOIN_REQUEST (object);

  g_clear_object (&self->contact);
  g_clear_object (&self->brought_by);
  g_free (self->id);
  g_free (self->name);
  kith_secret_free_text (self->text);

  G_OBJECT_CLASS (kith_join_request_parent_class)->finalize (object);
}

static void
kith_join_request_class_init (KithJoinRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_join_request_get_property;
  object_class->finalize = kith_join_request_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_BROUGHT_BY] =
    g_param_spec_object ("brought-by", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_BY_LINK] = g_param_spec_boolean ("by-link", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_join_request_init (KithJoinRequest *self)
{
}

/**
 * kith_join_request_new:
 * @identity: the identity key of who asks
 * @id: the ID string of that
 * @contact: (transfer none) (nullable): if they are a contact of ours
 * @name: what they call themselves: sanitised
 * @text: (nullable): what they say: sanitised
 * @time_ms: when they asked, in ms since 1970
 * @brought_by: (transfer none) (nullable): the member who invited them
 * @by_link: whether they came with the group's link
 *
 * Returns: (transfer full): a request
 */
KithJoinRequest *
kith_join_request_new (const guint8 identity[KITH_IDENTITY_BYTES], const char *id,
                       KithContact *contact, const char *name, const char *text, gint64 time_ms,
                       KithContact *brought_by, gboolean by_link)
{
  KithJoinRequest *self = g_object_new (KITH_TYPE_JOIN_REQUEST, NULL);

  memcpy (self->identity, identity, sizeof self->identity);
  self->id = g_strdup (id);
  g_set_object (&self->contact, contact);
  self->name = g_strdup (name);
  self->text = g_strdup (text != NULL ? text : "");
  self->time_ms = time_ms;
  g_set_object (&self->brought_by, brought_by);
  self->by_link = by_link;
  return self;
}

/**
 * kith_join_request_get_identity:
 * @self: a request
 *
 * Returns: (transfer none): the identity key, 32 bytes
 */
const guint8 *
kith_join_request_get_identity (KithJoinRequest *self)
{
  return self->identity;
}

/**
 * kith_join_request_get_id:
 * @self: a request
 *
 * Returns: (transfer none): the ID string
 */
const char *
kith_join_request_get_id (KithJoinRequest *self)
{
  return self->id;
}

/**
 * kith_join_request_get_contact:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): who asks, if they are a contact of ours
 */
KithContact *
kith_join_request_get_contact (KithJoinRequest *self)
{
  return self->contact;
}

/**
 * kith_join_request_get_name:
 * @self: a request
 *
 * Returns: (transfer none): what to show of them
 */
const char *
kith_join_request_get_name (KithJoinRequest *self)
{
  return self->contact != NULL ? kith_contact_get_display_name (self->contact) : self->name;
}

/**
 * kith_join_request_get_text:
 * @self: a request
 *
 * Returns: (transfer none): what they say, may be empty
 */
const char *
kith_join_request_get_text (KithJoinRequest *self)
{
  return self->text;
}

/**
 * kith_join_request_get_time_ms:
 * @self: a request
 *
 * Returns: when they asked, in ms since 1970
 */
gint64
kith_join_request_get_time_ms (KithJoinRequest *self)
{
  return self->time_ms;
}

/**
 * kith_join_request_get_brought_by:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): the member who invited them
 */
KithContact *
kith_join_request_get_brought_by (KithJoinRequest *self)
{
  return self->brought_by;
}

/**
 * kith_join_request_get_by_link:
 * @self: a request
 *
 * Returns: whether they came with the group's link
 */
gboolean
kith_join_request_get_by_link (KithJoinRequest *self)
{
  return self->by_link;
}
