/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-announce.h"
#include "ui/kith-focus.h"
#include "ui/kith-hit-list.h"

#include "ui/kith-hit-row.h"
#include "ui/kith-hit-search.h"

struct _KithHitList
{
  AdwBin parent_instance;

  GtkListBox *list_box;
  GtkLabel *state_label;

  KithHitSearch *search; /* (owned) */
  GtkWidget *asker;      /* (unowned) (nullable) weak: where Enter was pressed for the first hit, until it has come */
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_LEFT_TOP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithHitList, kith_hit_list, ADW_TYPE_BIN)

static guint
count_hits (KithHitList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->search));
}

static void
search_changed_cb (KithHitList *self)
{
  const char *words = kith_hit_search_get_words (self->search);

  kith_announce_label (self->state_label, words);
  gtk_widget_set_visible (GTK_WIDGET (self->list_box), count_hits (self) > 0);
  if (self->asker == NULL || kith_hit_search_is_waiting (self->search))
    return;

  /* Whoever is elsewhere by now is not taken away from there. */
  if (kith_focus_is_in (self->asker))
    kith_hit_list_open_first (self, self->asker);
  else
    kith_hit_list_wait_no_more (self);
}

/* --- Rows ----------------------------------------------------------------------------------- */

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithHitList *self = user_data;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *child = kith_hit_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  kith_hit_row_set_hit (KITH_HIT_ROW (child), item, kith_hit_search_is_everywhere (self->search));

  return row;
}

static void
row_activated_cb (KithHitList *self, GtkListBoxRow *row)
{
  KithHitRow *child = KITH_HIT_ROW (gtk_list_box_row_get_child (row));

  g_signal_emit (self, signals[SIGNAL_OPENED], 0, kith_hit_row_get_hit (child));
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

  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  if (self->list_box != NULL)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  g_clear_object (&self->search);
  g_clear_weak_pointer (&self->asker);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_HIT_LIST);

  G_OBJECT_CLASS (kith_hit_list_parent_class)->dispose (object);
}

static void
kith_hit_list_class_init (KithHitListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_hit_list_dispose;

  signals[SIGNAL_OPENED] = g_signal_new ("opened", KITH_TYPE_HIT_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, KITH_TYPE_SEARCH_HIT);
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
  gtk_widget_init_template (GTK_WIDGET (self));

  self->search = kith_hit_search_new ();
  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->search), create_row_cb, self, NULL);
  g_signal_connect_object (self->search, "changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * kith_hit_list_search:
 * @self: a list
 * @node: who searches
 * @conversation: (nullable): where; %NULL for everywhere
 * @text: what for
 *
 * Searches instead of what was searched for before.
 *
 * Returns: %FALSE when that is what it has searched for already
 */
gboolean
kith_hit_list_search (KithHitList *self, KithNode *node, KithConversation *conversation,
                      const char *text)
{
  g_return_val_if_fail (KITH_IS_HIT_LIST (self), FALSE);

  if (!kith_hit_search_start (self->search, node, conversation, text))
    return FALSE;

  kith_hit_list_wait_no_more (self);

  return TRUE;
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

  kith_hit_list_wait_no_more (self);
  kith_hit_search_clear (self->search);
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

  kith_hit_search_load_more (self->search);
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

  return count_hits (self);
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
 * @asker: where Enter was pressed
 *
 * Opens the newest hit, if there is one: as soon as it has come, unless something else is searched for before, or the
 * focus is not in @asker any more.
 */
void
kith_hit_list_open_first (KithHitList *self, GtkWidget *asker)
{
  GtkListBoxRow *row;

  g_return_if_fail (KITH_IS_HIT_LIST (self));

  if (kith_hit_search_is_waiting (self->search))
    {
      g_set_weak_pointer (&self->asker, asker);
      return;
    }

  kith_hit_list_wait_no_more (self);
  row = gtk_list_box_get_row_at_index (self->list_box, 0);
  if (row != NULL)
    row_activated_cb (self, row);
}

/**
 * kith_hit_list_wait_no_more:
 * @self: a list
 *
 * The words have changed: what is searched for still comes, but nothing of it is opened by itself.
 */
void
kith_hit_list_wait_no_more (KithHitList *self)
{
  g_return_if_fail (KITH_IS_HIT_LIST (self));

  g_clear_weak_pointer (&self->asker);
}
