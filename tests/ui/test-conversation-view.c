/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to a message is done to the one that the user sees. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "kith-test-scene.h"
#include "ui/kith-conversation-view.h"
#include "ui/kith-notice-bar.h"

/* (transfer full): always of the same id, which who sends a message chooses */
static KithMessage *
put (Scene *scene, KithConversation *conversation, const char *text)
{
  KithMessage *message;

  scene->next = 6;
  message = scene_make_message (scene, scene->ben, text);
  g_assert_true (kith_message_list_insert (kith_conversation_get_messages (conversation), message));
  return message;
}

static void
assert_answered (Scene *scene, KithConversation *conversation, const char *text, const char *other)
{
  GtkWidget *view = g_object_new (KITH_TYPE_CONVERSATION_VIEW, NULL);
  GtkWidget *window = scene_make_window (view);
  g_autoptr (KithMessage) message
    = g_list_model_get_item (G_LIST_MODEL (kith_conversation_get_messages (conversation)),
                             kith_message_list_get_length (kith_conversation_get_messages (conversation)) - 1);

  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), scene->node, conversation);
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (view));
  g_assert_true (gtk_widget_activate_action (view, "conversation.answer", "s", kith_message_get_id (message)));
  wait_for (scene_has_label (view, text));
  g_assert_false (scene_has_label (view, other));

  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_same_id (void)
{
  g_auto (Scene) scene;
  KithConversation *first;
  KithConversation *second;
  g_autoptr (KithMessage) one = NULL;
  g_autoptr (KithMessage) other = NULL;

  scene_init (&scene);
  first = scene_make_group (&scene);
  second = scene_make_group (&scene);
  one = put (&scene, first, "What was said");
  other = put (&scene, second, "Something else");
  g_assert_cmpstr (kith_message_get_id (one), ==, kith_message_get_id (other));

  g_assert_true (kith_conversation_find_message (first, kith_message_get_id (one)) == one);
  g_assert_true (kith_conversation_find_message (second, kith_message_get_id (one)) == other);
  g_assert_null (kith_conversation_find_message (first, "none"));
  assert_answered (&scene, first, "What was said", "Something else");
  assert_answered (&scene, second, "Something else", "What was said");
}

/* (transfer none) (nullable): there is one for words, too */
static KithNoticeBar *
find_notice (GtkWidget *widget)
{
  KithNoticeBar *found = NULL;

  if (KITH_IS_NOTICE_BAR (widget) && g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), "notice_bar") == 0)
    return KITH_NOTICE_BAR (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_notice (child);

  return found;
}

/* As each try in vain ends: it is nothing new, to see or to hear. */
static void
test_tries (void)
{
  g_auto (Scene) scene;
  GtkWidget *view = g_object_new (KITH_TYPE_CONVERSATION_VIEW, NULL);
  GtkWidget *window = scene_make_window (view);
  KithNoticeBar *bar;

  scene_init (&scene);
  kith_contact_set_relation (scene.ben, KITH_RELATION_MUTUAL);
  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), scene.node, scene.conversation);
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (view));
  bar = find_notice (view);
  g_assert_nonnull (bar);
  wait_for (kith_notice_bar_is_shown (bar));

  g_object_set_data (G_OBJECT (window), "said", NULL);
  kith_contact_set_presence (scene.ben, KITH_PRESENCE_CONNECTING);
  g_assert_true (kith_notice_bar_is_shown (bar));
  kith_contact_set_presence (scene.ben, KITH_PRESENCE_OFFLINE);
  g_assert_true (kith_notice_bar_is_shown (bar));
  g_assert_null (g_object_get_data (G_OBJECT (window), "said"));
  kith_contact_set_presence (scene.ben, KITH_PRESENCE_ONLINE);
  wait_for (!kith_notice_bar_is_shown (bar));
  kith_contact_set_presence (scene.ben, KITH_PRESENCE_CONNECTING);
  g_assert_false (kith_notice_bar_is_shown (bar));

  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  gtk_init ();
  adw_init ();

  g_test_add_func ("/conversation-view/same-id", test_same_id);
  g_test_add_func ("/conversation-view/tries", test_tries);
  return g_test_run ();
}
