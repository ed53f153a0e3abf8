/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-finding.h"

struct _KithFinding
{
  GObject          parent_instance;
  KithFindingLevel level;
  char             *code; /* (owned) */
  char             *title; /* (owned) */
  char             *detail; /* (owned) */
  char             *advice; /* (owned) */
  gint64           time_ms;
};

G_DEFINE_FINAL_TYPE (KithFinding, kith_finding, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_LEVEL,
  PROP_CODE,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_ADVICE,
  PROP_TIME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_finding_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithFinding *self = KITH_FINDING (object);

  switch (prop_id)
    {
    case PROP_LEVEL:
      g_value_set_uint (value, self->level);
      break;
    case PROP_CODE:
      g_value_set_string (value, self->code);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_ADVICE:
      g_value_set_string (value, self->advice);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_finding_finalize (GObject *object)
{
  KithFinding *self = KITH_FINDING (object);

  g_free (self->code);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->advice);

  G_OBJECT_CLASS (kith_finding_parent_class)->finalize (object);
}

static void
kith_finding_class_init (KithFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_finding_get_property;
  object_class->finalize = kith_finding_finalize;

  properties[PROP_LEVEL] =
    g_param_spec_uint ("level", NULL, NULL, 0, KITH_FINDING_PROBLEM, 0, flags);
  properties[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_ADVICE] = g_param_spec_string ("advice", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_finding_init (KithFinding *self)
{
}

/**
 * kith_finding_new:
 * @level: whether it works, is good to know, or in the way
 * @code: a word for scripts
 * @title: what it is about, in plain words
 * @detail: (nullable): what was found
 * @advice: (nullable): what to do
 * @time_ms: when that was, in ms since 1970; 0 = now
 *
 * Returns: (transfer full): a finding
 */
KithFinding *
kith_finding_new (KithFindingLevel level, const char *code, const char *title, const char *detail,
                  const char *advice, gint64 time_ms)
{
  KithFinding *self = g_object_new (KITH_TYPE_FINDING, NULL);

  self->level = level;
  self->code = g_strdup (code);
  self->title = g_strdup (title);
  self->detail = g_strdup (detail != NULL ? detail : "");
  self->advice = g_strdup (advice != NULL ? advice : "");
  self->time_ms = time_ms;
  return self;
}

/**
 * kith_finding_get_level:
 * @self: a finding
 *
 * Returns: whether it works, is good to know, or in the way
 */
KithFindingLevel
kith_finding_get_level (KithFinding *self)
{
  return self->level;
}

/**
 * kith_finding_get_code:
 * @self: a finding
 *
 * Returns: (transfer none): a word for scripts
 */
const char *
kith_finding_get_code (KithFinding *self)
{
  return self->code;
}

/**
 * kith_finding_get_title:
 * @self: a finding
 *
 * Returns: (transfer none): what it is about, in plain words
 */
const char *
kith_finding_get_title (KithFinding *self)
{
  return self->title;
}

/**
 * kith_finding_get_detail:
 * @self: a finding
 *
 * Returns: (transfer none): what was found; may be empty
 */
const char *
kith_finding_get_detail (KithFinding *self)
{
  return self->detail;
}

/**
 * kith_finding_get_advice:
 * @self: a finding
 *
 * Returns: (transfer none): what to do; may be empty
 */
const char *
kith_finding_get_advice (KithFinding *self)
{
  return self->advice;
}

/**
 * kith_finding_get_time_ms:
 * @self: a finding
 *
 * Returns: when that was, in ms since 1970; 0 = now
 */
gint64
kith_finding_get_time_ms (KithFinding *self)
{
  return self->time_ms;
}
