/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-scene.h"
#include "node/kith-node-history.h"
#include "node/kith-node-network.h"
#include "node/kith-node-private.h"
#include "ui/dialogs/kith-blocked-dialog.h"
#include "ui/dialogs/kith-bootstrap-row.h"
#include "ui/dialogs/kith-broadcast-dialog.h"
#include "ui/dialogs/kith-connect-dialog.h"
#include "ui/dialogs/kith-contact-dialog.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/dialogs/kith-group-people-dialog.h"
#include "ui/dialogs/kith-join-dialog.h"
#include "ui/dialogs/kith-network-page.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/dialogs/kith-profile-dialog.h"
#include "ui/dialogs/kith-reach-group.h"
#include "ui/dialogs/kith-verify-dialog.h"
#include "ui/kith-join-request-row.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-typed.h"

/* Dialogs by themselves: what was typed in them when they have to go, and where the keyboard is when a row goes. */

/* --- What was typed ------------------------------------------------------------------------- */

static char *
dup_text (GtkWidget *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_text (GtkWidget *view, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static char *
dup_repeated (const char *part, guint times)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (text, part);

  return g_string_free (text, FALSE);
}

static void
check_contact (Scene *scene, const char *alias, const char *note)
{
  GtkWidget *dialog = kith_contact_dialog_new (NULL, scene->node, scene->ben);
  GtkWidget *row = scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL);
  GtkWidget *view = scene_find (dialog, GTK_TYPE_TEXT_VIEW, NULL);
  g_autofree char *text = dup_text (view);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, alias);
  g_assert_cmpstr (text, ==, note);
  g_assert_true (scene_has_label (dialog, "too long.") == (strlen (note) > KITH_LIMIT_NOTE_BYTES));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* A note that cannot be saved as it is, and a name that was not applied, when Kith is locked. */
static void
test_contact (void)
{
  g_autofree char *note = dup_repeated ("चाय ", 1000);
  g_auto (Scene) scene;
  GtkWidget *dialog;

  scene_init (&scene);
  dialog = kith_contact_dialog_new (NULL, scene.node, scene.ben);
  gtk_editable_set_text (GTK_EDITABLE (scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL)), "Benny");
  set_text (scene_find (dialog, GTK_TYPE_TEXT_VIEW, NULL), note);
  kith_typed_keep_all (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* Once: who leaves it then does not want it. */
  check_contact (&scene, "Benny", note);
  check_contact (&scene, "", "");

  /* Nothing is left of somebody who is removed. */
  dialog = kith_contact_dialog_new (NULL, scene.node, scene.ben);
  set_text (scene_find (dialog, GTK_TYPE_TEXT_VIEW, NULL), note);
  kith_typed_keep_all (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));
  kith_contact_dialog_forget_typed (scene.node, scene.ben);
  check_contact (&scene, "", "");
}

static void
test_others (void)
{
  g_autofree char *text = NULL;
  g_auto (Scene) scene;
  GtkWidget *dialog;

  scene_init (&scene);
  dialog = kith_profile_dialog_new (NULL, scene.node);
  gtk_editable_set_text (GTK_EDITABLE (scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL)), "Anna");
  kith_typed_keep_all (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));
  dialog = kith_profile_dialog_new (NULL, scene.node);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL))), ==, "Anna");
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* What it began with was not sent either. */
  dialog = kith_broadcast_dialog_new (NULL, scene.node, "Dinner at eight");
  kith_typed_keep_all (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));
  dialog = kith_broadcast_dialog_new (NULL, scene.node, "");
  text = dup_text (scene_find (dialog, GTK_TYPE_TEXT_VIEW, NULL));
  g_assert_cmpstr (text, ==, "Dinner at eight");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Keeps @text, and says what comes back. Returns: (transfer full) */
