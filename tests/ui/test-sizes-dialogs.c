/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogs in all sizes: see kith-test-sizes.h. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kith-test-layout.h"
#include "kith-test-sizes.h"
#include "ui/dialogs/kith-backup-dialog.h"
#include "ui/dialogs/kith-details-dialog.h"
#include "ui/dialogs/kith-erase-dialog.h"
#include "ui/dialogs/kith-forward-dialog.h"
#include "ui/dialogs/kith-group-dialog.h"
#include "ui/dialogs/kith-group-link-dialog.h"
#include "ui/dialogs/kith-group-people-dialog.h"
#include "ui/dialogs/kith-join-dialog.h"
#include "ui/dialogs/kith-nearby-dialog.h"
#include "ui/dialogs/kith-passphrase-dialog.h"
#include "ui/dialogs/kith-picture-viewer.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/dialogs/kith-rescue-dialog.h"
#include "ui/dialogs/kith-send-files-dialog.h"
#include "ui/dialogs/kith-text-dialog.h"
#include "ui/dialogs/kith-transcript-dialog.h"
#include "ui/dialogs/kith-verify-dialog.h"
#include "ui/kith-file-choice.h"
#include "ui/kith-window-private.h"

/* --- Those of the window -------------------------------------------------------------------- */

static GtkWindow *
find_dialog (GtkWindow *parent)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_get_transient_for (l->data) == parent && gtk_widget_get_visible (l->data))
      return l->data;

  return NULL;
}

/* @dialog: (transfer full) */
static void
look_at_new (GtkWidget *dialog, Town *town, const char *where)
{
  sizes_look_at_dialog (GTK_WINDOW (dialog), town, where);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* While the four words are compared there is the most to press. */
static void
look_at_words (GtkWindow *parent, Town *town)
{
  g_autoptr (KithComparison) comparison = kith_comparison_new (town->amara, KITH_COMPARISON_WORDS);
  GtkWidget *dialog = kith_verify_dialog_new (parent, town->scene.node, town->amara);

  kith_comparison_take_words (comparison, g_strdup ("harbor silver window orange"));
  g_signal_emit_by_name (town->scene.node, "words-changed", comparison);
  look_at_new (dialog, town, "verify-words");
}

/* Those that have no action of their own. */
static void
look_at_made (KithWindow *window, Town *town)
{
  GtkWindow *parent = GTK_WINDOW (window);
  KithNode *node = town->scene.node;
  KithGroup *group = kith_conversation_get_group (town->group);
  g_autoptr (KithMessage) message = scene_make_message (&town->scene, town->amara, "Shall we meet at the lake?");

  look_at_new (kith_nearby_dialog_new (parent, node), town, "nearby");
  look_at_new (kith_transcript_dialog_new (parent, node, town->talk), town, "transcript");
  look_at_new (kith_group_dialog_new (parent, node, group), town, "group-details");
  look_at_new (kith_forward_dialog_new (parent, node, town->talk, message), town, "forward");
  look_at_new (kith_join_dialog_new (parent, node), town, "join");
  look_at_new (kith_group_people_dialog_new (parent, node, group, NULL), town, "group-people");
  look_at_new (kith_group_link_dialog_new (parent, node, group), town, "group-link");
  look_at_new (kith_verify_dialog_new (parent, node, town->amara), town, "verify");
  look_at_words (parent, town);
}

static void
test_dialogs (void)
{
  static const struct
  {
    const char *action;
    const char *target; /* (nullable) */
  } actions[] = {
    { "win.add-friend", NULL }, { "win.blocked-people", NULL }, { "win.broadcasts", NULL }, { "win.connect", NULL },
    { "win.connection", NULL }, { "win.invite", NULL }, { "win.jump", NULL }, { "win.message-several", "" },
    { "win.my-address", NULL }, { "win.new-group", NULL }, { "win.profile", NULL },
    { "app.help", "" }, { "app.help", "backup" }, { "conversation.details", NULL },
  };
  Town town;
  KithWindow *window;
  GtkWidget *view;

  town_init (&town);
  town_add_long (&town);
  window = sizes_open_window (&town);
  layout_resize (GTK_WINDOW (window), SIZES_WIDEST, SIZES_HEIGHT);
  kith_window_open (window, G_OBJECT (town.talk));
  view = GTK_WIDGET (window->conversation_view);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GtkWindow *dialog;

      g_assert_true (gtk_widget_activate_action (view, actions[i].action, actions[i].target != NULL ? "s" : NULL,
                                                 actions[i].target));
      wait_for ((dialog = find_dialog (GTK_WINDOW (window))) != NULL);
      sizes_look_at_dialog (dialog, &town, actions[i].action);
      gtk_window_destroy (dialog);
    }

  look_at_made (window, &town);
  sizes_close_window (window);
  town_clear (&town);
}

/* --- About a message ------------------------------------------------------------------------ */

/* Returns: (transfer none): the longest that is ours, or that is not */
static KithMessage *
find_longest (KithConversation *conversation, gboolean is_outgoing)
{
  GListModel *messages = G_LIST_MODEL (kith_conversation_get_messages (conversation));
  guint n = g_list_model_get_n_items (messages);
  KithMessage *longest = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithMessage) message = g_list_model_get_item (messages, i);

      if (kith_message_is_outgoing (message) == is_outgoing
          && (longest == NULL || strlen (kith_message_get_text (message)) > strlen (kith_message_get_text (longest))))
        longest = message; /* the conversation holds it */
    }
  g_assert_nonnull (longest);

  return longest;
}

