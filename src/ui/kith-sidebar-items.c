/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sidebar-items.h"

#include "model/kith-conversation-filter.h"
#include "model/kith-names.h"
#include "ui/kith-format.h"

/* Who was here within the last hour changes with time alone. */
#define REFRESH_S 60

struct _KithSidebarItems
{
  GObject parent_instance;

  KithNode *node;            /* (owned) */
  char *sort;                /* (owned) */
  KithConversationFilter choice;
  char *search;              /* (owned) */
  GObject *open;             /* (owned) (nullable) */
  GtkCustomFilter *filter;   /* (owned by items) */
  GtkCustomSorter *sorter;   /* (owned by items) */
  GtkFilterListModel *items; /* (owned) */
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (KithSidebarItems, kith_sidebar_items, G_TYPE_OBJECT)

/* --- Choice --------------------------------------------------------------------------------- */

static gboolean
passes_filter (KithSidebarItems *self, KithConversation *conversation)
{
  KithContact *contact = kith_conversation_get_contact (conversation);
  gboolean blocked = contact != NULL && kith_contact_get_blocked (contact);

  /* What is open does not vanish before the user's eyes. */
  if (G_OBJECT (conversation) == self->open && !blocked)
    return TRUE;
  /* Who is blocked is found among the former contacts alone. */
  if (*self->search != '\0' && !blocked)
    return TRUE;

  return kith_conversation_passes (conversation, self->choice, kith_format_now_ms ());
}

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  KithSidebarItems *self = user_data;
  const char *name = KITH_IS_CONVERSATION (item) ? kith_conversation_get_title (item)
                                                 : kith_request_get_name (item);

  if (KITH_IS_CONVERSATION (item) && !passes_filter (self, item))
    return FALSE;

  return kith_names_match (name, self->search);
}

static void
filter_again (KithSidebarItems *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/* --- Order ---------------------------------------------------------------------------------- */

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  KithSidebarItems *self = user_data;
  gboolean pinned_a = kith_conversation_get_pinned ((KithConversation *) a);
  gboolean pinned_b = kith_conversation_get_pinned ((KithConversation *) b);

  if (pinned_a != pinned_b)
    return pinned_a ? -1 : 1;

  /* The node has them by activity. */
  if (!g_str_equal (self->sort, "name"))
    return 0;

  return kith_names_compare (kith_conversation_get_title ((KithConversation *) a),
                             kith_conversation_get_title ((KithConversation *) b));
}

static void
sort_again (KithSidebarItems *self)
{
  gtk_sorter_changed (GTK_SORTER (self->sorter), GTK_SORTER_CHANGE_DIFFERENT);
}

/* --- Changes -------------------------------------------------------------------------------- */

static void
contact_changed_cb (KithSidebarItems *self, KithContact *contact, const char *change)
{
  gboolean by_presence = self->choice == KITH_FILTER_ONLINE || self->choice == KITH_FILTER_LAST_HOUR;

  /* These come often. */
  if (g_str_equal (change, "typing") || (g_str_equal (change, "presence") && !by_presence))
    return;

  filter_again (self);
  sort_again (self);
}

static void
unread_changed_cb (KithSidebarItems *self)
{
  if (self->choice == KITH_FILTER_UNREAD)
    filter_again (self);
}

static void
follow (KithSidebarItems *self, KithConversation *conversation)
{
  /* One that has moved is connected already. */
  g_signal_handlers_disconnect_by_data (conversation, self);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (unread_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::marked-unread", G_CALLBACK (unread_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::archived", G_CALLBACK (filter_again), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::pinned", G_CALLBACK (sort_again), self,
                           G_CONNECT_SWAPPED);
}

static void
conversations_changed_cb (KithSidebarItems *self, guint position, guint removed, guint added,
                          GListModel *conversations)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      follow (self, conversation);
    }
}

