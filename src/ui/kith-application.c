/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-application.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "node/kith-profile-folder.h"
#include "ui/dialogs/kith-help-dialog.h"
#include "ui/kith-activation-token.h"
#include "ui/kith-address-input.h"
#include "ui/kith-announcer.h"
#include "ui/kith-appearance.h"
#include "ui/kith-clock-setting.h"
#include "ui/kith-demo.h"
#include "ui/kith-desktop-name.h"
#include "ui/kith-dialog-actions.h"
#include "ui/kith-launch.h"
#include "ui/kith-network-options.h"
#include "ui/kith-notification-name.h"
#include "ui/kith-notification-target.h"
#include "ui/kith-notifier.h"
#include "ui/kith-toolkit-names.h"
#include "ui/kith-traceless.h"

struct _KithApplication
{
  AdwApplication parent_instance;

  KithDemo *demo;       /* (owned) (nullable) */
  char *name;           /* (owned) (nullable) --name */
  char *listen_address; /* (owned) (nullable) --listen */
  guint16 listen_port;
  KithNetworkOverride network;
  char *profile;        /* (owned) (nullable) --profile, or the usual one */
  gboolean is_chosen;   /* the user said which profile */
  gboolean is_ephemeral;
  gboolean wants_restore;
  GtkWindow *closing;   /* (weak) (nullable): Kith was started again while it closes */
  char *pending_link;   /* (owned) (nullable) to be opened when it has gone */
  GVariant *pending_target; /* (owned) (nullable) likewise, of a notification */
  GVariant *platform_data; /* (owned) (nullable) with which the bus has called what is being done */
  gboolean is_background; /* started by the desktop: no window unless there is something to ask */
  guint terminate_ids[2];
};

G_DEFINE_FINAL_TYPE (KithApplication, kith_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_("Be called NAME, instead of being asked on the first start"),
    /* Translators: on a command line: stands for what is to be given */
    N_("NAME") },
  { "listen", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_("Let friends reach you on this address and port only"),
    /* Translators: on a command line: stands for what is to be given */
    N_("ADDRESS:PORT") },
  { "profile", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Open the profile in the folder DIR"),
    /* Translators: on a command line: stands for a folder that is to be given */
    N_("DIR") },
  { "ephemeral", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Keep nothing: identity, contacts and messages are gone with the window"), NULL },
  { "restore", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  { "background", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Start without a window, unless there is a passphrase to ask for"), NULL },
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Show Ann and Ben, who chat with each other on this computer"), NULL },
  { "new-instance", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Start a second Kith beside one that runs already"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version and exit"), NULL },
  { "words", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  G_OPTION_ENTRY_NULL
};

/* --- Windows -------------------------------------------------------------------------------- */

/* Whether there are others than the usual profile. */
static gboolean
has_other_profiles (KithApplication *self)
{
  g_autoptr (GPtrArray) entries = kith_profile_folder_list ();

  for (guint i = 0; i < entries->len; i++)
    {
      KithProfileEntry *entry = g_ptr_array_index (entries, i);

      if (g_strcmp0 (entry->path, self->profile) != 0)
        return TRUE;
    }

  return FALSE;
}

static void
start_profile (KithApplication *self, KithWindow *window)
{
  if (!self->is_chosen && has_other_profiles (self))
    {
      kith_window_choose_profile (window);
      return;
    }

  kith_window_open_profile (window, self->profile, self->name);
  if (self->wants_restore)
    kith_window_restore (window);
}

/* Not while the window is being taken apart. */
static gboolean
start_again_cb (gpointer user_data)
{
  KithApplication *self = user_data;
  g_autofree char *link = g_steal_pointer (&self->pending_link);
  g_autoptr (GVariant) target = g_steal_pointer (&self->pending_target);
  g_autoptr (GFile) file = link != NULL ? g_file_new_for_uri (link) : NULL;

  self->is_background = FALSE;
  if (file != NULL)
    g_application_open (G_APPLICATION (self), &file, 1, "");
  else
    g_application_activate (G_APPLICATION (self));
  if (target != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self), KITH_NOTIFICATION_TARGET_ACTION, target);
  g_application_release (G_APPLICATION (self));

  return G_SOURCE_REMOVE;
}

static void
closed_cb (KithApplication *self)
{
  g_clear_weak_pointer (&self->closing);
  g_idle_add (start_again_cb, self);
}

/* What it shows is gone already, and its profile is not free yet. */
static void
start_again_after (KithApplication *self, GtkWindow *window)
{
  if (self->closing != NULL)
    return;

  g_set_weak_pointer (&self->closing, window);
  g_application_hold (G_APPLICATION (self));
  g_signal_connect_object (window, "destroy", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
}

static void
kith_application_activate (GApplication *application)
{
  KithApplication *self = KITH_APPLICATION (application);
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));
  KithWindow *window;

  if (KITH_IS_WINDOW (active) && kith_window_is_closing (KITH_WINDOW (active)))
    {
      start_again_after (self, active);
      return;
    }

  if (active != NULL)
    {
      gtk_window_present (active);
      return;
    }

  if (self->demo != NULL)
    {
      kith_demo_start (self->demo);
      return;
    }

  window = kith_application_add_window (self);
  if (self->listen_address != NULL)
    kith_window_set_listen (window, self->listen_address, self->listen_port);
  kith_window_set_network_options (window, &self->network);

  kith_window_begin_size (window);
  if (!self->is_background)
    gtk_window_present (GTK_WINDOW (window));
  if (self->is_ephemeral)
    kith_window_open_in_memory (window, self->name);
  else
    start_profile (self, window);
  if (self->is_background)
    kith_window_start_hidden (window);
}

