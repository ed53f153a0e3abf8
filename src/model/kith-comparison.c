/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-comparison.h"

struct _KithComparison
{
  GObject             parent_instance;
  KithContact        *contact; /* (owned) */
  KithComparisonState state;
  char               *words;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithComparison, kith_comparison, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_WORDS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_comparison_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithComparison *self = KITH_COMPARISON (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_WORDS:
      g_value_set_string (value, self->words);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_comparison_finalize (GObject *object)
{
  KithComparison *self = KITH_COMPARISON (object);

  g_object_unref (self->contact);
  g_free (self->words);

  G_OBJECT_CLASS (kith_comparison_parent_class)->finalize (object);
}

static void
kith_comparison_class_init (KithComparisonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_comparison_get_property;
  object_class->finalize = kith_comparison_finalize;

  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, 0, KITH_COMPARISON_ENDED, 0, flags);
  properties[PROP_WORDS] = g_param_spec_string ("words", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_comparison_init (KithComparison *self)
{
}

/**
 * kith_comparison_new:
 * @contact: with whom
 * @state: how it begins
 *
 * Returns: (transfer full): a comparison without words yet
 */
KithComparison *
kith_comparison_new (KithContact *contact, KithComparisonState state)
{
  KithComparison *self = g_object_new (KITH_TYPE_COMPARISON, NULL);

  self->contact = g_object_ref (contact);
  self->state = state;
  return self;
}

/**
 * kith_comparison_get_contact:
 * @self: a comparison
 *
 * Returns: (transfer none): with whom
 */
KithContact *
kith_comparison_get_contact (KithComparison *self)
{
  return self->contact;
}

/**
 * kith_comparison_get_state:
 * @self: a comparison
 *
 * Returns: how far it has come
 */
KithComparisonState
kith_comparison_get_state (KithComparison *self)
{
  return self->state;
}

/**
 * kith_comparison_get_state_name:
 * @self: a comparison
 *
 * Returns: (transfer none): the state for programs
 */
const char *
kith_comparison_get_state_name (KithComparison *self)
{
  switch (self->state)
    {
    case KITH_COMPARISON_WAITING:
      return "waiting";
    case KITH_COMPARISON_ASKED:
      return "asked";
    case KITH_COMPARISON_PREPARING:
      return "preparing";
    case KITH_COMPARISON_WORDS:
      return "words";
    case KITH_COMPARISON_CONFIRMED:
      return "confirmed";
    case KITH_COMPARISON_SAME:
      return "same";
    case KITH_COMPARISON_DIFFERENT:
      return "different";
    case KITH_COMPARISON_ENDED:
      break;
    }

  return "ended";
}

/**
 * kith_comparison_is_over:
 * @self: a comparison
 *
 * Returns: whether nothing more will come of it
 */
gboolean
kith_comparison_is_over (KithComparison *self)
{
  return self->state >= KITH_COMPARISON_SAME;
}

/**
 * kith_comparison_get_words:
 * @self: a comparison
 *
 * Returns: (transfer none) (nullable): the words, with spaces between them
 */
const char *
kith_comparison_get_words (KithComparison *self)
{
  return self->words;
}

/**
 * kith_comparison_set_state:
 * @self: a comparison
 * @state: how far it has come
 */
void
kith_comparison_set_state (KithComparison *self, KithComparisonState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * kith_comparison_take_words:
 * @self: a comparison that has none
 * @words: (transfer full): the words
 */
void
kith_comparison_take_words (KithComparison *self, char *words)
{
  g_free (self->words);
  self->words = words;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORDS]);
}
