/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-general-page.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-appearance-group.h"
#include "ui/dialogs/kith-files-group.h"
#include "ui/kith-background.h"
#include "ui/kith-dictionary.h"

struct _KithGeneralPage
{
  AdwPreferencesPage parent_instance;

  KithAppearanceGroup *appearance_group;
  KithFilesGroup *files_group;
  GtkSwitch *notify_switch;
  GtkWidget *text_row;
  GtkSwitch *text_switch;
  AdwActionRow *spelling_row;
  GtkSwitch *spelling_switch;
  AdwActionRow *words_row;
  GtkWidget *background_group;
  GtkSwitch *background_switch;
  AdwActionRow *login_row;
  GtkSwitch *login_switch;

  KithNode *node;     /* (owned) (nullable) */
  char *profile_path; /* (owned) (nullable) */
  gboolean updating;  /* the rows are being set by us */
};

enum
{
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithGeneralPage, kith_general_page, ADW_TYPE_PREFERENCES_PAGE)

/* Without a dictionary there is nothing to switch. */
static void
show_spelling (KithGeneralPage *self)
{
  g_autofree char *language = kith_dictionary_dup_default_language ();
  g_autofree char *words = NULL;
  const char *added = kith_node_get_setting (self->node, KITH_SETTING_SPELLING_WORDS);

  words = language != NULL
              /* Translators: a language such as "en_US" */
              ? g_strdup_printf (_("Misspelt words are underlined (%s)"), language)
              : g_strdup (_("No dictionary of your language is installed"));
  adw_action_row_set_subtitle (self->spelling_row, words);
  gtk_widget_set_sensitive (GTK_WIDGET (self->spelling_row), language != NULL);
  gtk_switch_set_active (self->spelling_switch,
                         language != NULL
                             && kith_node_get_setting_int (self->node, KITH_SETTING_SPELLING, 1) != 0);
  adw_action_row_set_subtitle (self->words_row, added != NULL ? added : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words_row), added != NULL && *added != '\0');
}

static void
update (KithGeneralPage *self)
{
  gboolean notify = kith_node_get_setting_int (self->node, KITH_SETTING_NOTIFY, 1) != 0;
  gboolean can_start = kith_background_can_autostart (self->profile_path);

  self->updating = TRUE;
  gtk_switch_set_active (self->notify_switch, notify);
  gtk_widget_set_sensitive (self->text_row, notify);
  gtk_switch_set_active (self->text_switch,
                         kith_node_get_setting_int (self->node, KITH_SETTING_NOTIFY_TEXT, 1) != 0);

  show_spelling (self);

  gtk_widget_set_visible (self->background_group, self->profile_path != NULL);
  gtk_switch_set_active (self->background_switch,
                         kith_node_get_setting_int (self->node, KITH_SETTING_BACKGROUND, 0) != 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->login_row), can_start);
  gtk_switch_set_active (self->login_switch,
                         can_start && kith_background_get_autostart (self->node));
  if (!can_start)
    adw_action_row_set_subtitle (self->login_row, _("Not for a profile that is kept elsewhere"));
  self->updating = FALSE;
}

static void
switched_cb (KithGeneralPage *self)
{
  if (self->node == NULL || self->updating)
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_NOTIFY,
                             gtk_switch_get_active (self->notify_switch));
  kith_node_set_setting_int (self->node, KITH_SETTING_NOTIFY_TEXT,
                             gtk_switch_get_active (self->text_switch));
  update (self);
}

static void
spelling_switched_cb (KithGeneralPage *self)
{
  if (self->node != NULL && !self->updating)
    kith_node_set_setting_int (self->node, KITH_SETTING_SPELLING,
                               gtk_switch_get_active (self->spelling_switch));
}

static void
forget_words_cb (KithGeneralPage *self)
{
  kith_node_set_setting (self->node, KITH_SETTING_SPELLING_WORDS, "");
  update (self);
}

static void
background_switched_cb (KithGeneralPage *self)
{
  if (self->node != NULL && !self->updating)
    kith_node_set_setting_int (self->node, KITH_SETTING_BACKGROUND,
                               gtk_switch_get_active (self->background_switch));
}

static void
login_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGeneralPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kith_background_set_autostart_finish (KITH_NODE (source), result, &error);

  if (self->node == NULL)
    return;

  if (!done)
    {
      /* Translators: why follows, in the words of the system */
      g_autofree char *words = g_strdup_printf (_("That could not be set: %s"), error->message);

      g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
    }
  update (self);
}

static void
login_switched_cb (KithGeneralPage *self)
{
  if (self->node != NULL && !self->updating)
    kith_background_set_autostart_async (self->node, self->profile_path,
                                         gtk_switch_get_active (self->login_switch), login_set_cb,
                                         g_object_ref (self));
}

static void
kith_general_page_dispose (GObject *object)
{
  KithGeneralPage *self = KITH_GENERAL_PAGE (object);

  g_clear_object (&self->node);
  g_clear_pointer (&self->profile_path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_GENERAL_PAGE);

  G_OBJECT_CLASS (kith_general_page_parent_class)->dispose (object);
}

static void
kith_general_page_class_init (KithGeneralPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_general_page_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_GENERAL_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_APPEARANCE_GROUP);
  g_type_ensure (KITH_TYPE_FILES_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-general-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, appearance_group);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, files_group);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, notify_switch);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, text_row);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, text_switch);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, spelling_row);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, spelling_switch);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, words_row);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, background_group);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, background_switch);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, login_row);
  gtk_widget_class_bind_template_child (widget_class, KithGeneralPage, login_switch);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, spelling_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_words_cb);
  gtk_widget_class_bind_template_callback (widget_class, background_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, login_switched_cb);
}

static void
kith_general_page_init (KithGeneralPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_general_page_set_node:
 * @self: a page
 * @node: whose settings; set once
 * @profile_path: (nullable): the folder of its profile; none when everything is in memory
 */
void
kith_general_page_set_node (KithGeneralPage *self, KithNode *node, const char *profile_path)
{
  g_return_if_fail (KITH_IS_GENERAL_PAGE (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  self->profile_path = g_strdup (profile_path);
  kith_appearance_group_set_node (self->appearance_group, node);
  kith_files_group_set_node (self->files_group, node);
  update (self);
}
