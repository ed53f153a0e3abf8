/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <adwaita.h>

#include "base/kith-init.h"
#include "kith-test-scene.h"
#include "ui/kith-group-page.h"

/* The page of an invitation to a group, by itself: what was written there and is not sent. */

static gpointer
get_child (GtkWidget *widget, GType type, const char *name)
{
  return gtk_widget_get_template_child (widget, type, name);
}

/* Words for the admin of one group, where the window shows another one or none. */
static void
test_invitation (void)
{
  static const guint8 ids[][KITH_GROUP_ID_BYTES] = { { 1 }, { 2 } };
  g_autoptr (KithGroup) choir = kith_group_new (ids[0]);
  g_autoptr (KithGroup) team = kith_group_new (ids[1]);
  g_auto (Scene) scene;
  KithGroupPage *page = g_object_new (KITH_TYPE_GROUP_PAGE, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (page));
  GtkEditable *row = get_child (GTK_WIDGET (page), KITH_TYPE_GROUP_PAGE, "text_row");

  scene_init (&scene);
  kith_group_set_state (choir, KITH_MEMBERSHIP_INVITED);
  kith_group_set_state (team, KITH_MEMBERSHIP_INVITED);
  kith_group_page_set_group (page, scene.node, choir);
  gtk_editable_set_text (row, "Ann, alto");
  kith_group_page_set_group (page, scene.node, team);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "");
  kith_group_page_set_group (page, NULL, NULL);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "");
  kith_group_page_set_group (page, scene.node, choir);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "Ann, alto");

  /* Of a group that is gone, or that we are in, nothing stays. */
  kith_group_page_set_group (page, NULL, NULL);
  kith_group_page_forget_typed (scene.node, choir);
  kith_group_page_set_group (page, scene.node, choir);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "");
  gtk_editable_set_text (row, "Ann, alto");
  kith_group_set_state (choir, KITH_MEMBERSHIP_ASKING);
  kith_group_page_set_group (page, NULL, NULL);
  kith_group_page_set_group (page, scene.node, choir);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "");
  kith_group_page_set_group (page, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Words for an admin whose group could not be joined, which turns out when the user is elsewhere, or back. */
static void
test_invitation_failed (void)
{
  static const guint8 ids[][KITH_GROUP_ID_BYTES] = { { 1 }, { 2 } };
  g_autoptr (KithGroup) choir = kith_group_new (ids[0]); /* the node has none of them */
  g_autoptr (KithGroup) team = kith_group_new (ids[1]);
  g_auto (Scene) scene;
  GtkWidget *page = g_object_new (KITH_TYPE_GROUP_PAGE, NULL);
  GtkWidget *window = scene_make_window (page);
  GtkEditable *row = get_child (page, KITH_TYPE_GROUP_PAGE, "text_row");
  GtkWidget *buttons = get_child (page, KITH_TYPE_GROUP_PAGE, "buttons");
  GtkWidget *join_button = get_child (page, KITH_TYPE_GROUP_PAGE, "join_button");

  scene_init (&scene);
  kith_group_set_state (choir, KITH_MEMBERSHIP_INVITED);
  kith_group_set_state (team, KITH_MEMBERSHIP_INVITED);
  kith_group_page_set_group (KITH_GROUP_PAGE (page), scene.node, choir);
  gtk_editable_set_text (row, "Ann, alto");
  g_signal_emit_by_name (join_button, "clicked");
  kith_group_page_set_group (KITH_GROUP_PAGE (page), scene.node, team);
  gtk_widget_set_sensitive (buttons, FALSE); /* as while that one is answered */
  wait_for (g_object_get_data (G_OBJECT (window), "said") != NULL);
  g_assert_false (gtk_widget_get_sensitive (buttons));
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "");
  kith_group_page_set_group (KITH_GROUP_PAGE (page), scene.node, choir);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "Ann, alto");

  g_object_set_data (G_OBJECT (window), "said", NULL);
  g_signal_emit_by_name (join_button, "clicked");
  kith_group_page_set_group (KITH_GROUP_PAGE (page), scene.node, team);
  kith_group_page_set_group (KITH_GROUP_PAGE (page), scene.node, choir);
  wait_for (g_object_get_data (G_OBJECT (window), "said") != NULL);
  g_assert_cmpstr (gtk_editable_get_text (row), ==, "Ann, alto");

  kith_group_page_set_group (KITH_GROUP_PAGE (page), NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/group-page/typed", test_invitation);
  g_test_add_func ("/group-page/typed-failed", test_invitation_failed);

  return g_test_run ();
}