static char *
dup_kept (Scene *scene, const char *text)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *window = scene_make_window (view);
  char *kept;

  kith_typed_watch (view, scene->node, "long");
  set_text (view, text);
  kith_typed_keep_all (GTK_WINDOW (window));
  set_text (view, "");
  kith_typed_put_back (view);
  kept = dup_text (view);
  gtk_window_destroy (GTK_WINDOW (window));

  return kept;
}

/* Longer than any setting, in characters of three bytes. */
static void
test_long (void)
{
  g_autofree char *text = dup_repeated ("語", 10000);
  g_autofree char *longest = dup_repeated ("語", KITH_LIMIT_TYPED_BYTES / 2);
  g_autofree char *short_again = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *cut = NULL;
  g_auto (Scene) scene;

  scene_init (&scene);
  kept = dup_kept (&scene, text);
  g_assert_cmpstr (kept, ==, text);
  short_again = dup_kept (&scene, "short");
  g_assert_cmpstr (short_again, ==, "short");

  /* One sees where it was cut. */
  cut = dup_kept (&scene, longest);
  g_assert_true (g_utf8_validate (cut, -1, NULL));
  g_assert_cmpuint (strlen (cut), >, KITH_LIMIT_TYPED_BYTES * 9 / 10);
  g_assert_cmpuint (strlen (cut), <=, KITH_LIMIT_TYPED_BYTES);
  g_assert_true (g_str_has_suffix (cut, "語…"));
}

/* What was saved is not kept a second time. */
static void
test_done (void)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *window = scene_make_window (row);
  g_auto (Scene) scene;

  scene_init (&scene);
  gtk_editable_set_text (GTK_EDITABLE (row), "Ben");
  kith_typed_watch (row, scene.node, "name");
  kith_typed_keep_all (GTK_WINDOW (window));
  g_assert_null (kith_node_get_setting (scene.node, "typed-name-0"));

  gtk_editable_set_text (GTK_EDITABLE (row), "Benny");
  kith_typed_keep_all (GTK_WINDOW (window));
  g_assert_cmpstr (kith_node_get_setting (scene.node, "typed-name-0"), ==, "Benny");
  kith_typed_done (row);
  g_assert_null (kith_node_get_setting (scene.node, "typed-name-0"));
  kith_typed_keep_all (GTK_WINDOW (window));
  g_assert_null (kith_node_get_setting (scene.node, "typed-name-0"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* That it was emptied is something that was typed as well. */
static void
test_emptied (void)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *window = scene_make_window (row);
  g_auto (Scene) scene;

  scene_init (&scene);
  gtk_editable_set_text (GTK_EDITABLE (row), "Ben");
  kith_typed_watch (row, scene.node, "name");
  kith_typed_put_back (row);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "Ben");
  gtk_editable_set_text (GTK_EDITABLE (row), "");
  kith_typed_keep_all (GTK_WINDOW (window));

  gtk_editable_set_text (GTK_EDITABLE (row), "Ben");
  kith_typed_watch (row, scene.node, "name");
  kith_typed_put_back (row);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "");
  g_assert_null (kith_node_get_setting (scene.node, "typed-name-0"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- For somebody else ---------------------------------------------------------------------- */

/* The last entry: in the dialogs where there are several, the words. */
static GtkEditable *
find_last_row (GtkWidget *widget)
{
  GtkEditable *last = ADW_IS_ENTRY_ROW (widget) ? GTK_EDITABLE (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkEditable *found = find_last_row (child);

      last = found != NULL ? found : last;
    }

  return last;
}

static void
keep_and_destroy (GtkWidget *dialog)
{
  kith_typed_keep_all (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
check_connect (Scene *scene, const char *endpoint, const char *address, const char *words)
{
  GtkWidget *dialog = kith_connect_dialog_new (NULL, scene->node, endpoint);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL))), ==,
                   address);
  g_assert_cmpstr (gtk_editable_get_text (find_last_row (dialog)), ==, words);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* An introduction is for one person. */
static void
test_connect (void)
{
  g_auto (Scene) scene;
  GtkWidget *dialog;

  scene_init (&scene);
  dialog = kith_connect_dialog_new (NULL, scene.node, NULL);
  gtk_editable_set_text (GTK_EDITABLE (scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL)), "192.168.1.7");
  gtk_editable_set_text (find_last_row (dialog), "Ann from the choir");
  keep_and_destroy (dialog);

  /* It waits until nobody is given. */
  check_connect (&scene, "192.168.1.8:5484", "192.168.1.8", "");
  check_connect (&scene, NULL, "192.168.1.7", "Ann from the choir");
  check_connect (&scene, NULL, "", "");

  /* The words of one never come back with the address of another. */
  dialog = kith_connect_dialog_new (NULL, scene.node, NULL);
  gtk_editable_set_text (find_last_row (dialog), "Ann from the choir");
  keep_and_destroy (dialog);
  keep_and_destroy (kith_connect_dialog_new (NULL, scene.node, "192.168.1.8:5484"));
  check_connect (&scene, NULL, "192.168.1.8", "");
}

