/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-preferences.h"

#include <glib/gi18n.h>

#include "base/kith-sleep-watch.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-appearance-group.h"
#include "ui/dialogs/kith-backup-dialog.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/dialogs/kith-erase-dialog.h"
#include "ui/dialogs/kith-files-group.h"
#include "ui/dialogs/kith-network-page.h"
#include "ui/dialogs/kith-notifications-page.h"
#include "ui/dialogs/kith-passphrase-dialog.h"
#include "ui/dialogs/kith-preferences-pages.h"
#include "ui/dialogs/kith-privacy-page.h"
#include "ui/dialogs/kith-profile-dialog.h"
#include "ui/dialogs/kith-storage-group.h"
#include "ui/dialogs/kith-writing-group.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-launch.h"
#include "ui/kith-profile-list.h"
#include "ui/kith-toast.h"

#define MINUTE_S 60
#define HOUR_MINUTES 60

struct _KithPreferences
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  KithPreferencesPages *pages;
  GtkWidget *passphrase_group;
  GtkWidget *set_row;
  GtkWidget *change_row;
  GtkWidget *remove_row;
  GtkWidget *lock_group;
  AdwActionRow *suspend_row;
  AdwComboRow *lock_row;
  GtkSwitch *suspend_switch;
  GtkWidget *backup_group;
  GtkWidget *erase_group;
  GtkWidget *memory_group;
  AdwActionRow *path_row;
  KithStorageGroup *storage_group;
  AdwActionRow *name_row;
  KithProfileList *profile_list;
  KithPrivacyPage *privacy_page;
  KithNetworkPage *network_page;
  KithNotificationsPage *notifications_page;
  KithAppearanceGroup *appearance_group;
  KithWritingGroup *writing_group;
  KithFilesGroup *files_group;

  KithProfileFolder *folder; /* (owned) (nullable) */
  KithNode *node;            /* (owned) */
  GCancellable *cancellable; /* (owned) of what is asked about the system */
  GArray *minutes;           /* (owned) (element-type int) what each choice of lock_row stands for; 0 = never */
};

enum
{
  SIGNAL_LOCK_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithPreferences, kith_preferences, ADW_TYPE_WINDOW)

static void
toast (KithPreferences *self, const char *words)
{
  kith_toast_show (self->toast_overlay, words);
}

static void
update (KithPreferences *self)
{
  gboolean has_folder = self->folder != NULL;
  gboolean has_passphrase
      = has_folder && kith_profile_folder_get_has_passphrase (self->folder);

  gtk_widget_set_visible (self->passphrase_group, has_folder);
  gtk_widget_set_visible (self->set_row, !has_passphrase);
  gtk_widget_set_visible (self->change_row, has_passphrase);
  gtk_widget_set_visible (self->remove_row, has_passphrase);
  gtk_widget_set_sensitive (self->lock_group, has_passphrase);
  gtk_widget_set_visible (self->backup_group, has_folder);
  gtk_widget_set_visible (self->erase_group, has_folder);
  gtk_widget_set_visible (self->memory_group, !has_folder);
}

/* --- Security ------------------------------------------------------------------------------- */

static void
passphrase_done_cb (KithPreferences *self, const char *words)
{
  update (self);
  toast (self, words);
  g_signal_emit (self, signals[SIGNAL_LOCK_CHANGED], 0);
}

