/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-request.h"

#include <string.h>

#include "base/kith-secret.h"
#include "model/kith-property.h"

struct _KithRequest
{
  GObject  parent_instance;
  guint8   identity[KITH_IDENTITY_BYTES];
  char    *id;      /* (owned) */
  char    *name;    /* (owned) */
  char    *text;    /* (owned) */
  char    *address; /* (owned) (nullable) */
  gint64   time_ms;
  gboolean online;
  gboolean name_taken;
};

G_DEFINE_FINAL_TYPE (KithRequest, kith_request, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_TEXT,
  PROP_ADDRESS,
  PROP_TIME,
  PROP_ONLINE,
  PROP_NAME_TAKEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_request_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithRequest *self = KITH_REQUEST (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time_ms);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;
    case PROP_NAME_TAKEN:
      g_value_set_boolean (value, self->name_taken);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_request_finalize (GObject *object)
{
  KithRequest *self = KITH_REQUEST (object);

  g_free (self->id);
  g_free (self->name);
  kith_secret_free_text (self->text);
  g_free (self->address);

  G_OBJECT_CLASS (kith_request_parent_class)->finalize (object);
}

static void
kith_request_class_init (KithRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_request_get_property;
  object_class->finalize = kith_request_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  properties[PROP_NAME_TAKEN] = g_param_spec_boolean ("name-taken", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_request_init (KithRequest *self)
{
  self->name = g_strdup ("");
  self->text = g_strdup ("");
}

/**
 * kith_request_new:
 * @identity: the identity key of the one who asks
 * @id: its ID string
 * @time_ms: when they first asked, in ms since 1970
 *
 * Returns: (transfer full): a request
 */
KithRequest *
kith_request_new (const guint8 identity[KITH_IDENTITY_BYTES], const char *id, gint64 time_ms)
{
  KithRequest *self = g_object_new (KITH_TYPE_REQUEST, NULL);

  memcpy (self->identity, identity, sizeof self->identity);
  self->id = g_strdup (id);
  self->time_ms = time_ms;
  return self;
}

/**
 * kith_request_get_identity:
 * @self: a request
 *
 * Returns: (transfer none): the identity key, 32 bytes
 */
const guint8 *
kith_request_get_identity (KithRequest *self)
{
  return self->identity;
}

/**
 * kith_request_get_id:
 * @self: a request
 *
 * Returns: (transfer none): the ID string
 */
const char *
kith_request_get_id (KithRequest *self)
{
  return self->id;
}

/**
 * kith_request_get_time_ms:
 * @self: a request
 *
 * Returns: when they first asked, in ms since 1970
 */
gint64
kith_request_get_time_ms (KithRequest *self)
{
  return self->time_ms;
}

/**
 * kith_request_get_name:
 * @self: a request
 *
 * Returns: (transfer none): what they call themselves; may be empty
 */
const char *
kith_request_get_name (KithRequest *self)
{
  return self->name;
}

/**
 * kith_request_set_name:
 * @self: a request
 * @name: (nullable): what they call themselves, sanitised
 */
void
kith_request_set_name (KithRequest *self, const char *name)
{
  kith_property_set_text (self, &self->name, name != NULL ? name : "", properties[PROP_NAME]);
}

/**
 * kith_request_get_text:
 * @self: a request
 *
 * Returns: (transfer none): their words; may be empty
 */
const char *
kith_request_get_text (KithRequest *self)
{
  return self->text;
}

/**
 * kith_request_set_text:
 * @self: a request
 * @text: (nullable): their words, sanitised
 */
void
kith_request_set_text (KithRequest *self, const char *text)
{
  kith_property_set_text (self, &self->text, text != NULL ? text : "", properties[PROP_TEXT]);
}

/**
 * kith_request_get_address:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): where they called from
 */
const char *
kith_request_get_address (KithRequest *self)
{
  return self->address;
}

/**
 * kith_request_set_address:
 * @self: a request
 * @address: (nullable): where they called from
 */
void
kith_request_set_address (KithRequest *self, const char *address)
{
  kith_property_set_text (self, &self->address, address, properties[PROP_ADDRESS]);
}

/**
 * kith_request_get_online:
 * @self: a request
 *
 * Returns: whether they wait on an open session
 */
gboolean
kith_request_get_online (KithRequest *self)
{
  return self->online;
}

/**
 * kith_request_set_online:
 * @self: a request
 * @online: whether they wait on an open session
 */
void
kith_request_set_online (KithRequest *self, gboolean online)
{
  kith_property_set_flag (self, &self->online, online, properties[PROP_ONLINE]);
}

/**
 * kith_request_get_name_taken:
 * @self: a request
 *
 * Returns: whether somebody else among the contacts goes by that name
 */
gboolean
kith_request_get_name_taken (KithRequest *self)
{
  return self->name_taken;
}

/**
 * kith_request_set_name_taken:
 * @self: a request
 * @name_taken: whether somebody else among the contacts goes by that name
 */
void
kith_request_set_name_taken (KithRequest *self, gboolean name_taken)
{
  kith_property_set_flag (self, &self->name_taken, name_taken, properties[PROP_NAME_TAKEN]);
}
