/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-profile.h"

#include "model/kith-property.h"

struct _KithProfile
{
  GObject  parent_instance;
  char    *id;   /* (owned) */
  char    *name; /* (owned) */
  gboolean hidden;
};

G_DEFINE_FINAL_TYPE (KithProfile, kith_profile, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_HIDDEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_profile_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithProfile *self = KITH_PROFILE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_HIDDEN:
      g_value_set_boolean (value, self->hidden);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_profile_finalize (GObject *object)
{
  KithProfile *self = KITH_PROFILE (object);

  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (kith_profile_parent_class)->finalize (object);
}

static void
kith_profile_class_init (KithProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_profile_get_property;
  object_class->finalize = kith_profile_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_HIDDEN] = g_param_spec_boolean ("hidden", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_profile_init (KithProfile *self)
{
}

/**
 * kith_profile_new:
 * @id: the ID string
 * @name: the name that others are shown
 *
 * Returns: (transfer full): a profile
 */
KithProfile *
kith_profile_new (const char *id, const char *name)
{
  KithProfile *self = g_object_new (KITH_TYPE_PROFILE, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  return self;
}

/**
 * kith_profile_get_id:
 * @self: a profile
 *
 * Returns: (transfer none): the ID string
 */
const char *
kith_profile_get_id (KithProfile *self)
{
  return self->id;
}

/**
 * kith_profile_get_name:
 * @self: a profile
 *
 * Returns: (transfer none): the name
 */
const char *
kith_profile_get_name (KithProfile *self)
{
  return self->name;
}

/**
 * kith_profile_set_name:
 * @self: a profile
 * @name: the new name
 *
 * For the node, which stores it first.
 */
void
kith_profile_set_name (KithProfile *self, const char *name)
{
  kith_property_set_text (self, &self->name, name, properties[PROP_NAME]);
}

/**
 * kith_profile_get_hidden:
 * @self: a profile
 *
 * Returns: whether others are to see us as absent
 */
gboolean
kith_profile_get_hidden (KithProfile *self)
{
  return self->hidden;
}

/**
 * kith_profile_set_hidden:
 * @self: a profile
 * @hidden: whether others are to see us as absent
 *
 * For the node, which tells them.
 */
void
kith_profile_set_hidden (KithProfile *self, gboolean hidden)
{
  kith_property_set_flag (self, &self->hidden, hidden, properties[PROP_HIDDEN]);
}