static void
show_passphrase_dialog (KithPreferences *self, KithPassphraseTask task)
{
  GtkWidget *dialog = kith_passphrase_dialog_new (GTK_WINDOW (self), self->folder, task);

  g_signal_connect_object (dialog, "changed", G_CALLBACK (passphrase_done_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
set_passphrase_cb (KithPreferences *self)
{
  show_passphrase_dialog (self, KITH_PASSPHRASE_SET);
}

static void
change_passphrase_cb (KithPreferences *self)
{
  show_passphrase_dialog (self, KITH_PASSPHRASE_CHANGE);
}

static void
remove_passphrase_cb (KithPreferences *self)
{
  show_passphrase_dialog (self, KITH_PASSPHRASE_REMOVE);
}

static void
append_minutes (KithPreferences *self, GtkStringList *list, int minutes)
{
  g_autofree char *words = NULL;

  if (minutes == 0)
    words = g_strdup (_("Never"));
  else if (minutes % HOUR_MINUTES == 0)
    words = kith_format_duration ((guint32) minutes * MINUTE_S);
  else
    /* Translators: a time span */
    words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", (gulong) minutes),
                             (guint) minutes);

  gtk_string_list_append (list, words);
  g_array_append_val (self->minutes, minutes);
}

/* What was set by other means, or by an older version, can stay. */
static void
show_minutes (KithPreferences *self, int minutes)
{
  static const int usual[] = { 0, 1, 5, 15, 30, 60 };
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint selected = G_N_ELEMENTS (usual);

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      append_minutes (self, list, usual[i]);
      if (usual[i] == minutes)
        selected = i;
    }
  if (selected == G_N_ELEMENTS (usual))
    append_minutes (self, list, minutes);

  adw_combo_row_set_model (self->lock_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->lock_row, selected);
}

static void
minutes_changed_cb (KithPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->lock_row);

  if (self->node == NULL || selected >= self->minutes->len)
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_AUTO_LOCK_MINUTES, g_array_index (self->minutes, int, selected));
  g_signal_emit (self, signals[SIGNAL_LOCK_CHANGED], 0);
}

static void
suspend_changed_cb (KithPreferences *self)
{
  if (self->node == NULL)
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_LOCK_ON_SUSPEND,
                             gtk_switch_get_active (self->suspend_switch));
  g_signal_emit (self, signals[SIGNAL_LOCK_CHANGED], 0);
}

/* The setting stays, for a system where it has an effect: profiles are carried about. */
static void
asked_system_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPreferences) self = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_sleep_watch_ask_system_finish (result, &error)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_debug ("No word of sleep: %s", error->message);
  adw_action_row_set_subtitle (self->suspend_row,
                               _("Not possible here: the system does not tell Kith when it goes to sleep"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->suspend_row), FALSE);
  g_signal_handlers_block_by_func (self->suspend_switch, suspend_changed_cb, self);
  gtk_switch_set_active (self->suspend_switch, FALSE);
  g_signal_handlers_unblock_by_func (self->suspend_switch, suspend_changed_cb, self);
}

/* --- Storage and profiles ---------------------------------------------------------------------- */

static void
backup_cb (KithPreferences *self)
{
  gtk_window_present (GTK_WINDOW (kith_backup_dialog_new (GTK_WINDOW (self), self->folder)));
}

static void
erase_cb (KithPreferences *self)
{
  gtk_window_present (GTK_WINDOW (kith_erase_dialog_new (GTK_WINDOW (self), self->folder)));
}

static void
profile_cb (KithPreferences *self)
{
  gtk_window_present (GTK_WINDOW (kith_profile_dialog_new (GTK_WINDOW (self), self->node)));
}

static void
profile_chosen_cb (KithPreferences *self, const char *path, gboolean restore)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_launch_profile (path, restore ? KITH_LAUNCH_RESTORE : 0, NULL, &error))
    return;

  words = kith_explain_error (error);
  toast (self, words);
}

/* --- Network -------------------------------------------------------------------------------- */

static void
check_cb (KithPreferences *self)
{
  gtk_window_present (GTK_WINDOW (kith_doctor_dialog_new (GTK_WINDOW (self), self->node, NULL)));
}

static void
kith_preferences_dispose (GObject *object)
{
  KithPreferences *self = KITH_PREFERENCES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->folder);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_PREFERENCES);

  G_OBJECT_CLASS (kith_preferences_parent_class)->dispose (object);
}

static void
kith_preferences_finalize (GObject *object)
{
  g_array_unref (KITH_PREFERENCES (object)->minutes);

  G_OBJECT_CLASS (kith_preferences_parent_class)->finalize (object);
}