/* A link was clicked somewhere, or given on the command line. */
static void
kith_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  KithApplication *self = KITH_APPLICATION (application);
  g_autofree char *link = n_files > 0 ? g_file_get_uri (files[0]) : NULL;
  GtkWindow *window;

  g_application_activate (application);
  if (self->closing != NULL)
    {
      g_free (self->pending_link);
      self->pending_link = g_steal_pointer (&link);
      return;
    }

  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  while (window != NULL && !KITH_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  if (window != NULL && link != NULL)
    kith_window_open_link (KITH_WINDOW (window), link);
}

/* --- Actions -------------------------------------------------------------------------------- */

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *l = windows; l != NULL; l = l->next)
    if (KITH_IS_WINDOW (l->data))
      kith_window_quit (l->data);

  g_list_free (windows);
}

/* Several windows may live in one process, each with its own user. */
static KithWindow *
find_window (GtkApplication *application, const char *own_id)
{
  for (GList *l = gtk_application_get_windows (application); l != NULL && own_id != NULL; l = l->next)
    {
      KithProfile *profile;

      if (!KITH_IS_WINDOW (l->data) || kith_window_get_node (l->data) == NULL)
        continue;

      profile = kith_node_get_profile (kith_window_get_node (l->data));
      if (profile != NULL && g_str_equal (kith_profile_get_id (profile), own_id))
        return l->data;
    }

  return NULL;
}

/* One that has no user yet: it may be this one's, once it is unlocked. None while the last one closes. */
static KithWindow *
ensure_window (KithApplication *self)
{
  /* Only the usual profile is started by a notification, whatever others there are. */
  self->is_chosen = TRUE;
  g_application_activate (G_APPLICATION (self));

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (KITH_IS_WINDOW (l->data) && !kith_window_is_closing (l->data))
      return l->data;

  return NULL;
}

/* A notification was clicked. It may be another process's, and may have outlived it. */
static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  KithApplication *self = user_data;
  const char *name;
  KithWindow *window;

  if (!kith_notification_target_is_for (parameter, user_data))
    {
      kith_notification_target_pass_on (parameter, user_data, self->platform_data);
      return;
    }

  name = kith_notification_target_get_name (parameter);
  window = find_window (user_data, kith_notification_name_get_owner (name));
  if (window == NULL)
    window = ensure_window (self);
  if (window == NULL)
    {
      g_clear_pointer (&self->pending_target, g_variant_unref);
      if (self->closing != NULL)
        self->pending_target = g_variant_ref (parameter);
      return;
    }

  kith_activation_token_use (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
  kith_window_open_when_ready (window, name);
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *front = kith_dialog_actions_front (user_data);

  if (front != NULL)
    kith_help_dialog_show (front, g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { "help", help_action, "s" },
  { "quit", quit_action },
  { KITH_NOTIFICATION_TARGET_ACTION, open_action, KITH_NOTIFICATION_TARGET_TYPE },
};

static const struct
{
  const char *action;
  const char *keys[3];
} shortcuts[] = {
  { "app.quit", { "<primary>q" } },
  { "app.help('')", { "F1" } },
  { "window.close", { "<primary>w" } },
  { "win.invite", { "<primary>i" } },
  { "win.add-friend", { "<primary>n" } },
  { "win.connect", { "<primary><shift>n" } },
  { "win.jump", { "<primary>k" } },
  { "win.next-region", { "F6" } },
  { "win.previous-region", { "<shift>F6" } },
  { "win.search", { "<primary><shift>f" } },
  { "win.search-conversation", { "<primary>f" } },
  { "win.lock", { "<primary>l" } },
  { "win.preferences", { "<primary>comma" } },
  { "win.my-address", { "<primary><shift>i" } },
  { "win.show-help-overlay", { "<primary>question" } },
  { "win.next-conversation", { "<alt>Down", "<primary>Page_Down" } },
  { "win.previous-conversation", { "<alt>Up", "<primary>Page_Up" } },
};

/* --- Life ----------------------------------------------------------------------------------- */

/* The session ends, or somebody at a terminal pressed Ctrl+C: in order, and without a question. */
static gboolean
terminate_cb (gpointer user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *l = windows; l != NULL; l = l->next)
    if (KITH_IS_WINDOW (l->data))
      kith_window_shut_down (l->data);

  g_list_free (windows);

  return G_SOURCE_CONTINUE;
}

