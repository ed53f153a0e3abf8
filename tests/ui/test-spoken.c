/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a screen reader is told of what comes and changes, and where the keyboard stays in a list that does. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <adwaita.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-scene.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "ui/kith-focus.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-member-list.h"
#include "ui/kith-preparing-bar.h"
#include "ui/kith-toast.h"
#include "ui/kith-toolkit-names.h"

static GtkWidget *
get_row (GtkListBox *list_box, int index)
{
  return GTK_WIDGET (gtk_list_box_get_row_at_index (list_box, index));
}

static gboolean
has_property (gpointer widget, GtkAccessibleProperty property)
{
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property);
}

/* --- Words ---------------------------------------------------------------------------------- */

/* The button of a toast is what it shows: a name of its own would be read as well. */
static void
test_toast_button (void)
{
  GtkWidget *overlay = adw_toast_overlay_new ();
  GtkWidget *window = scene_make_window (overlay);
  AdwToast *toast = kith_toast_new ("Deleted");
  GtkWidget *button;

  gtk_window_present (GTK_WINDOW (window));
  adw_toast_set_button_label (toast, "_Undo");
  kith_toast_add (ADW_TOAST_OVERLAY (overlay), toast);
  button = scene_find (overlay, GTK_TYPE_BUTTON, NULL);
  g_assert_nonnull (button);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "_Undo");
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  g_assert_false (has_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
describe_otherwise (GtkWidget *widget)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Copied", -1);
}

static void
assert_described (GtkWidget *widget, const char *words)
{
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, NULL);
}

/* Before GTK 4.14 an announcement takes the place of what says how a row is set. */
static void
test_described_again (void)
{
  GtkWidget *box = gtk_list_box_new ();
  GtkWidget *window = scene_make_window (box);
  GtkWidget *switch_row = adw_action_row_new ();
  GtkWidget *combo_row = adw_combo_row_new ();
  GtkWidget *plain_row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();
  g_autoptr (GtkStringList) choices = gtk_string_list_new ((const char *const[]){ "Never", "Always", NULL });

  adw_action_row_add_suffix (ADW_ACTION_ROW (switch_row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (switch_row), toggle);
  adw_combo_row_set_model (ADW_COMBO_ROW (combo_row), G_LIST_MODEL (choices));
  gtk_list_box_append (GTK_LIST_BOX (box), switch_row);
  gtk_list_box_append (GTK_LIST_BOX (box), combo_row);
  gtk_list_box_append (GTK_LIST_BOX (box), plain_row);

  gtk_switch_set_active (GTK_SWITCH (toggle), TRUE);
  describe_otherwise (switch_row);
  g_assert_true (kith_toolkit_names_describe (switch_row));
  assert_described (switch_row, "On");
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo_row), 1);
  describe_otherwise (combo_row);
  g_assert_true (kith_toolkit_names_describe (combo_row));
  assert_described (combo_row, "Always");
  g_assert_false (kith_toolkit_names_describe (plain_row));
  g_assert_false (kith_toolkit_names_describe (toggle));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A file that is being read has its name, before it is a message. */
static void
test_preparing (void)
{
  static const guint8 id[KITH_MESSAGE_ID_BYTES] = { 1 };
  static const KithMedia media = { 0 };
  g_auto (Scene) scene;
  g_autoptr (KithTransfer) transfer = NULL;
  KithPreparingBar *bar = g_object_new (KITH_TYPE_PREPARING_BAR, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (bar));

  scene_init (&scene);
  transfer = kith_transfer_new (id, scene.conversation, TRUE, "report.pdf", 1000, &media);
  kith_transfer_set_state (transfer, KITH_TRANSFER_PREPARING);
  g_list_store_append (G_LIST_STORE (kith_node_get_transfers (scene.node)), transfer);
  kith_preparing_bar_set_conversation (bar, scene.node, scene.conversation);
  gtk_test_accessible_assert_property (scene_find (GTK_WIDGET (bar), GTK_TYPE_LIST_BOX_ROW, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "report.pdf", NULL);
  kith_preparing_bar_set_conversation (bar, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- The keyboard ---------------------------------------------------------------------------- */

static void
fill (GtkListBox *list_box, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      GtkWidget *row = gtk_list_box_row_new ();

      kith_list_focus_set_name (row, names[i]);
      gtk_list_box_append (list_box, row);
    }
}

static void
fill_anew (GtkListBox *list_box, const char *const *names)
{
  g_autofree char *focus = kith_list_focus_empty (list_box);

  fill (list_box, names);
  kith_list_focus_return (list_box, focus);
}

static void
test_made_anew (void)
{
  GtkListBox *list_box = GTK_LIST_BOX (gtk_list_box_new ());
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = scene_make_window (box);

  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (list_box));
  gtk_window_present (GTK_WINDOW (window));
  fill (list_box, (const char *const[]){ "Ann", "Ben", "Cy", NULL });

  gtk_widget_grab_focus (get_row (list_box, 1));
  fill_anew (list_box, (const char *const[]){ "Cy", "Ann", "Dora", "Ben", NULL });
  g_assert_true (kith_focus_is_in (get_row (list_box, 3)));
  fill_anew (list_box, (const char *const[]){ "Ann", "Cy", NULL });
  g_assert_true (kith_focus_is_in (get_row (list_box, 0)));

  gtk_widget_grab_focus (entry);
  fill_anew (list_box, (const char *const[]){ "Cy", "Ann", NULL });
  g_assert_true (kith_focus_is_in (entry));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
add_member (KithGroup *group, const char *name, guint8 number)
{
  guint8 identity[KITH_IDENTITY_BYTES] = { number };
  g_autofree char *id = g_strdup_printf ("kith-%u", number);
  g_autoptr (KithMember) member = kith_member_new (identity, id, NULL, name);

  kith_group_put_member (group, member, TRUE);
}

/* Somebody who comes before the one whose row has the focus takes nothing from that. */
static void
test_members (void)
{
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 98 };
  g_auto (Scene) scene;
  g_autoptr (KithGroup) group = kith_group_new (id);
  KithMemberList *list = g_object_new (KITH_TYPE_MEMBER_LIST, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (list));
  GtkListBox *list_box = GTK_LIST_BOX (gtk_widget_get_template_child (GTK_WIDGET (list), KITH_TYPE_MEMBER_LIST,
                                                                      "list_box"));

  scene_init (&scene);
  add_member (group, "Max", 1);
  add_member (group, "Zoe", 2);
  kith_group_sort_members (group);
  kith_member_list_set_group (list, scene.node, group);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_grab_focus (get_row (list_box, 1));
  g_assert_true (kith_focus_is_in (get_row (list_box, 1)));

  add_member (group, "Ann", 3);
  kith_group_sort_members (group);
  g_assert_true (kith_focus_is_in (get_row (list_box, 2)));
  kith_member_list_clear (list);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/spoken/toast-button", test_toast_button);
  g_test_add_func ("/spoken/described-again", test_described_again);
  g_test_add_func ("/spoken/preparing", test_preparing);
  g_test_add_func ("/spoken/made-anew", test_made_anew);
  g_test_add_func ("/spoken/members", test_members);

  return g_test_run ();
}
