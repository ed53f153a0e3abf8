/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-writing-group.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-dictionary.h"

struct _KithWritingGroup
{
  AdwPreferencesGroup parent_instance;

  AdwActionRow *spelling_row;
  GtkSwitch *spelling_switch;
  AdwActionRow *words_row;

  KithNode *node;    /* (owned) (nullable) */
  gboolean updating; /* the rows are being set by us */
};

G_DEFINE_FINAL_TYPE (KithWritingGroup, kith_writing_group, ADW_TYPE_PREFERENCES_GROUP)

/* Without a dictionary there is nothing to switch. */
static void
update (KithWritingGroup *self)
{
  g_autofree char *language = kith_dictionary_dup_default_language ();
  g_autofree char *words = NULL;
  const char *added = kith_node_get_setting (self->node, KITH_SETTING_SPELLING_WORDS);

  words = language != NULL
              /* Translators: a language such as "en_US" */
              ? g_strdup_printf (_("Misspelled words are underlined (%s)"), language)
              : g_strdup (_("No dictionary of your language is installed"));
  self->updating = TRUE;
  adw_action_row_set_subtitle (self->spelling_row, words);
  gtk_widget_set_sensitive (GTK_WIDGET (self->spelling_row), language != NULL);
  gtk_switch_set_active (self->spelling_switch,
                         language != NULL
                             && kith_node_get_setting_int (self->node, KITH_SETTING_SPELLING) != 0);
  adw_action_row_set_subtitle (self->words_row, added != NULL ? added : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words_row), added != NULL && *added != '\0');
  self->updating = FALSE;
}

static void
switched_cb (KithWritingGroup *self)
{
  if (self->node != NULL && !self->updating)
    kith_node_set_setting_int (self->node, KITH_SETTING_SPELLING,
                               gtk_switch_get_active (self->spelling_switch));
}

static void
forget_words_cb (KithWritingGroup *self)
{
  kith_node_set_setting (self->node, KITH_SETTING_SPELLING_WORDS, "");
  update (self);
}

static void
kith_writing_group_dispose (GObject *object)
{
  g_clear_object (&KITH_WRITING_GROUP (object)->node);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_WRITING_GROUP);

  G_OBJECT_CLASS (kith_writing_group_parent_class)->dispose (object);
}

static void
kith_writing_group_class_init (KithWritingGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_writing_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-writing-group.ui");
  gtk_widget_class_bind_template_child (widget_class, KithWritingGroup, spelling_row);
  gtk_widget_class_bind_template_child (widget_class, KithWritingGroup, spelling_switch);
  gtk_widget_class_bind_template_child (widget_class, KithWritingGroup, words_row);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_words_cb);
}

static void
kith_writing_group_init (KithWritingGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_writing_group_set_node:
 * @self: a group
 * @node: whose settings; set once
 */
void
kith_writing_group_set_node (KithWritingGroup *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_WRITING_GROUP (self) && self->node == NULL);

  self->node = g_object_ref (node);
  update (self);
}