static void
kith_application_startup (GApplication *application)
{
  KithApplication *self = KITH_APPLICATION (application);

  G_APPLICATION_CLASS (kith_application_parent_class)->startup (application);

  g_set_application_name ("Kith");
  gtk_window_set_default_icon_name (KITH_APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);

  kith_traceless_hide_files (application);
  kith_appearance_begin ();
  kith_activation_token_listen (g_application_get_dbus_connection (application));
  kith_clock_setting_follow (g_application_get_dbus_connection (application));
  kith_toolkit_names_complete_windows ();
  kith_dialog_actions_share (GTK_APPLICATION (self));
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action,
                                           shortcuts[i].keys);

  self->terminate_ids[0] = g_unix_signal_add (SIGTERM, terminate_cb, self);
  self->terminate_ids[1] = g_unix_signal_add (SIGINT, terminate_cb, self);
}

/* For the shells, which complete what one types: a line for each option, with what it is for and what follows it,
 * between tabs. */
static void
list_words (const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    if (!(entry->flags & G_OPTION_FLAG_HIDDEN))
      g_print ("--%s\t%s\t%s\n", entry->long_name, _(entry->description),
               entry->arg_description != NULL ? _(entry->arg_description) : "");
}

static gboolean
take_listen (KithApplication *self, const char *text)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *address = NULL;
  const char *complaint;

  if (colon == NULL)
    return FALSE;

  address = g_strndup (text, (gsize) (colon - text));
  self->listen_address = kith_address_input_check_address (address, KITH_ADDRESS_LISTEN, &complaint);
  if (self->listen_address == NULL)
    return FALSE;

  return g_str_equal (colon + 1, "0")
         || kith_address_input_check_port (colon + 1, KITH_ADDRESS_LISTEN, &self->listen_port,
                                           &complaint);
}

/* @listen: (nullable): of --listen */
static void
pass_options_on (KithApplication *self, const char *listen)
{
  g_auto (GStrv) words = kith_network_options_dup_words (&self->network);

  kith_launch_set_options ((const char *const *) words, listen, self->name);
}

/* Whoever starts Kith for the same profile again gets the first one's window: every profile has a
 * name of its own on the bus. */
static void
take_profile (KithApplication *self, const char *path)
{
  g_autofree char *id = NULL;

  self->is_chosen = path != NULL;
  self->profile = path != NULL ? kith_profile_folder_dup_real (path)
                               : kith_profile_folder_dup_default ();
  id = kith_profile_folder_dup_application_id (self->profile);
  g_application_set_application_id (G_APPLICATION (self), id);
}

/* What was shown by a process that keeps nothing leads back to it, not to the one that has the usual profile. */
static void
take_no_profile (KithApplication *self)
{
  g_autofree char *id = kith_desktop_name_dup_for_nobody ();

  g_application_set_application_id (G_APPLICATION (self), id);
}

/* Among the profiles of this user, on this computer; any other place is carried about. */
static gboolean
is_at_home (const char *profile)
{
  g_autofree char *root = kith_profile_folder_dup_root ();
  char *real = realpath (root, NULL); /* as @profile is */
  g_autoptr (GFile) home = g_file_new_for_path (real != NULL ? real : root);
  g_autoptr (GFile) folder = g_file_new_for_path (profile);

  free (real);
  return g_file_has_prefix (folder, home);
}

/* Else the one that runs would show its window. */
static gboolean
runs_already (GApplication *application)
{
  return g_application_register (application, NULL, NULL)
         && g_application_get_is_remote (application);
}

