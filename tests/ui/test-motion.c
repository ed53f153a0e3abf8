/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "kith-test-layout.h"
#include "kith-test-town.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/dialogs/kith-invite-dialog.h"
#include "ui/dialogs/kith-join-dialog.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/kith-message-row.h"
#include "ui/kith-picture-area.h"
#include "ui/kith-window-private.h"

/* Whoever has turned animations off in the settings of the desktop sees none: what comes is there at once, and what
 * goes is gone. */

#define WIDTH 960
#define NARROW 360
#define HEIGHT 640
#define QUIET_MS 150   /* without a frame: none is on its way */
#define FEW_FRAMES 4   /* to show something new; the shortest animation of ours lasts for nine */

/* --- What moves in steps -------------------------------------------------------------------- */

static gboolean
is_property_set (gpointer widget, const char *name)
{
  gboolean is_set = FALSE;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), name) != NULL)
    g_object_get (widget, name, &is_set, NULL);

  return is_set;
}

/* @widget and all below it. */
static void
check_still (GtkWidget *widget)
{
  if (is_property_set (widget, "transition-running") || is_property_set (widget, "child-transition-running")
      || (GTK_IS_REVEALER (widget)
          && gtk_revealer_get_reveal_child (GTK_REVEALER (widget))
                 != gtk_revealer_get_child_revealed (GTK_REVEALER (widget))))
    {
      g_test_message ("A %s moves", G_OBJECT_TYPE_NAME (widget));
      g_test_fail ();
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_still (child);
}

/* To all pages of @stack, and back. */
static void
leaf_through (GtkStack *stack, GtkWidget *root)
{
  g_autoptr (GListModel) pages = G_LIST_MODEL (gtk_stack_get_pages (stack));
  GtkWidget *before = gtk_stack_get_visible_child (stack);

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (GObject) page = g_list_model_get_item (pages, i);

      gtk_stack_set_visible_child (stack, gtk_stack_page_get_child (GTK_STACK_PAGE (page)));
      check_still (root);
    }
  if (before != NULL)
    gtk_stack_set_visible_child (stack, before);
}

/* Moves all that can be moved in @widget and below it, and counts it. */
static guint
exercise (GtkWidget *widget, GtkWidget *root)
{
  guint n = 1;

  if (!gtk_widget_get_mapped (widget))
    return 0;

  if (GTK_IS_STACK (widget))
    leaf_through (GTK_STACK (widget), root);
  else if (GTK_IS_REVEALER (widget))
    for (guint i = 0; i < 2; i++)
      {
        gtk_revealer_set_reveal_child (GTK_REVEALER (widget), !gtk_revealer_get_reveal_child (GTK_REVEALER (widget)));
        check_still (root);
      }
  else if (ADW_IS_LEAFLET (widget))
    for (guint i = 0; i < 2; i++)
      {
        adw_leaflet_navigate (ADW_LEAFLET (widget), i == 0 ? ADW_NAVIGATION_DIRECTION_BACK
                                                           : ADW_NAVIGATION_DIRECTION_FORWARD);
        check_still (root);
      }
  else
    n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += exercise (child, root);

  return n;
}

