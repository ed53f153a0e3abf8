/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-nearby.h"

#include <string.h>

#include "model/kith-property.h"

struct _KithNearby
{
  GObject     parent_instance;
  guint8      identity[KITH_IDENTITY_BYTES];
  char        *id; /* (owned) */
  KithContact *contact; /* (owned) (nullable) */
  char        *name; /* (owned) */
  char        *address; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithNearby, kith_nearby, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_CONTACT,
  PROP_NAME,
  PROP_ADDRESS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_nearby_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithNearby *self = KITH_NEARBY (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_nearby_finalize (GObject *object)
{
  KithNearby *self = KITH_NEARBY (object);

  g_free (self->id);
  g_clear_object (&self->contact);
  g_free (self->name);
  g_free (self->address);

  G_OBJECT_CLASS (kith_nearby_parent_class)->finalize (object);
}

static void
kith_nearby_class_init (KithNearbyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_nearby_get_property;
  object_class->finalize = kith_nearby_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_nearby_init (KithNearby *self)
{
}

/**
 * kith_nearby_new:
 * @identity: the identity key they claim
 * @id: its ID string
 * @contact: (nullable): the contact it is; %NULL for a stranger
 *
 * Returns: (transfer full): somebody on the same network
 */
KithNearby *
kith_nearby_new (const guint8 identity[KITH_IDENTITY_BYTES], const char *id, KithContact *contact)
{
  KithNearby *self = g_object_new (KITH_TYPE_NEARBY, NULL);

  memcpy (self->identity, identity, sizeof self->identity);
  self->id = g_strdup (id);
  self->name = g_strdup ("");
  g_set_object (&self->contact, contact);
  return self;
}

/**
 * kith_nearby_get_identity:
 * @self: a nearby
 *
 * Returns: (transfer none): the identity key, 32 bytes
 */
const guint8 *
kith_nearby_get_identity (KithNearby *self)
{
  return self->identity;
}

/**
 * kith_nearby_get_id:
 * @self: a nearby
 *
 * Returns: (transfer none): the ID string
 */
const char *
kith_nearby_get_id (KithNearby *self)
{
  return self->id;
}

/**
 * kith_nearby_get_contact:
 * @self: a nearby
 *
 * Returns: (transfer none) (nullable): the contact it is; %NULL for a stranger
 */
KithContact *
kith_nearby_get_contact (KithNearby *self)
{
  return self->contact;
}

/**
 * kith_nearby_get_name:
 * @self: a nearby
 *
 * Returns: (transfer none): what they call themselves; may be empty
 */
const char *
kith_nearby_get_name (KithNearby *self)
{
  return self->name;
}

/**
 * kith_nearby_set_name:
 * @self: a nearby
 * @name: what they call themselves; may be empty
 */
void
kith_nearby_set_name (KithNearby *self, const char *name)
{
  kith_property_set_text (self, &self->name, name != NULL ? name : "", properties[PROP_NAME]);
}

/**
 * kith_nearby_get_address:
 * @self: a nearby
 *
 * Returns: (transfer none) (nullable): where they are
 */
const char *
kith_nearby_get_address (KithNearby *self)
{
  return self->address;
}

/**
 * kith_nearby_set_address:
 * @self: a nearby
 * @address: (nullable): where they are
 */
void
kith_nearby_set_address (KithNearby *self, const char *address)
{
  kith_property_set_text (self, &self->address, address, properties[PROP_ADDRESS]);
}