static void
check_new_group (Scene *scene, const char *given, const char *name)
{
  GtkWidget *dialog = kith_group_people_dialog_new (NULL, scene->node, NULL, given);

  g_assert_cmpstr (gtk_editable_get_text (find_last_row (dialog)), ==, name);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_new_group (void)
{
  g_auto (Scene) scene;
  GtkWidget *dialog;

  scene_init (&scene);
  dialog = kith_group_people_dialog_new (NULL, scene.node, NULL, NULL);
  gtk_editable_set_text (find_last_row (dialog), "Choir");
  keep_and_destroy (dialog);
  check_new_group (&scene, "Team", "Team");
  check_new_group (&scene, NULL, "Choir");
}

/* --- On its way ----------------------------------------------------------------------------- */

/* @later: (nullable): what is typed meanwhile. Returns: what is kept of "Benny", which was being saved */
static const char *
save_and_lock (Scene *scene, const char *later, gboolean is_saved)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *window = scene_make_window (row);
  g_autoptr (GtkWindow) dialog = NULL;
  KithTypedSaving *saving;

  kith_typed_forget (scene->node, "name");
  kith_typed_watch (row, scene->node, "name");
  gtk_editable_set_text (GTK_EDITABLE (row), "Benny");
  saving = kith_typed_begin (row);
  if (later != NULL)
    gtk_editable_set_text (GTK_EDITABLE (row), later);
  keep_and_destroy (window);
  dialog = kith_typed_end (saving, is_saved);
  g_assert_true (GTK_WIDGET (dialog) == window);

  /* As one that shows then how it is; but nobody sees that any more. */
  kith_typed_done (row);

  return kith_node_get_setting (scene->node, "typed-name-0");
}

static void
test_saving (void)
{
  g_auto (Scene) scene;

  scene_init (&scene);
  g_assert_null (save_and_lock (&scene, NULL, TRUE));
  g_assert_cmpstr (save_and_lock (&scene, NULL, FALSE), ==, "Benny");
  g_assert_cmpstr (save_and_lock (&scene, "Benjamin", TRUE), ==, "Benjamin");
  g_assert_cmpstr (save_and_lock (&scene, "Benjamin", FALSE), ==, "Benjamin");
}

