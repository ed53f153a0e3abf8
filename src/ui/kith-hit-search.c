/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-hit-search.h"

#include <glib/gi18n.h>

#include "base/kith-text.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"

#define PAGE_HITS 30

struct _KithHitSearch
{
  GObject parent_instance;

  KithNode *node;                 /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) NULL = everywhere */
  char *text;                     /* (owned) (nullable) */
  GPtrArray *hits;                /* (owned) of KithSearchHit */
  GCancellable *cancellable;      /* (owned) (nullable) while it searches */
  char *words;                    /* (owned) (nullable) */
  gboolean is_first_page;
  gboolean has_more;
  gboolean has_failed;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KithHitSearch, kith_hit_search, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* --- List model ----------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return KITH_TYPE_SEARCH_HIT;
}

static guint
get_n_items (GListModel *model)
{
  return KITH_HIT_SEARCH (model)->hits->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  KithHitSearch *self = KITH_HIT_SEARCH (model);

  return position < self->hits->len ? g_object_ref (g_ptr_array_index (self->hits, position)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
set_words (KithHitSearch *self, const char *words)
{
  g_free (self->words);
  self->words = g_strdup (words);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* What was found before stays until there is something else. @hits: (nullable) */
static void
add_hits (KithHitSearch *self, GPtrArray *hits)
{
  guint n_before = self->hits->len;
  guint n_removed = self->is_first_page ? n_before : 0;
  guint n_added = hits != NULL ? hits->len : 0;

  if (n_removed > 0)
    g_ptr_array_set_size (self->hits, 0);
  for (guint i = 0; hits != NULL && i < hits->len; i++)
    g_ptr_array_add (self->hits, g_object_ref (g_ptr_array_index (hits, i)));
  self->is_first_page = FALSE;

  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before - n_removed, n_removed, n_added);
}

static void
remove_hits (KithHitSearch *self)
{
  self->is_first_page = TRUE;
  self->has_more = FALSE;
  add_hits (self, NULL);
}

static void
stop (KithHitSearch *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* --- Searching ------------------------------------------------------------------------------ */

typedef struct
{
  KithHitSearch *self;       /* (owned) */
  GCancellable *cancellable; /* (owned) */
} SearchData;

static void
search_data_free (SearchData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->cancellable);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchData, search_data_free)

static void search_page (KithHitSearch *self);

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchData) data = user_data;
  g_autoptr (GError) error = NULL;
  KithHitSearch *self = data->self;
  g_autoptr (GPtrArray) hits = kith_node_search_finish (KITH_NODE (source), result, &error);
  g_autofree char *words = NULL;

  if (self->cancellable != data->cancellable)
    return;

  g_clear_object (&self->cancellable);
  if (hits == NULL)
    {
      words = kith_explain_error (error);
      self->has_failed = TRUE;
      remove_hits (self);
      set_words (self, words);
      g_clear_pointer (&self->text, g_free); /* the same may be tried again */
      return;
    }

  self->has_more = hits->len > 0;
  add_hits (self, hits);
  /* Those that come after the ones with the words may still be on a first page. */
  if (self->has_more && self->hits->len < PAGE_HITS)
    search_page (self);
  set_words (self, self->hits->len == 0 ? _("No message found") : NULL);
}