/* @dialog: (transfer full) */
static void
exercise_dialog (GtkWidget *dialog)
{
  gtk_window_present (GTK_WINDOW (dialog));
  layout_settle (GTK_WINDOW (dialog));
  g_assert_cmpuint (exercise (dialog, dialog), >, 0);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static KithApplication *application;

static KithWindow *
open_window (Town *town, int width)
{
  KithWindow *window = town_make_window (town, application);

  gtk_window_present (GTK_WINDOW (window));
  layout_resize (GTK_WINDOW (window), width, HEIGHT);
  kith_window_open (window, G_OBJECT (town->talk));
  layout_settle (GTK_WINDOW (window));

  return window;
}

static void
close_window (KithWindow *window)
{
  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_steps (void)
{
  Town town;
  KithWindow *window;
  GtkWindow *parent;

  town_init (&town);
  window = open_window (&town, NARROW);
  parent = GTK_WINDOW (window);
  g_assert_cmpuint (exercise (GTK_WIDGET (window), GTK_WIDGET (window)), >, 0);
  kith_window_back (window);
  check_still (GTK_WIDGET (window));
  kith_window_open (window, G_OBJECT (town.group));
  check_still (GTK_WIDGET (window));
  kith_conversation_view_search (window->conversation_view);
  check_still (GTK_WIDGET (window));
  kith_window_search (window);
  check_still (GTK_WIDGET (window));

  exercise_dialog (kith_join_dialog_new (parent, town.scene.node));
  exercise_dialog (kith_invite_dialog_new (parent, town.scene.node));
  exercise_dialog (kith_doctor_dialog_new (parent, town.scene.node, NULL));
  exercise_dialog (kith_preferences_new (parent, NULL, town.scene.node));
  close_window (window);
  town_clear (&town);
}

/* --- What the style sheet moves ------------------------------------------------------------- */

static void
count_cb (guint *n_frames)
{
  (*n_frames)++;
}

static gboolean
quiet_cb (gpointer is_quiet)
{
  *(gboolean *) is_quiet = TRUE;

  return G_SOURCE_REMOVE;
}

/* Returns: how many frames are drawn until there is no more to be drawn */
static guint
count_frames (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  guint n_frames = 0;
  gulong id = g_signal_connect_swapped (clock, "paint", G_CALLBACK (count_cb), &n_frames);
  guint before;

  do
    {
      gboolean is_quiet = FALSE;

      before = n_frames;
      g_timeout_add (QUIET_MS, quiet_cb, &is_quiet);
      wait_for (is_quiet);
    }
  while (n_frames > before);
  g_signal_handler_disconnect (clock, id);

  return n_frames;
}

/* Returns: whether there was anything to be drawn */
static gboolean
check_class (GtkWidget *widget, const char *css_class)
{
  guint n_on, n_off;

  count_frames (widget);
  gtk_widget_add_css_class (widget, css_class);
  n_on = count_frames (widget);
  gtk_widget_remove_css_class (widget, css_class);
  n_off = count_frames (widget);
  g_assert_cmpuint (n_on, <=, FEW_FRAMES);
  g_assert_cmpuint (n_off, <=, FEW_FRAMES);

  return n_on > 0;
}

static void
test_style (void)
{
  Town town;
  KithWindow *window;
  GtkWidget *lock_page, *row;

  town_init (&town);
  window = open_window (&town, WIDTH);
  g_assert_true (check_class (scene_find (GTK_WIDGET (window->conversation_view), KITH_TYPE_MESSAGE_ROW, NULL),
                              "flash"));

  row = gtk_widget_get_ancestor (scene_find (GTK_WIDGET (window->sidebar), GTK_TYPE_WIDGET, "conversation-row"),
                                 g_type_from_name ("GtkListItemWidget"));
  g_assert_nonnull (row);
  count_frames (row);
  gtk_widget_set_state_flags (row, GTK_STATE_FLAG_PRELIGHT, FALSE);
  g_assert_cmpuint (count_frames (row), <=, FEW_FRAMES);

  kith_window_show_lock (window);
  lock_page = GTK_WIDGET (window->lock_page);
  check_class (GTK_WIDGET (gtk_widget_get_template_child (lock_page, KITH_TYPE_LOCK_PAGE, "group")), "shake");
  close_window (window);
  town_clear (&town);
}

/* --- Pictures ------------------------------------------------------------------------------- */

/* Of an animated one there is the first frame, until the user wants more. */
static void
test_picture (void)
{
  g_autoptr (KithPicture) picture = kith_picture_new (2, 2, TRUE);
  GtkWidget *area = kith_picture_area_new ();
  GtkWidget *window = scene_make_window (area);
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (16), 16);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GdkTexture) frame = gdk_memory_texture_new (2, 2, GDK_MEMORY_DEFAULT, pixels, 8);

      kith_picture_add_frame (picture, frame, 20);
    }
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (area));
  count_frames (area);
  kith_picture_area_set_picture (KITH_PICTURE_AREA (area), picture);
  g_assert_true (kith_picture_area_is_animated (KITH_PICTURE_AREA (area)));
  g_assert_false (kith_picture_area_get_playing (KITH_PICTURE_AREA (area)));
  g_assert_cmpuint (count_frames (area), <=, FEW_FRAMES);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions (); /* all that moves is to be told */
  if (!kith_init ())
    return 1;
  application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink", FALSE, NULL);

  g_test_add_func ("/motion/steps", test_steps);
  g_test_add_func ("/motion/style", test_style);
  g_test_add_func ("/motion/picture", test_picture);
  status = g_test_run ();
  g_object_unref (application);

  return status;
}