static int
kith_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  KithApplication *self = KITH_APPLICATION (application);
  gboolean demo = g_variant_dict_contains (dict, "demo");
  g_autofree char *profile = NULL;
  g_autoptr (GError) error = NULL;
  const char *listen = NULL;

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("kith %s\n", KITH_VERSION);
      return 0;
    }

  if (g_variant_dict_contains (dict, "words"))
    {
      list_words (options);
      list_words (kith_network_options_entries);
      return 0;
    }

  g_variant_dict_lookup (dict, "name", "s", &self->name);
  if (g_variant_dict_lookup (dict, "listen", "&s", &listen) && !take_listen (self, listen))
    {
      g_printerr (_("--listen takes an IP address and a port, such as 127.0.0.1:5484\n"));
      return 2;
    }

  if (!kith_network_options_read (dict, &self->network, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  pass_options_on (self, listen);
  self->is_ephemeral = demo || g_variant_dict_contains (dict, "ephemeral");
  self->is_background = !self->is_ephemeral && g_variant_dict_contains (dict, "background");
  self->wants_restore = g_variant_dict_contains (dict, "restore");
  g_variant_dict_lookup (dict, "profile", "^ay", &profile);
  if (self->is_ephemeral)
    take_no_profile (self);
  else
    take_profile (self, profile);
  if (self->is_ephemeral || !is_at_home (self->profile))
    kith_traceless_begin ();

  if (demo)
    self->demo = kith_demo_new (self);
  if (!self->is_ephemeral && g_variant_dict_contains (dict, "new-instance"))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  kith_desktop_name_use_for_notifications ();

  return self->is_background && runs_already (application) ? 0 : -1;
}

static void
kith_application_before_emit (GApplication *application, GVariant *platform_data)
{
  KithApplication *self = KITH_APPLICATION (application);

  g_clear_pointer (&self->platform_data, g_variant_unref);
  self->platform_data = g_variant_ref (platform_data);

  G_APPLICATION_CLASS (kith_application_parent_class)->before_emit (application, platform_data);
}

static void
kith_application_after_emit (GApplication *application, GVariant *platform_data)
{
  KithApplication *self = KITH_APPLICATION (application);

  G_APPLICATION_CLASS (kith_application_parent_class)->after_emit (application, platform_data);

  g_clear_pointer (&self->platform_data, g_variant_unref);
}

static void
kith_application_dispose (GObject *object)
{
  KithApplication *self = KITH_APPLICATION (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->terminate_ids); i++)
    g_clear_handle_id (&self->terminate_ids[i], g_source_remove);
  g_clear_object (&self->demo);

  G_OBJECT_CLASS (kith_application_parent_class)->dispose (object);
}

static void
kith_application_finalize (GObject *object)
{
  KithApplication *self = KITH_APPLICATION (object);

  g_free (self->name);
  g_free (self->listen_address);
  kith_network_override_clear (&self->network);
  g_free (self->profile);
  g_clear_weak_pointer (&self->closing);
  g_free (self->pending_link);
  g_clear_pointer (&self->pending_target, g_variant_unref);
  g_clear_pointer (&self->platform_data, g_variant_unref);

  G_OBJECT_CLASS (kith_application_parent_class)->finalize (object);
}

static void
kith_application_class_init (KithApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = kith_application_dispose;
  object_class->finalize = kith_application_finalize;

  application_class->activate = kith_application_activate;
  application_class->open = kith_application_open;
  application_class->before_emit = kith_application_before_emit;
  application_class->after_emit = kith_application_after_emit;
  application_class->startup = kith_application_startup;
  application_class->handle_local_options = kith_application_handle_local_options;
}

static void
kith_application_init (KithApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_add_main_option_entries (G_APPLICATION (self), kith_network_options_entries);
  g_application_set_option_context_summary (
      G_APPLICATION (self), _("Private chat, straight from your computer to your friend’s."));
  /* Translators: on a command line: stands for what can be given */
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[LINK]"));
}

/**
 * kith_application_new:
 *
 * Returns: (transfer full): the application
 */
KithApplication *
kith_application_new (void)
{
  return g_object_new (KITH_TYPE_APPLICATION, "application-id", KITH_APPLICATION_ID,
                       "resource-base-path", "/chat/kith/Kith", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}

/**
 * kith_application_add_window:
 * @self: the application
 *
 * Returns: (transfer none): a window, with notifications
 */
KithWindow *
kith_application_add_window (KithApplication *self)
{
  KithWindow *window;

  g_return_val_if_fail (KITH_IS_APPLICATION (self), NULL);

  window = kith_window_new (GTK_APPLICATION (self));
  kith_desktop_name_use_for_window (GTK_WIDGET (window));
  g_object_set_data_full (G_OBJECT (window), "notifier",
                          kith_notifier_new (G_APPLICATION (self), window), g_object_unref);
  g_object_set_data_full (G_OBJECT (window), "announcer", kith_announcer_new (window), g_object_unref);

  return window;
}