/* What cannot be shown says so. */
static void
look_at_picture (KithWindow *window, Town *town)
{
  const guint8 id[KITH_MESSAGE_ID_BYTES] = { 1 };
  const KithMedia media = { .type = (char *) "image/png", .width = 640, .height = 480 };
  const char *name = "The old windmill behind the railway station, seen from the lake on a Saturday.png";
  g_autoptr (KithTransfer) transfer = kith_transfer_new (id, town->talk, FALSE, name, 7, &media);
  GtkWidget *viewer = kith_picture_viewer_new (GTK_WINDOW (window), town->scene.node, transfer);
  GtkStack *stack = GTK_STACK (gtk_widget_get_template_child (viewer, KITH_TYPE_PICTURE_VIEWER, "stack"));

  g_ptr_array_add (town->words, g_strdup (name));
  wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), "trouble"));
  g_assert_false (gtk_widget_is_sensitive (scene_find (viewer, GTK_TYPE_BUTTON, NULL))); /* makes it smaller */
  look_at_new (viewer, town, "picture");
}

/* A file, a folder, and what is not there. */
static void
look_at_files (KithWindow *window, Town *town)
{
  static const char name[] = "Minutes of the Society for Old Windmills behind the Railway Station, with all that was said.txt";
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *folder = g_dir_make_tmp ("kith-sizes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GtkWidget *dialog, *send;

  g_ptr_array_add (town->words, g_strdup (name));
  g_assert_true (g_file_set_contents (path, "All", -1, NULL));
  g_ptr_array_add (choices, kith_file_choice_new_for_path (path));
  g_ptr_array_add (choices, kith_file_choice_new_for_path (folder));
  dialog = kith_send_files_dialog_new (GTK_WINDOW (window), town->scene.node, town->talk, choices);
  send = GTK_WIDGET (gtk_widget_get_template_child (dialog, KITH_TYPE_SEND_FILES_DIALOG, "send_button"));
  gtk_window_present (GTK_WINDOW (dialog));
  wait_for (gtk_widget_get_sensitive (send));
  look_at_new (dialog, town, "send-files");
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_message_dialogs (void)
{
  Town town;
  KithWindow *window;
  GtkWindow *parent;
  KithNode *node;

  town_init (&town);
  town_add_long (&town);
  window = sizes_open_window (&town);
  parent = GTK_WINDOW (window);
  node = town.scene.node;
  look_at_new (kith_details_dialog_new (parent, node, town.talk, find_longest (town.talk, FALSE)), &town, "details");
  look_at_new (kith_details_dialog_new (parent, node, town.group, find_longest (town.group, TRUE)), &town,
               "details-group");
  look_at_new (kith_text_dialog_new (parent, node, town.talk, find_longest (town.talk, FALSE)), &town, "text");
  look_at_picture (window, &town);
  look_at_files (window, &town);
  sizes_close_window (window);
  town_clear (&town);
}

/* --- About the profile ---------------------------------------------------------------------- */

static void
test_profile_dialogs (void)
{
  static const struct
  {
    KithPassphraseTask task;
    const char *where;
  } tasks[] = {
    { KITH_PASSPHRASE_SET, "passphrase-set" },
    { KITH_PASSPHRASE_CHANGE, "passphrase-change" },
    { KITH_PASSPHRASE_REMOVE, "passphrase-remove" },
  };
  g_autofree char *folder = g_dir_make_tmp ("kith-sizes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "profile", NULL);
  g_autoptr (KithProfileFolder) profile = kith_profile_folder_open (path, NULL);
  Town town;
  KithWindow *window;
  GtkWindow *parent;

  g_assert_nonnull (profile);
  town_init (&town);
  window = sizes_open_window (&town);
  parent = GTK_WINDOW (window);
  look_at_new (kith_backup_dialog_new (parent, profile), &town, "backup");
  look_at_new (kith_erase_dialog_new (parent, profile), &town, "erase");
  look_at_new (kith_rescue_dialog_new (parent, profile), &town, "rescue");
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    look_at_new (kith_passphrase_dialog_new (parent, profile, tasks[i].task), &town, tasks[i].where);
  sizes_close_window (window);
  town_clear (&town);
  kith_profile_folder_release (profile);
}

/* Each page of the preferences, which scrolls. */
static void
test_preferences (void)
{
  static const char *const pages[]
      = { "profile", "privacy", "security", "network", "notifications", "appearance", "storage" };
  Town town;
  KithWindow *window;
  GtkWidget *preferences;

  town_init (&town);
  window = sizes_open_window (&town);
  preferences = kith_preferences_new (GTK_WINDOW (window), NULL, town.scene.node);
  sizes_look_at_dialog (GTK_WINDOW (preferences), &town, "preferences");
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *where = g_strdup_printf ("preferences-%s", pages[i]);

      kith_preferences_show_page (KITH_PREFERENCES (preferences), pages[i]);
      sizes_look_at_dialog (GTK_WINDOW (preferences), &town, where);
    }
  gtk_window_destroy (GTK_WINDOW (preferences));
  sizes_close_window (window);
  town_clear (&town);
}

int
main (int argc, char *argv[])
{
  if (!sizes_start (&argc, &argv))
    return 1;

  g_test_add_func ("/sizes-dialogs/window", test_dialogs);
  g_test_add_func ("/sizes-dialogs/message", test_message_dialogs);
  g_test_add_func ("/sizes-dialogs/profile", test_profile_dialogs);
  g_test_add_func ("/sizes-dialogs/preferences", test_preferences);

  return sizes_run ();
}
