/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sidebar-row.h"

#include "ui/kith-conversation-row.h"
#include "ui/kith-hit-row.h"
#include "ui/kith-list-heading.h"

struct _KithSidebarRow
{
  GtkBox parent_instance;

  GtkWidget *heading; /* (nullable) */
  char *words;        /* (owned) (nullable) of the heading */
  guint count;        /* in the heading */
  GtkWidget *content; /* (nullable) a KithConversationRow or a KithHitRow */
  GObject *item;      /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithSidebarRow, kith_sidebar_row, GTK_TYPE_BOX)

static void
kith_sidebar_row_dispose (GObject *object)
{
  KithSidebarRow *self = KITH_SIDEBAR_ROW (object);

  g_clear_object (&self->item);

  G_OBJECT_CLASS (kith_sidebar_row_parent_class)->dispose (object);
}

static void
kith_sidebar_row_finalize (GObject *object)
{
  KithSidebarRow *self = KITH_SIDEBAR_ROW (object);

  g_free (self->words);

  G_OBJECT_CLASS (kith_sidebar_row_parent_class)->finalize (object);
}

static void
kith_sidebar_row_class_init (KithSidebarRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_sidebar_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_sidebar_row_finalize;
}

static void
kith_sidebar_row_init (KithSidebarRow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
}

GtkWidget *
kith_sidebar_row_new (void)
{
  return g_object_new (KITH_TYPE_SIDEBAR_ROW, NULL);
}

/* Makes what can show an item of that kind, unless it is there already. */
static void
prepare_content (KithSidebarRow *self, GType type)
{
  if (self->content != NULL && G_OBJECT_TYPE (self->content) == type)
    return;

  if (self->content != NULL)
    gtk_box_remove (GTK_BOX (self), self->content);
  self->content = g_object_new (type, NULL);
  gtk_widget_add_css_class (self->content, "content");
  gtk_box_append (GTK_BOX (self), self->content);
}

/**
 * kith_sidebar_row_set_item:
 * @self: a row, in the list where it belongs
 * @item: (nullable): a #KithConversation, a #KithRequest or a #KithSearchHit
 */
void
kith_sidebar_row_set_item (KithSidebarRow *self, GObject *item)
{
  g_return_if_fail (KITH_IS_SIDEBAR_ROW (self));

  g_set_object (&self->item, item);
  if (KITH_IS_SEARCH_HIT (item))
    {
      prepare_content (self, KITH_TYPE_HIT_ROW);
      kith_hit_row_set_hit (KITH_HIT_ROW (self->content), KITH_SEARCH_HIT (item), TRUE);
    }
  else if (item != NULL)
    {
      prepare_content (self, KITH_TYPE_CONVERSATION_ROW);
      kith_conversation_row_set_item (KITH_CONVERSATION_ROW (self->content), item);
    }
  else if (KITH_IS_CONVERSATION_ROW (self->content))
    {
      kith_conversation_row_set_item (KITH_CONVERSATION_ROW (self->content), NULL);
    }
}

/**
 * kith_sidebar_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it shows
 */
GObject *
kith_sidebar_row_get_item (KithSidebarRow *self)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR_ROW (self), NULL);

  return self->item;
}

/**
 * kith_sidebar_row_set_open:
 * @self: a row
 * @is_open: whether its item stands beside the list
 */
void
kith_sidebar_row_set_open (KithSidebarRow *self, gboolean is_open)
{
  g_return_if_fail (KITH_IS_SIDEBAR_ROW (self));

  if (KITH_IS_CONVERSATION_ROW (self->content))
    kith_conversation_row_set_open (KITH_CONVERSATION_ROW (self->content), is_open);
}

/**
 * kith_sidebar_row_set_heading:
 * @self: a row
 * @words: (nullable): what the part is that begins here; %NULL for none
 * @count: how many want attention there; 0 shows none
 */
void
kith_sidebar_row_set_heading (KithSidebarRow *self, const char *words, guint count)
{
  g_return_if_fail (KITH_IS_SIDEBAR_ROW (self));

  if (g_strcmp0 (self->words, words) == 0 && self->count == count)
    return;

  g_free (self->words);
  self->words = g_strdup (words);
  self->count = count;
  if (self->heading != NULL)
    gtk_box_remove (GTK_BOX (self), self->heading);
  self->heading = words != NULL ? kith_list_heading_new (words, count) : NULL;
  if (self->heading != NULL)
    gtk_box_prepend (GTK_BOX (self), self->heading);
}