static void
kith_preferences_class_init (KithPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_preferences_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_preferences_finalize;

  signals[SIGNAL_LOCK_CHANGED] = g_signal_new ("lock-changed", KITH_TYPE_PREFERENCES,
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                               0);

  g_type_ensure (KITH_TYPE_APPEARANCE_GROUP);
  g_type_ensure (KITH_TYPE_FILES_GROUP);
  g_type_ensure (KITH_TYPE_NETWORK_PAGE);
  g_type_ensure (KITH_TYPE_NOTIFICATIONS_PAGE);
  g_type_ensure (KITH_TYPE_PREFERENCES_PAGES);
  g_type_ensure (KITH_TYPE_PRIVACY_PAGE);
  g_type_ensure (KITH_TYPE_PROFILE_LIST);
  g_type_ensure (KITH_TYPE_STORAGE_GROUP);
  g_type_ensure (KITH_TYPE_WRITING_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-preferences.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, pages);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, passphrase_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, set_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, change_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, remove_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, lock_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, suspend_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, lock_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, suspend_switch);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, backup_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, erase_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, memory_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, path_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, storage_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, profile_list);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, privacy_page);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, network_page);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, notifications_page);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, appearance_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, writing_group);
  gtk_widget_class_bind_template_child (widget_class, KithPreferences, files_group);
  gtk_widget_class_bind_template_callback (widget_class, set_passphrase_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_passphrase_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_passphrase_cb);
  gtk_widget_class_bind_template_callback (widget_class, minutes_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, suspend_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, backup_cb);
  gtk_widget_class_bind_template_callback (widget_class, erase_cb);
  gtk_widget_class_bind_template_callback (widget_class, profile_cb);
  gtk_widget_class_bind_template_callback (widget_class, profile_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, toast);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
}

static void
kith_preferences_init (KithPreferences *self)
{
  self->cancellable = g_cancellable_new ();
  self->minutes = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_preferences_new:
 * @parent: the window they belong to
 * @folder: (nullable): its profile; none when everything is in memory
 * @node: whose settings
 *
 * Returns: (transfer none): the preferences, to be presented
 */
GtkWidget *
kith_preferences_new (GtkWindow *parent, KithProfileFolder *folder, KithNode *node)
{
  KithPreferences *self = g_object_new (KITH_TYPE_PREFERENCES, "transient-for", parent, NULL);
  const char *path = folder != NULL ? kith_profile_folder_get_path (folder) : NULL;

  show_minutes (self, kith_node_get_setting_int (node, KITH_SETTING_AUTO_LOCK_MINUTES));
  gtk_switch_set_active (self->suspend_switch,
                         kith_node_get_setting_int (node, KITH_SETTING_LOCK_ON_SUSPEND) != 0);

  /* What is set from here on is the user's wish. */
  g_set_object (&self->folder, folder);
  self->node = g_object_ref (node);
  adw_action_row_set_subtitle (self->path_row, path != NULL ? path : "");
  g_object_bind_property (kith_node_get_profile (node), "name", self->name_row, "title",
                          G_BINDING_SYNC_CREATE);
  kith_profile_list_refresh (self->profile_list, path, NULL);
  kith_storage_group_set_node (self->storage_group, node, path);
  kith_privacy_page_set_node (self->privacy_page, node);
  kith_network_page_set_node (self->network_page, node);
  kith_notifications_page_set_node (self->notifications_page, node, path);
  kith_appearance_group_set_node (self->appearance_group, node);
  kith_writing_group_set_node (self->writing_group, node);
  kith_files_group_set_node (self->files_group, node);
  update (self);
  kith_sleep_watch_ask_system_async (self->cancellable, asked_system_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}

/**
 * kith_preferences_show_page:
 * @self: preferences
 * @name: "profile", "privacy", "security", "network", "notifications", "appearance" or "storage"
 *
 * Brings that page before the user.
 *
 * For tests alone.
 */
void
kith_preferences_show_page (KithPreferences *self, const char *name)
{
  g_return_if_fail (KITH_IS_PREFERENCES (self));

  kith_preferences_pages_show (self->pages, name);
}