/* While the dialog is open, what could not be saved stands there, and is kept with it. */
static void
test_saving_open (void)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *window = scene_make_window (row);
  g_auto (Scene) scene;

  scene_init (&scene);
  kith_typed_watch (row, scene.node, "name");
  gtk_editable_set_text (GTK_EDITABLE (row), "Benny");
  g_object_unref (kith_typed_end (kith_typed_begin (row), FALSE));
  g_assert_null (kith_node_get_setting (scene.node, "typed-name-0"));
  kith_typed_keep_all (GTK_WINDOW (window));
  g_assert_cmpstr (kith_node_get_setting (scene.node, "typed-name-0"), ==, "Benny");

  g_object_unref (kith_typed_end (kith_typed_begin (row), TRUE));
  kith_typed_keep_all (GTK_WINDOW (window));
  g_assert_null (kith_node_get_setting (scene.node, "typed-name-0"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The node does not know Ben: neither can be saved, and both come back. */
static void
test_saving_contact (void)
{
  g_auto (Scene) scene;
  GtkWidget *dialog, *row;
  g_autofree char *alias = NULL;
  g_autofree char *note = NULL;

  scene_init (&scene);
  alias = g_strconcat ("typed-alias-", kith_contact_get_id (scene.ben), "-0", NULL);
  note = g_strconcat ("typed-note-", kith_contact_get_id (scene.ben), "-0", NULL);
  dialog = kith_contact_dialog_new (NULL, scene.node, scene.ben);
  row = scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL);
  gtk_editable_set_text (GTK_EDITABLE (row), "Benny");
  set_text (scene_find (dialog, GTK_TYPE_TEXT_VIEW, NULL), "Sings bass");
  gtk_window_present (GTK_WINDOW (dialog));
  g_signal_emit_by_name (row, "apply");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_for (kith_node_get_setting (scene.node, alias) != NULL && kith_node_get_setting (scene.node, note) != NULL);
  check_contact (&scene, "Benny", "Sings bass");
}

static void
test_saving_profile (void)
{
  g_auto (Scene) scene;
  GtkWidget *dialog, *row;

  scene_init (&scene);
  dialog = kith_profile_dialog_new (NULL, scene.node);
  row = scene_find (dialog, ADW_TYPE_ENTRY_ROW, NULL);
  gtk_editable_set_text (GTK_EDITABLE (row), "Anna");
  g_signal_emit_by_name (row, "apply");
  keep_and_destroy (dialog);
  wait_for (g_str_equal (kith_profile_get_name (kith_node_get_profile (scene.node)), "Anna"));
  g_assert_null (kith_node_get_setting (scene.node, "typed-profile-name-0"));
}

/* --- What was typed and is not in force --------------------------------------------------- */

static gpointer
get_child (GtkWidget *widget, GType type, const char *name)
{
  return gtk_widget_get_template_child (widget, type, name);
}

/* What stands in the dialog to join, and in it when it is opened with @link (nullable). */
static void
check_join (Scene *scene, const char *link, const char *in_link, const char *in_text)
{
  GtkWidget *dialog = kith_join_dialog_new (NULL, scene->node);

  if (link != NULL)
    kith_join_dialog_set_link (KITH_JOIN_DIALOG (dialog), link);
  g_assert_cmpstr (gtk_editable_get_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "link_row")), ==, in_link);
  g_assert_cmpstr (gtk_editable_get_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "text_row")), ==, in_text);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_join (void)
{
  g_auto (Scene) scene;
  GtkWidget *dialog;

  scene_init (&scene);
  dialog = kith_join_dialog_new (NULL, scene.node);
  gtk_editable_set_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "link_row"), "KITH:I/HALF");
  gtk_editable_set_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "text_row"), "Ann from the choir");
  keep_and_destroy (dialog);

  /* Words for one are not shown to another, and wait. */
  check_join (&scene, "KITH:I/OTHER", "KITH:I/OTHER", "");
  check_join (&scene, NULL, "KITH:I/HALF", "Ann from the choir");
  check_join (&scene, NULL, "", "");

  /* Nor does what comes of others touch them. */
  dialog = kith_join_dialog_new (NULL, scene.node);
  gtk_editable_set_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "link_row"), "KITH:I/HALF");
  gtk_editable_set_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "text_row"), "Ann from the choir");
  kith_join_dialog_set_link (KITH_JOIN_DIALOG (dialog), "KITH:I/OTHER");
  gtk_editable_set_text (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "text_row"), "Ann from work");
  kith_typed_done (get_child (dialog, KITH_TYPE_JOIN_DIALOG, "text_row"));
  kith_join_dialog_set_link (KITH_JOIN_DIALOG (dialog), "KITH:I/THIRD");
  keep_and_destroy (dialog);
  check_join (&scene, NULL, "KITH:I/HALF", "Ann from the choir");
}