static void
search_page (KithHitSearch *self)
{
  SearchData *data = g_new0 (SearchData, 1);
  KithSearchHit *after = NULL;

  if (self->has_failed)
    g_clear_pointer (&self->words, g_free); /* they are of the last one */
  self->has_failed = FALSE;
  if (!self->is_first_page && self->hits->len > 0)
    after = g_ptr_array_index (self->hits, self->hits->len - 1);

  self->cancellable = g_cancellable_new ();
  data->self = g_object_ref (self);
  data->cancellable = g_object_ref (self->cancellable);
  kith_node_search_async (self->node, self->text, self->conversation, PAGE_HITS, after,
                          self->cancellable, found_cb, data);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_hit_search_dispose (GObject *object)
{
  KithHitSearch *self = KITH_HIT_SEARCH (object);

  stop (self);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (kith_hit_search_parent_class)->dispose (object);
}

static void
kith_hit_search_finalize (GObject *object)
{
  KithHitSearch *self = KITH_HIT_SEARCH (object);

  g_ptr_array_unref (self->hits);
  g_free (self->text);
  g_free (self->words);

  G_OBJECT_CLASS (kith_hit_search_parent_class)->finalize (object);
}

static void
kith_hit_search_class_init (KithHitSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_hit_search_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_hit_search_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KITH_TYPE_HIT_SEARCH, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kith_hit_search_init (KithHitSearch *self)
{
  self->hits = g_ptr_array_new_with_free_func (g_object_unref);
}

KithHitSearch *
kith_hit_search_new (void)
{
  return g_object_new (KITH_TYPE_HIT_SEARCH, NULL);
}

/**
 * kith_hit_search_start:
 * @self: a search
 * @node: who searches
 * @conversation: (nullable): where; %NULL for everywhere
 * @text: what for; nothing but spaces ends it
 *
 * Searches instead of what was searched for before.
 *
 * Returns: %FALSE when that is what it has searched for already
 */
gboolean
kith_hit_search_start (KithHitSearch *self, KithNode *node, KithConversation *conversation,
                       const char *text)
{
  g_autofree char *stripped = kith_text_trim (g_strdup (text));

  g_return_val_if_fail (KITH_IS_HIT_SEARCH (self), FALSE);
  g_return_val_if_fail (KITH_IS_NODE (node), FALSE);

  if (*stripped == '\0')
    {
      kith_hit_search_clear (self);
      return TRUE;
    }
  if (self->node == node && self->conversation == conversation
      && g_strcmp0 (self->text, stripped) == 0)
    return FALSE;

  stop (self);
  g_set_object (&self->node, node);
  g_set_object (&self->conversation, conversation);
  g_free (self->text);
  self->text = g_steal_pointer (&stripped);
  self->is_first_page = TRUE;
  search_page (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return TRUE;
}

/**
 * kith_hit_search_clear:
 * @self: a search
 *
 * Forgets what was found.
 */
void
kith_hit_search_clear (KithHitSearch *self)
{
  g_return_if_fail (KITH_IS_HIT_SEARCH (self));

  stop (self);
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  self->has_failed = FALSE;
  remove_hits (self);
  set_words (self, NULL);
}

/**
 * kith_hit_search_load_more:
 * @self: a search
 *
 * The user is near the end: looks for older ones.
 */
void
kith_hit_search_load_more (KithHitSearch *self)
{
  g_return_if_fail (KITH_IS_HIT_SEARCH (self));

  if (self->has_more && self->cancellable == NULL)
    search_page (self);
}

/**
 * kith_hit_search_is_running:
 * @self: a search
 *
 * Returns: whether it is not known yet what will be found
 */
gboolean
kith_hit_search_is_running (KithHitSearch *self)
{
  g_return_val_if_fail (KITH_IS_HIT_SEARCH (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * kith_hit_search_is_waiting:
 * @self: a search
 *
 * Returns: whether the hits it has are still those of the search before
 */
gboolean
kith_hit_search_is_waiting (KithHitSearch *self)
{
  g_return_val_if_fail (KITH_IS_HIT_SEARCH (self), FALSE);

  return self->cancellable != NULL && self->is_first_page;
}

/**
 * kith_hit_search_has_failed:
 * @self: a search
 *
 * Returns: whether it ended without having looked everywhere; kith_hit_search_get_words() says why
 */
gboolean
kith_hit_search_has_failed (KithHitSearch *self)
{
  g_return_val_if_fail (KITH_IS_HIT_SEARCH (self), FALSE);

  return self->has_failed;
}

/**
 * kith_hit_search_is_everywhere:
 * @self: a search
 *
 * Returns: whether it looks into all conversations
 */
gboolean
kith_hit_search_is_everywhere (KithHitSearch *self)
{
  g_return_val_if_fail (KITH_IS_HIT_SEARCH (self), FALSE);

  return self->conversation == NULL;
}

/**
 * kith_hit_search_get_words:
 * @self: a search
 *
 * Returns: (nullable): why there are no hits
 */
const char *
kith_hit_search_get_words (KithHitSearch *self)
{
  g_return_val_if_fail (KITH_IS_HIT_SEARCH (self), NULL);

  return self->words;
}