static gboolean
refresh_cb (gpointer user_data)
{
  KithSidebarItems *self = user_data;

  if (self->choice == KITH_FILTER_LAST_HOUR)
    filter_again (self);

  return G_SOURCE_CONTINUE;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_sidebar_items_dispose (GObject *object)
{
  KithSidebarItems *self = KITH_SIDEBAR_ITEMS (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  /* Whoever still has the list must not be led back here. */
  if (self->items != NULL)
    {
      gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
      gtk_custom_sorter_set_sort_func (self->sorter, NULL, NULL, NULL);
    }
  g_clear_object (&self->items);
  g_clear_object (&self->open);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (kith_sidebar_items_parent_class)->dispose (object);
}

static void
kith_sidebar_items_finalize (GObject *object)
{
  KithSidebarItems *self = KITH_SIDEBAR_ITEMS (object);

  g_free (self->sort);
  g_free (self->search);

  G_OBJECT_CLASS (kith_sidebar_items_parent_class)->finalize (object);
}

static void
kith_sidebar_items_class_init (KithSidebarItemsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_sidebar_items_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_sidebar_items_finalize;
}

static void
kith_sidebar_items_init (KithSidebarItems *self)
{
  self->sort = g_strdup ("activity");
  self->search = g_strdup ("");
}

KithSidebarItems *
kith_sidebar_items_new (KithNode *node)
{
  KithSidebarItems *self = g_object_new (KITH_TYPE_SIDEBAR_ITEMS, NULL);
  GListModel *conversations = kith_node_get_conversations (node);
  GListStore *models = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkSortListModel) sorted = NULL;
  GtkFlattenListModel *all;

  self->node = g_object_ref (node);
  self->sorter = gtk_custom_sorter_new (compare_cb, self, NULL);
  sorted = gtk_sort_list_model_new (g_object_ref (conversations), GTK_SORTER (self->sorter));
  g_list_store_append (models, kith_node_get_requests (node));
  g_list_store_append (models, sorted);

  all = gtk_flatten_list_model_new (G_LIST_MODEL (models));
  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  self->items = gtk_filter_list_model_new (G_LIST_MODEL (all), GTK_FILTER (self->filter));

  g_signal_connect_object (conversations, "items-changed", G_CALLBACK (conversations_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "contact-changed", G_CALLBACK (contact_changed_cb), self,
                           G_CONNECT_SWAPPED);
  conversations_changed_cb (self, 0, 0, g_list_model_get_n_items (conversations), conversations);
  self->refresh_id = g_timeout_add_seconds (REFRESH_S, refresh_cb, self);

  return self;
}

GListModel *
kith_sidebar_items_get_model (KithSidebarItems *self)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR_ITEMS (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * kith_sidebar_items_has_archived:
 * @self: the items of a sidebar
 *
 * Returns: whether there are conversations that only the choice "archived" shows
 */
gboolean
kith_sidebar_items_has_archived (KithSidebarItems *self)
{
  GListModel *conversations;

  g_return_val_if_fail (KITH_IS_SIDEBAR_ITEMS (self), FALSE);

  conversations = kith_node_get_conversations (self->node);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      if (kith_conversation_get_archived (conversation))
        return TRUE;
    }

  return FALSE;
}

/* Returns: whether it is another text */
static gboolean
set_text (char **text, const char *value)
{
  if (g_str_equal (*text, value))
    return FALSE;

  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

void
kith_sidebar_items_set_sort (KithSidebarItems *self, const char *sort)
{
  g_return_if_fail (KITH_IS_SIDEBAR_ITEMS (self));

  if (set_text (&self->sort, sort))
    sort_again (self);
}

void
kith_sidebar_items_set_filter (KithSidebarItems *self, const char *filter)
{
  KithConversationFilter choice;

  g_return_if_fail (KITH_IS_SIDEBAR_ITEMS (self));

  kith_conversation_filter_find (filter, &choice);
  if (self->choice == choice)
    return;

  self->choice = choice;
  filter_again (self);
}

void
kith_sidebar_items_set_search (KithSidebarItems *self, const char *text)
{
  g_return_if_fail (KITH_IS_SIDEBAR_ITEMS (self));

  if (set_text (&self->search, text))
    filter_again (self);
}

void
kith_sidebar_items_set_open (KithSidebarItems *self, GObject *item)
{
  g_return_if_fail (KITH_IS_SIDEBAR_ITEMS (self));

  /* What was open so far may have to go. */
  if (g_set_object (&self->open, item))
    filter_again (self);
}

GObject *
kith_sidebar_items_get_neighbour (KithSidebarItems *self, GObject *item, int step)
{
  GListModel *model = G_LIST_MODEL (self->items);
  guint n = g_list_model_get_n_items (model);
  g_autoptr (GObject) found = NULL;
  guint at = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) other = g_list_model_get_item (model, i);

      if (other == item)
        at = i + (guint) step;
    }

  found = g_list_model_get_item (model, at);

  return found;
}