static GtkWidget *
open_network (Scene *scene, GtkEditable **uri_row, GtkEditable **host_row)
{
  GtkWidget *preferences = kith_preferences_new (NULL, NULL, scene->node);
  GtkWidget *page = scene_find (preferences, KITH_TYPE_NETWORK_PAGE, NULL);
  GtkWidget *hosts = scene_find (page, KITH_TYPE_BOOTSTRAP_ROW, NULL);

  *uri_row = get_child (page, KITH_TYPE_NETWORK_PAGE, "uri_row");
  *host_row = get_child (hosts, KITH_TYPE_BOOTSTRAP_ROW, "add_row");

  return preferences;
}

static void
test_preferences (void)
{
  g_auto (Scene) scene;
  GtkWidget *preferences, *page;
  GtkEditable *uri_row, *host_row;

  scene_init (&scene);
  preferences = open_network (&scene, &uri_row, &host_row);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (uri_row)));
  gtk_editable_set_text (uri_row, "socks5://192.0.2.1:10");
  gtk_editable_set_text (host_row, "dht.example.org");
  keep_and_destroy (preferences);

  /* They are there to be seen, and not in force. */
  preferences = open_network (&scene, &uri_row, &host_row);
  page = gtk_widget_get_ancestor (GTK_WIDGET (uri_row), KITH_TYPE_NETWORK_PAGE);
  g_assert_cmpstr (gtk_editable_get_text (uri_row), ==, "socks5://192.0.2.1:10");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (uri_row)));
  g_assert_cmpstr (gtk_editable_get_text (host_row), ==, "dht.example.org");
  g_assert_true (adw_expander_row_get_expanded (
      ADW_EXPANDER_ROW (gtk_widget_get_ancestor (GTK_WIDGET (host_row), ADW_TYPE_EXPANDER_ROW))));
  g_assert_null (kith_node_get_network_config (scene.node)->proxy);

  /* What was put in force is not typed any more, nor what was given up for another choice. */
  g_signal_emit_by_name (uri_row, "apply");
  g_assert_cmpstr (kith_node_get_network_config (scene.node)->proxy, ==, "socks5://192.0.2.1:10");
  gtk_editable_set_text (uri_row, "socks5://192.0.2.2:10");
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_child (page, KITH_TYPE_NETWORK_PAGE, "proxy_row")), 0);
  gtk_editable_set_text (host_row, "");
  keep_and_destroy (preferences);
  g_assert_null (kith_node_get_setting (scene.node, "typed-proxy-0"));
  g_assert_null (kith_node_get_setting (scene.node, "typed-bootstrap-host-0"));
}

/* Nor is a passphrase or a password anywhere in what is kept. */
static void
test_secrets (void)
{
  static const char secret[] = "correct horse";
  g_auto (Scene) scene;
  GtkWidget *preferences;
  GtkEditable *uri_row, *host_row;
  GHashTableIter iter;
  gpointer key, value;

  scene_init (&scene);
  preferences = open_network (&scene, &uri_row, &host_row);
  gtk_editable_set_text (uri_row, "socks5://ann:correct horse@192.0.2.1:10");
  gtk_editable_set_text (get_child (scene_find (preferences, KITH_TYPE_REACH_GROUP, NULL), KITH_TYPE_REACH_GROUP,
                                  "passphrase_row"),
                         secret);
  keep_and_destroy (preferences);

  g_hash_table_iter_init (&iter, scene.node->settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_assert_null (strstr (value, secret));

  /* Without it, the rest is. */
  preferences = open_network (&scene, &uri_row, &host_row);
  gtk_editable_set_text (uri_row, "socks5://ann@192.0.2.1:10");
  gtk_editable_set_text (uri_row, "socks5://192.0.2.1:10");
  keep_and_destroy (preferences);
  g_assert_cmpstr (kith_node_get_setting (scene.node, "typed-proxy-0"), ==, "socks5://192.0.2.1:10");
}

/* --- What is said --------------------------------------------------------------------------- */

/* The name of a window is its title without what isolates a name. */
static void
test_doctor_name (void)
{
  g_auto (Scene) scene;
  GtkWidget *dialog;

  scene_init (&scene);
  kith_contact_set_name (scene.ben, "בן");
  dialog = kith_doctor_dialog_new (NULL, scene.node, scene.ben);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), !=, "Connection to בן");
  gtk_test_accessible_assert_property (dialog, GTK_ACCESSIBLE_PROPERTY_LABEL, "Connection to בן");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* What went wrong is said in the window when the dialog was closed meanwhile. */
