/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-hit-list.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "ui/kith-hit-row.h"

#define PAGE_HITS 30

struct _KithHitList
{
  AdwBin parent_instance;

  GtkListBox *list_box;
  GtkLabel *state_label;

  KithNode *node;                 /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) NULL = everywhere */
  char *text;                     /* (owned) (nullable) */
  GPtrArray *hits;                /* (owned) of KithSearchHit */
  GCancellable *cancellable;      /* (owned) (nullable) while it searches */
  gboolean is_first_page;
  gboolean has_more;
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_CHANGED,
  SIGNAL_LEFT_TOP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithHitList, kith_hit_list, ADW_TYPE_BIN)

static void
set_state (KithHitList *self, const char *words)
{
  gtk_label_set_text (self->state_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), words != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list_box), self->hits->len > 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
remove_rows (KithHitList *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list_box))) != NULL)
    gtk_list_box_remove (self->list_box, child);
  g_ptr_array_set_size (self->hits, 0);
}

static void
stop (KithHitList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* --- Searching ------------------------------------------------------------------------------ */

typedef struct
{
  KithHitList *self;         /* (owned) */
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

static void
add_hits (KithHitList *self, GPtrArray *hits)
{
  /* What was found before stays in view until there is something else. */
  if (self->is_first_page)
    remove_rows (self);
  self->is_first_page = FALSE;
  self->has_more = hits->len >= PAGE_HITS;

  for (guint i = 0; i < hits->len; i++)
    {
      KithSearchHit *hit = g_ptr_array_index (hits, i);

      g_ptr_array_add (self->hits, g_object_ref (hit));
      gtk_list_box_append (self->list_box, kith_hit_row_new (hit, self->conversation == NULL));
    }

  set_state (self, self->hits->len == 0 ? _("No message found") : NULL);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchData) data = user_data;
  g_autoptr (GError) error = NULL;
  KithHitList *self = data->self;
  g_autoptr (GPtrArray) hits = kith_node_search_finish (KITH_NODE (source), result, &error);
  g_autofree char *words = NULL;

  if (self->cancellable != data->cancellable)
    return;

  g_clear_object (&self->cancellable);
  if (hits != NULL)
    {
      add_hits (self, hits);
      return;
    }

  words = kith_explain_error (error);
  self->has_more = FALSE;
  remove_rows (self);
  set_state (self, words);
}

static void
search_page (KithHitList *self)
{
  SearchData *data = g_new0 (SearchData, 1);
  KithSearchHit *after = NULL;

  if (!self->is_first_page && self->hits->len > 0)
    after = g_ptr_array_index (self->hits, self->hits->len - 1);

  self->cancellable = g_cancellable_new ();
  data->self = g_object_ref (self);
  data->cancellable = g_object_ref (self->cancellable);
  kith_node_search_async (self->node, self->text, self->conversation, PAGE_HITS, after,
                          self->cancellable, found_cb, data);
}

/* --- Rows ----------------------------------------------------------------------------------- */

static void
row_activated_cb (KithHitList *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, kith_hit_row_get_hit (KITH_HIT_ROW (row)));
}

static gboolean
keynav_failed_cb (KithHitList *self, GtkDirectionType direction)
{
  if (direction == GTK_DIR_UP)
    g_signal_emit (self, signals[SIGNAL_LEFT_TOP], 0);
  else if (direction == GTK_DIR_DOWN)
    kith_hit_list_load_more (self);

  return TRUE;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_hit_list_dispose (GObject *object)
{
  KithHitList *self = KITH_HIT_LIST (object);

  stop (self);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_HIT_LIST);

  G_OBJECT_CLASS (kith_hit_list_parent_class)->dispose (object);
}

static void
kith_hit_list_finalize (GObject *object)
{
  KithHitList *self = KITH_HIT_LIST (object);

  g_ptr_array_unref (self->hits);
  g_free (self->text);

  G_OBJECT_CLASS (kith_hit_list_parent_class)->finalize (object);
}

static void
kith_hit_list_class_init (KithHitListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_hit_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_hit_list_finalize;

  signals[SIGNAL_OPENED] = g_signal_new ("opened", KITH_TYPE_HIT_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, KITH_TYPE_SEARCH_HIT);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KITH_TYPE_HIT_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LEFT_TOP] = g_signal_new ("left-top", KITH_TYPE_HIT_LIST, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-hit-list.ui");
  gtk_widget_class_bind_template_child (widget_class, KithHitList, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithHitList, state_label);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, keynav_failed_cb);
}

static void
kith_hit_list_init (KithHitList *self)
{
  self->hits = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_hit_list_search:
 * @self: a list
 * @node: who searches
 * @conversation: (nullable): where; %NULL for everywhere
 * @text: what for
 *
 * Searches instead of what was searched for before.
 */
void
kith_hit_list_search (KithHitList *self, KithNode *node, KithConversation *conversation,
                      const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  g_return_if_fail (KITH_IS_HIT_LIST (self));
  g_return_if_fail (KITH_IS_NODE (node));

  if (*stripped == '\0')
    {
      kith_hit_list_clear (self);
      return;
    }
  if (self->node == node && self->conversation == conversation
      && g_strcmp0 (self->text, stripped) == 0)
    return;

  stop (self);
  g_set_object (&self->node, node);
  g_set_object (&self->conversation, conversation);
  g_free (self->text);
  self->text = g_steal_pointer (&stripped);
  self->is_first_page = TRUE;
  search_page (self);
}

/**
 * kith_hit_list_clear:
 * @self: a list
 *
 * Forgets what was found.
 */
void
kith_hit_list_clear (KithHitList *self)
{
  g_return_if_fail (KITH_IS_HIT_LIST (self));

  stop (self);
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  self->has_more = FALSE;
  remove_rows (self);
  set_state (self, NULL);
}

/**
 * kith_hit_list_load_more:
 * @self: a list
 *
 * The user is near the end: looks for older ones.
 */
void
kith_hit_list_load_more (KithHitList *self)
{
  g_return_if_fail (KITH_IS_HIT_LIST (self));

  if (self->has_more && self->cancellable == NULL)
    search_page (self);
}

/**
 * kith_hit_list_get_n_hits:
 * @self: a list
 *
 * Returns: how many there are so far
 */
guint
kith_hit_list_get_n_hits (KithHitList *self)
{
  g_return_val_if_fail (KITH_IS_HIT_LIST (self), 0);

  return self->hits->len;
}

/**
 * kith_hit_list_is_searching:
 * @self: a list
 *
 * Returns: whether it is not known yet what will be found
 */
gboolean
kith_hit_list_is_searching (KithHitList *self)
{
  g_return_val_if_fail (KITH_IS_HIT_LIST (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * kith_hit_list_focus_first:
 * @self: a list
 *
 * Returns: whether there was one to go to
 */
gboolean
kith_hit_list_focus_first (KithHitList *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (KITH_IS_HIT_LIST (self), FALSE);

  row = gtk_list_box_get_row_at_index (self->list_box, 0);

  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

/**
 * kith_hit_list_open_first:
 * @self: a list
 *
 * Returns: whether there was one to open
 */
gboolean
kith_hit_list_open_first (KithHitList *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (KITH_IS_HIT_LIST (self), FALSE);

  row = gtk_list_box_get_row_at_index (self->list_box, 0);
  if (row == NULL)
    return FALSE;

  row_activated_cb (self, row);

  return TRUE;
}
