/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-init.h"
#include "kith-test-scene.h"
#include "ui/kith-announcer.h"
#include "ui/kith-composer.h"
#include "ui/kith-focus.h"
#include "ui/kith-voice-bar.h"
#include "ui/kith-window-private.h"

/* The main window by itself: what it says, and what it keeps to itself. */

/* Returns: (transfer none): one of the scene's, on the screen; gtk_window_destroy() */
static KithWindow *
make_window (Scene *scene)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  KithWindow *window = kith_window_new (application);

  kith_window_set_node (window, scene->node);
  gtk_stack_set_visible_child_name (window->stack, "chat");
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (GTK_WIDGET (window->sidebar)));

  return window;
}

/* --- Toasts --------------------------------------------------------------------------------- */

static gboolean
is_in_toast (KithWindow *window)
{
  return window->visited_toast != NULL && kith_focus_is_in (window->visited_toast);
}

/* Who is at a toast stays there while it is shown, whichever else goes. */
static void
test_visited (void)
{
  g_auto (Scene) scene;
  KithWindow *window;
  GtkWidget *before;

  scene_init (&scene);
  window = make_window (&scene);
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
  before = kith_focus_get (GTK_WIDGET (window));
  g_assert_nonnull (before);

  kith_window_toast_with_button (window, "There is a group", "Show", "win.open", "group");
  kith_window_toast_with_button (window, "Archived", "Undo", "win.toast", "Back");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.next-region", NULL);
  g_assert_true (is_in_toast (window));

  adw_toast_dismiss (window->offer);
  g_assert_true (is_in_toast (window));
  adw_toast_dismiss (window->visited);
  g_assert_true (kith_focus_get (GTK_WIDGET (window)) == before);
  g_assert_cmpuint (window->toasts->len, ==, 0);

  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Not one after the other of what was said already. */
static void
test_repeated (void)
{
  g_auto (Scene) scene;
  KithWindow *window;

  scene_init (&scene);
  window = make_window (&scene);
  for (guint i = 0; i < 3; i++)
    kith_window_toast (window, "<Copied>");
  g_assert_cmpuint (window->toasts->len, ==, 1);
  kith_window_toast (window, "Deleted");
  kith_window_toast (window, "<Copied>");
  g_assert_cmpuint (window->toasts->len, ==, 3);

  /* What can be undone are two things. */
  kith_window_toast_with_button (window, "Archived", "Undo", "win.toast", "One");
  kith_window_toast_with_button (window, "Archived", "Undo", "win.toast", "Another");
  g_assert_cmpuint (window->toasts->len, ==, 5);

  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Who leaves what they speak for nothing at all is told where it waits; not when all is forgotten, it with the rest. */
static void
test_spoken (void)
{
  g_auto (Scene) scene;
  KithWindow *window;
  KithConversation *conversation;
  KithComposer *composer;
  GtkWidget *bar;

  g_setenv ("KITH_VOICE_SOURCE", "audiotestsrc is-live=true", TRUE);
  scene_init (&scene);
  conversation = scene_make_group (&scene);
  window = make_window (&scene);
  composer = KITH_COMPOSER (scene_find (GTK_WIDGET (window), KITH_TYPE_COMPOSER, NULL));
  bar = scene_find (GTK_WIDGET (composer), KITH_TYPE_VOICE_BAR, NULL);

  kith_window_open (window, G_OBJECT (conversation));
  kith_composer_record (composer);
  wait_for (!scene_has_label (bar, "0:00"));
  kith_window_open (window, NULL);
  g_assert_false (kith_voice_bar_is_any_listening ());
  g_assert_cmpuint (window->toasts->len, ==, 1);

  kith_window_open (window, G_OBJECT (conversation));
  g_signal_emit_by_name (scene_find (bar, GTK_TYPE_BUTTON, "flat"), "clicked");
  kith_composer_record (composer);
  wait_for (!scene_has_label (bar, "0:00"));
  kith_window_set_node (window, NULL);
  g_assert_false (kith_voice_bar_is_any_listening ());
  g_assert_cmpuint (window->toasts->len, ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- What is announced ---------------------------------------------------------------------- */

#if !GTK_CHECK_VERSION (4, 14, 0) /* from there on, GTK has an announcement that nobody can look at */

/* As if its author had changed it. */
static void
edit (Scene *scene, KithConversation *conversation, KithMessage *message)
{
  g_signal_emit_by_name (scene->node, "message-event::edited", conversation, "edited",
                         kith_message_get_id (message), scene->ben, kith_message_get_text (message));
}

/* Returns: (transfer full): one of Ben's, which stands there */
static KithMessage *
add_message (Scene *scene, KithConversation *conversation, const char *text)
{
  KithMessage *message = scene_make_message (scene, scene->ben, text);

  kith_conversation_add (conversation, message, FALSE);

  return message;
}

static gboolean
is_said (KithWindow *window, const char *words)
{
  GtkWidget *focus = kith_focus_get (GTK_WIDGET (window));
  g_autofree char *other = focus == NULL ? g_strdup ("")
                           : gtk_test_accessible_check_property (GTK_ACCESSIBLE (focus),
                                                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words);

  return other == NULL;
}

/* What was deleted, or has disappeared, before it could be said is not said. */
static void
test_announced (void)
{
  g_auto (Scene) scene;
  KithWindow *window;
  g_autoptr (KithAnnouncer) announcer = NULL;
  g_autoptr (KithMessage) deleted = NULL;
  g_autoptr (KithMessage) gone = NULL;
  g_autoptr (KithMessage) kept = NULL;
  g_autoptr (KithMessage) new = NULL;
  KithConversation *conversation;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  window = make_window (&scene);
  announcer = kith_announcer_new (window);
  g_object_notify (G_OBJECT (window), "node");
  kith_window_open (window, G_OBJECT (conversation));
  wait_for (kith_window_is_showing (window, G_OBJECT (conversation)));
  deleted = add_message (&scene, conversation, "Delete me");
  gone = add_message (&scene, conversation, "For a second");
  kept = add_message (&scene, conversation, "For ever");
  new = add_message (&scene, conversation, "Forget me");

  edit (&scene, conversation, deleted);
  edit (&scene, conversation, gone);
  edit (&scene, conversation, kept);
  g_signal_emit_by_name (scene.node, "message-added", conversation, new);
  kith_message_set_deleted (deleted);
  g_signal_emit_by_name (scene.node, "message-event::gone", conversation, "gone", kith_message_get_id (gone), NULL, NULL);
  g_signal_emit_by_name (scene.node, "message-event::gone", conversation, "gone", kith_message_get_id (new), NULL, NULL);
  wait_for (is_said (window, "Ben edited: For ever"));

  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

#endif

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;
  g_application_set_default (G_APPLICATION (application));

  g_test_add_func ("/window/visited", test_visited);
  g_test_add_func ("/window/repeated", test_repeated);
  g_test_add_func ("/window/spoken", test_spoken);
#if !GTK_CHECK_VERSION (4, 14, 0)
  g_test_add_func ("/window/announced", test_announced);
#endif

  return g_test_run ();
}