static void
test_blocked_closed (void)
{
  g_auto (Scene) scene;
  GtkWidget *parent, *dialog, *row;

  scene_init (&scene);
  kith_contact_set_blocked (scene.ben, TRUE);
  g_list_store_append (scene.node->contacts, scene.ben);
  parent = scene_make_window (gtk_label_new (""));
  dialog = kith_blocked_dialog_new (GTK_WINDOW (parent), scene.node);
  row = scene_find (dialog, ADW_TYPE_ACTION_ROW, NULL);
  g_signal_emit_by_name (scene_find (row, GTK_TYPE_BUTTON, NULL), "clicked");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_for (g_object_get_data (G_OBJECT (parent), "said") != NULL);
  gtk_window_destroy (GTK_WINDOW (parent));
}

/* --- The focus ------------------------------------------------------------------------------ */

static GtkWidget *
get_row (GtkWidget *list_box, int index)
{
  return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list_box), index));
}

static gboolean
has_focus (GtkWidget *widget)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
press (GtkWidget *button)
{
  gtk_widget_grab_focus (button);
  g_assert_true (has_focus (button));
  g_signal_emit_by_name (button, "clicked");
}

/* What is clicked takes no more input; the row keeps the focus, and leaves it to the next when it goes. */
static void
test_blocked (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithContact) cy = NULL;
  GtkWidget *parent, *dialog, *list_box, *button;

  scene_init (&scene);
  cy = scene_make_person (&scene, "Cy");
  kith_contact_set_blocked (scene.ben, TRUE);
  kith_contact_set_blocked (cy, TRUE);
  g_list_store_append (scene.node->contacts, scene.ben);
  g_list_store_append (scene.node->contacts, cy);
  parent = scene_make_window (gtk_label_new (""));
  dialog = kith_blocked_dialog_new (GTK_WINDOW (parent), scene.node);
  list_box = gtk_widget_get_ancestor (scene_find (dialog, ADW_TYPE_ACTION_ROW, NULL), GTK_TYPE_LIST_BOX);
  gtk_window_present (GTK_WINDOW (dialog));

  button = scene_find (get_row (list_box, 0), GTK_TYPE_BUTTON, NULL);
  press (button);
  g_assert_true (has_focus (get_row (list_box, 0)));

  /* The node does not know them: it can be tried again. */
  wait_for (g_object_get_data (G_OBJECT (parent), "said") != NULL);
  g_assert_true (gtk_widget_is_sensitive (button));

  press (button);
  g_list_store_remove (scene.node->contacts, 0);
  g_assert_true (has_focus (get_row (list_box, 0)));
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (parent));
}

typedef struct
{
  Scene *scene;
  KithGroup *group;
} Place;

static GtkWidget *
create_request_cb (gpointer item, gpointer user_data)
{
  Place *place = user_data;

  return kith_join_request_row_new (item, place->scene->node, place->group);
}

