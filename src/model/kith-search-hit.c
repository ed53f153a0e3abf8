/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-search-hit.h"

#include "base/kith-secret.h"

struct _KithSearchHit
{
  GObject           parent_instance;
  KithConversation *conversation; /* (owned) */
  KithMessage      *message;      /* (owned) */
  char             *snippet;      /* (owned) */
  KithSearchRange  *ranges;       /* (owned) (nullable) */
  guint             n_ranges;
};

G_DEFINE_FINAL_TYPE (KithSearchHit, kith_search_hit, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONVERSATION,
  PROP_MESSAGE,
  PROP_SNIPPET,
  N_PROPS
};

static void
kith_search_hit_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithSearchHit *self = KITH_SEARCH_HIT (object);

  switch (prop_id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    case PROP_SNIPPET:
      g_value_set_string (value, self->snippet);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_search_hit_finalize (GObject *object)
{
  KithSearchHit *self = KITH_SEARCH_HIT (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->message);
  kith_secret_free_text (self->snippet);
  g_free (self->ranges);

  G_OBJECT_CLASS (kith_search_hit_parent_class)->finalize (object);
}

static void
kith_search_hit_class_init (KithSearchHitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_search_hit_get_property;
  object_class->finalize = kith_search_hit_finalize;

  g_object_class_install_property (
    object_class, PROP_CONVERSATION,
    g_param_spec_object ("conversation", NULL, NULL, KITH_TYPE_CONVERSATION, flags));
  g_object_class_install_property (
    object_class, PROP_MESSAGE,
    g_param_spec_object ("message", NULL, NULL, KITH_TYPE_MESSAGE, flags));
  g_object_class_install_property (object_class, PROP_SNIPPET,
                                   g_param_spec_string ("snippet", NULL, NULL, NULL, flags));
}

static void
kith_search_hit_init (KithSearchHit *self)
{
}

/**
 * kith_search_hit_new:
 * @conversation: where it was found
 * @message: what was found
 * @snippet: a line of its text around the match
 * @ranges: (array length=n_ranges) (nullable): what matched, in bytes of @snippet
 * @n_ranges: the number of @ranges
 *
 * Returns: (transfer full): a hit
 */
KithSearchHit *
kith_search_hit_new (KithConversation *conversation, KithMessage *message, const char *snippet,
                     const KithSearchRange *ranges, guint n_ranges)
{
  KithSearchHit *self = g_object_new (KITH_TYPE_SEARCH_HIT, NULL);

  self->conversation = g_object_ref (conversation);
  self->message = g_object_ref (message);
  self->snippet = g_strdup (snippet);
  self->ranges = g_memdup2 (ranges, n_ranges * sizeof *ranges);
  self->n_ranges = n_ranges;
  return self;
}

/**
 * kith_search_hit_get_conversation:
 * @self: a hit
 *
 * Returns: (transfer none): where it was found
 */
KithConversation *
kith_search_hit_get_conversation (KithSearchHit *self)
{
  return self->conversation;
}

/**
 * kith_search_hit_get_message:
 * @self: a hit
 *
 * Returns: (transfer none): the message as it is stored
 */
KithMessage *
kith_search_hit_get_message (KithSearchHit *self)
{
  return self->message;
}

/**
 * kith_search_hit_get_snippet:
 * @self: a hit
 *
 * Returns: (transfer none): a line of the text around the match
 */
const char *
kith_search_hit_get_snippet (KithSearchHit *self)
{
  return self->snippet;
}

/**
 * kith_search_hit_get_ranges:
 * @self: a hit
 * @n_ranges: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_ranges): what matched, in bytes of the snippet
 */
const KithSearchRange *
kith_search_hit_get_ranges (KithSearchHit *self, guint *n_ranges)
{
  *n_ranges = self->n_ranges;
  return self->ranges;
}
