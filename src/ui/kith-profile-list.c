/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "node/kith-explain.h"
#include "ui/kith-profile-list.h"

#include <glib/gi18n.h>

#include "node/kith-profile-folder.h"
#include "ui/kith-decoration.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-format.h"
#include "ui/kith-question.h"

struct _KithProfileList
{
  AdwBin parent_instance;

  GtkListBox *list_box;
  gboolean restore;  /* what the name is asked for */
  char *chosen_path; /* (owned) (nullable): of the one that is chosen as soon as nothing is in the way */
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithProfileList, kith_profile_list, ADW_TYPE_BIN)

static void
choose (KithProfileList *self, const char *path, gboolean restore)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, path, restore);
}

static gboolean
choose_cb (gpointer user_data)
{
  KithProfileList *self = user_data;
  g_autofree char *path = g_steal_pointer (&self->chosen_path);

  if (path != NULL)
    choose (self, path, self->restore);
  return G_SOURCE_REMOVE;
}

/* As soon as a dialog is gone: choosing closes the window that it belongs to. And as soon as a click is over, which takes
 * the focus. @path: (transfer full) (nullable) */
static void
choose_soon (KithProfileList *self, char *path)
{
  g_free (self->chosen_path);
  self->chosen_path = path;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, choose_cb, g_object_ref (self), g_object_unref);
}

static void
row_activated_cb (KithProfileList *self, GtkListBoxRow *row)
{
  self->restore = FALSE;
  choose_soon (self, g_strdup (g_object_get_data (G_OBJECT (row), "path")));
}

static GtkWidget *
make_image (const char *icon_name, const char *words)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (image, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return image;
}

static GtkWidget *
make_row (KithProfileEntry *entry, gboolean is_current)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *time = NULL;
  g_autofree char *subtitle = NULL;

  if (entry->used_ms > 0)
    {
      time = kith_format_full_time (entry->used_ms);
      /* Translators: a day and a time */
      subtitle = g_strdup_printf (_("Last used: %s"), time);
    }

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), entry->label);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (entry->has_passphrase)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               make_image ("system-lock-screen-symbolic", _("Has a passphrase")));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             is_current
                               /* Translators: of one in the list of profiles */
                               ? make_image ("object-select-symbolic", _("The one you come from"))
                               : kith_decoration_new ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (entry->path), g_free);

  return row;
}

/* --- A new one ------------------------------------------------------------------------------ */

static void
label_changed_cb (AdwMessageDialog *dialog, GtkEditable *row)
{
  g_autoptr (GError) error = NULL;
  const char *label = gtk_editable_get_text (row);
  g_autofree char *path = kith_profile_folder_dup_path_for (label, &error);
  g_autofree char *words = NULL;
  gboolean good = path != NULL;

  adw_message_dialog_set_response_enabled (dialog, "open", good);
  words = !good && *label != '\0' ? kith_explain_error (error) : NULL;
  kith_entry_state_show (GTK_WIDGET (row), words, g_object_get_data (G_OBJECT (dialog), "complaint"));
}

static void
label_response_cb (AdwMessageDialog *dialog, const char *response, KithProfileList *self)
{
  GtkEditable *row = g_object_get_data (G_OBJECT (dialog), "row");

  if (!g_str_equal (response, "open"))
    return;

  choose_soon (self, kith_profile_folder_dup_path_for (gtk_editable_get_text (row), NULL));
}

static void
ask_label (KithProfileList *self, gboolean restore)
{
  AdwMessageDialog *dialog = kith_question_new (
      GTK_WIDGET (self), restore ? _("Restore into a New Profile") : _("New Profile"),
      _("A profile has an identity, contacts and messages of its own. Give it a name that you "
        "recognize; nobody else sees it."),
      /* Translators: a button */
      "open", _("_Continue"), ADW_RESPONSE_SUGGESTED);
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *label = kith_entry_state_new_label ();
  GtkWidget *group = adw_preferences_group_new ();

  self->restore = restore;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Name of the Profile"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), label);
  adw_message_dialog_set_extra_child (dialog, group);
  adw_message_dialog_set_response_enabled (dialog, "open", FALSE);
  g_object_set_data (G_OBJECT (dialog), "row", row);
  g_object_set_data (G_OBJECT (dialog), "complaint", label);
  g_signal_connect_object (row, "changed", G_CALLBACK (label_changed_cb), dialog, G_CONNECT_SWAPPED);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (label_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
new_cb (KithProfileList *self)
{
  ask_label (self, FALSE);
}

static void
restore_cb (KithProfileList *self)
{
  ask_label (self, TRUE);
}

static void
kith_profile_list_dispose (GObject *object)
{
  g_clear_pointer (&KITH_PROFILE_LIST (object)->chosen_path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_PROFILE_LIST);

  G_OBJECT_CLASS (kith_profile_list_parent_class)->dispose (object);
}

static void
kith_profile_list_class_init (KithProfileListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_profile_list_dispose;

  signals[SIGNAL_CHOSEN]
      = g_signal_new ("chosen", KITH_TYPE_PROFILE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-profile-list.ui");
  gtk_widget_class_bind_template_child (widget_class, KithProfileList, list_box);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_cb);
  gtk_widget_class_bind_template_callback (widget_class, restore_cb);
}

static void
kith_profile_list_init (KithProfileList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer full): the profiles; first @current, which may be carried about */
static GPtrArray *
list_with (const char *current)
{
  GPtrArray *entries = kith_profile_folder_list ();
  KithProfileEntry *entry;

  for (guint i = 0; i < entries->len; i++)
    if (g_strcmp0 (((KithProfileEntry *) g_ptr_array_index (entries, i))->path, current) == 0)
      return entries;

  entry = current != NULL ? kith_profile_entry_read (current) : NULL;
  if (entry != NULL)
    g_ptr_array_insert (entries, 0, entry);
  return entries;
}

/**
 * kith_profile_list_refresh:
 * @self: a list
 * @without: (nullable): the profile to leave out, because it is open here
 * @current: (nullable): the profile to mark, also where it lies elsewhere
 *
 * Looks again which profiles there are.
 */
void
kith_profile_list_refresh (KithProfileList *self, const char *without, const char *current)
{
  g_autoptr (GPtrArray) entries = list_with (current);
  GtkWidget *child;
  guint n_shown = 0;

  g_return_if_fail (KITH_IS_PROFILE_LIST (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list_box))) != NULL)
    gtk_list_box_remove (self->list_box, child);

  for (guint i = 0; i < entries->len; i++)
    {
      KithProfileEntry *entry = g_ptr_array_index (entries, i);

      if (g_strcmp0 (entry->path, without) == 0)
        continue;
      gtk_list_box_append (self->list_box, make_row (entry, g_strcmp0 (entry->path, current) == 0));
      n_shown++;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->list_box), n_shown > 0);
}