static void
test_join_requests (void)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 99 };
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 98 };
  g_auto (Scene) scene;
  g_autoptr (KithGroup) group = kith_group_new (id);
  g_autoptr (KithJoinRequest) zoe = kith_join_request_new (identity, "kith-zoe", NULL, "Zoe", "", 0, NULL, TRUE);
  g_autoptr (KithJoinRequest) max = kith_join_request_new (identity, "kith-max", NULL, "Max", "", 0, NULL, TRUE);
  g_autoptr (GListStore) requests = g_list_store_new (KITH_TYPE_JOIN_REQUEST);
  GtkWidget *list_box = gtk_list_box_new ();
  GtkWidget *window = scene_make_window (list_box);
  Place place = { &scene, group };

  scene_init (&scene);
  g_list_store_append (requests, zoe);
  g_list_store_append (requests, max);
  kith_list_focus_bind_model (GTK_LIST_BOX (list_box), G_LIST_MODEL (requests), create_request_cb, &place);
  gtk_window_present (GTK_WINDOW (window));

  press (scene_find (get_row (list_box, 0), GTK_TYPE_BUTTON, NULL));
  g_assert_true (has_focus (get_row (list_box, 0)));
  g_list_store_remove (requests, 0);
  g_assert_true (has_focus (get_row (list_box, 0)));
  kith_list_focus_bind_model (GTK_LIST_BOX (list_box), NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Verifying ------------------------------------------------------------------------------ */

/* What says that somebody is in between is red, and what only stops is not. */
static void
test_verify_different (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithComparison) comparison = NULL;
  GtkWidget *dialog, *button;

  scene_init (&scene);
  dialog = kith_verify_dialog_new (NULL, scene.node, scene.ben);
  comparison = kith_comparison_new (scene.ben, KITH_COMPARISON_WAITING);
  button = GTK_WIDGET (gtk_widget_get_template_child (dialog, KITH_TYPE_VERIFY_DIALOG, "no_button"));
  g_signal_emit_by_name (scene.node, "words-changed", comparison);
  g_assert_false (gtk_widget_has_css_class (button, "destructive-action"));

  kith_comparison_take_words (comparison, g_strdup ("lake boat cake map"));
  kith_comparison_set_state (comparison, KITH_COMPARISON_WORDS);
  g_signal_emit_by_name (scene.node, "words-changed", comparison);
  g_assert_true (gtk_widget_has_css_class (button, "destructive-action"));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "They Are Different");

  kith_comparison_set_state (comparison, KITH_COMPARISON_CONFIRMED);
  g_signal_emit_by_name (scene.node, "words-changed", comparison);
  g_assert_false (gtk_widget_has_css_class (button, "destructive-action"));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/dialogs/typed-contact", test_contact);
  g_test_add_func ("/dialogs/typed-others", test_others);
  g_test_add_func ("/dialogs/typed-long", test_long);
  g_test_add_func ("/dialogs/typed-done", test_done);
  g_test_add_func ("/dialogs/typed-emptied", test_emptied);
  g_test_add_func ("/dialogs/typed-connect", test_connect);
  g_test_add_func ("/dialogs/typed-new-group", test_new_group);
  g_test_add_func ("/dialogs/typed-saving", test_saving);
  g_test_add_func ("/dialogs/typed-saving-open", test_saving_open);
  g_test_add_func ("/dialogs/typed-saving-contact", test_saving_contact);
  g_test_add_func ("/dialogs/typed-saving-profile", test_saving_profile);
  g_test_add_func ("/dialogs/typed-join", test_join);
  g_test_add_func ("/dialogs/typed-preferences", test_preferences);
  g_test_add_func ("/dialogs/typed-secrets", test_secrets);
  g_test_add_func ("/dialogs/doctor-name", test_doctor_name);
  g_test_add_func ("/dialogs/verify-different", test_verify_different);
  g_test_add_func ("/dialogs/blocked-closed", test_blocked_closed);
  g_test_add_func ("/dialogs/focus-blocked", test_blocked);
  g_test_add_func ("/dialogs/focus-join-requests", test_join_requests);

  return g_test_run ();
}
