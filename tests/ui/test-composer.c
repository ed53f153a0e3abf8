/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-scene.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "ui/kith-composer-mode.h"
#include "ui/kith-composer.h"
#include "ui/kith-conversation-view.h"
#include "ui/kith-message-view-private.h"
#include "ui/kith-unfinished.h"
#include "ui/kith-voice-bar.h"

/* Where messages are written, by itself: what takes long, or others, to come about in the real window. */

static GtkTextBuffer *
get_buffer (KithComposer *composer)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (scene_find (GTK_WIDGET (composer), GTK_TYPE_TEXT_VIEW, NULL)));
}

/* (nullable) */
static const char *
get_said (GtkWidget *window)
{
  return g_object_get_data (G_OBJECT (window), "said");
}

static void
say_nothing (GtkWidget *window)
{
  g_object_set_data (G_OBJECT (window), "said", NULL);
}

static void
assert_text (KithComposer *composer, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (get_buffer (composer), "text", &text, NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* As if the user had written @text and pressed Enter. */
static void
enter (KithComposer *composer, const char *text)
{
  GtkWidget *button = scene_find (GTK_WIDGET (composer), GTK_TYPE_BUTTON, "suggested-action");

  gtk_text_buffer_set_text (get_buffer (composer), text, -1);
  g_signal_emit_by_name (button, "clicked");
}

static guint
count_messages (KithConversation *conversation)
{
  return g_list_model_get_n_items (G_LIST_MODEL (kith_conversation_get_messages (conversation)));
}

static KithMessage *
get_message (KithConversation *conversation, guint i)
{
  g_autoptr (KithMessage) message
      = g_list_model_get_item (G_LIST_MODEL (kith_conversation_get_messages (conversation)), i);

  return message; /* the conversation holds it */
}

static guint
count_own (KithConversation *conversation)
{
  guint n = 0;

  for (guint i = 0; i < count_messages (conversation); i++)
    n += kith_message_get_kind (get_message (conversation, i)) == KITH_MESSAGE_TEXT;

  return n;
}

static KithMessage *
get_last (KithConversation *conversation)
{
  return get_message (conversation, count_messages (conversation) - 1);
}

/* What was sent is the conversation's, and goes with it. */
static void
test_sent (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  g_autoptr (GAsyncResult) cleared = NULL;
  gpointer sent;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);

  enter (composer, "Forget me");
  wait_for (count_own (conversation) == 1);
  assert_text (composer, "");
  sent = get_last (conversation);
  g_object_add_weak_pointer (sent, &sent);
  kith_composer_answer (composer, sent);
  kith_node_clear_history_async (scene.node, conversation, NULL, test_result_cb, &cleared);
  wait_for (cleared != NULL);
  g_assert_true (kith_node_clear_history_finish (scene.node, cleared, NULL));
  g_clear_object (&cleared);
  wait_for (sent == NULL);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* What was sent is not there yet when the user goes on to something else: nothing is done to that. */
static void
test_sent_elsewhere (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  guint n_sent = 0;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  g_signal_connect_swapped (composer, "sent", G_CALLBACK (count_cb), &n_sent);

  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "Here");
  wait_for (count_own (conversation) == 1);
  wait_for (n_sent == 1);

  enter (composer, "And gone");
  kith_composer_set_conversation (composer, scene.node, scene.conversation);
  wait_for (count_own (conversation) == 2);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "Nowhere");
  kith_composer_set_conversation (composer, scene.node, NULL);
  wait_for (count_own (conversation) == 3);
  g_assert_cmpuint (n_sent, ==, 1);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* As Escape does. */
static void
leave_mode (KithComposer *composer)
{
  GtkWidget *mode = scene_find (GTK_WIDGET (composer), KITH_TYPE_COMPOSER_MODE, NULL);

  g_signal_emit_by_name (mode, "cancelled");
}

/* Words that replace a message stay until they have done so, and a second Enter means nothing more. */
static void
test_edit (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) unknown = NULL;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "First");
  wait_for (count_own (conversation) == 1);

  gtk_text_buffer_set_text (get_buffer (composer), "A draft", -1);
  kith_composer_edit (composer, get_last (conversation));
  assert_text (composer, "First");
  enter (composer, "Better");
  enter (composer, "Better");
  wait_for (g_str_equal (kith_message_get_text (get_last (conversation)), "Better"));
  assert_text (composer, "A draft");

  /* One that is not there any more. */
  unknown = scene_make_message (&scene, NULL, "Gone");
  kith_composer_edit (composer, unknown);
  enter (composer, "Hard work");
  assert_text (composer, "Hard work");
  wait_for (get_said (window) != NULL);
  assert_text (composer, "Hard work");
  g_assert_cmpuint (count_own (conversation), ==, 1);

  /* The words wait for the user; the Enter of before is forgotten. */
  kith_composer_set_conversation (composer, scene.node, NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "Hard work");
  leave_mode (composer);
  assert_text (composer, "A draft");
  enter (composer, "Second");
  gtk_text_buffer_set_text (get_buffer (composer), "Second, and not sent", -1);
  wait_for (count_own (conversation) == 2);
  assert_text (composer, ", and not sent");

  /* A word that does something can be had back. */
  enter (composer, "/help");
  assert_text (composer, "");
  g_assert_true (gtk_text_buffer_get_can_undo (get_buffer (composer)));
  gtk_text_buffer_undo (get_buffer (composer));
  assert_text (composer, "/help");

  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is edited waits where it was left, also when it cannot be saved meanwhile. */
static void
test_unfinished (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) unknown = NULL;
  KithConversation *conversation, *other;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  other = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "First");
  wait_for (count_own (conversation) == 1);

  /* Left before it was saved. */
  gtk_text_buffer_set_text (get_buffer (composer), "A draft", -1);
  kith_composer_edit (composer, get_last (conversation));
  gtk_text_buffer_set_text (get_buffer (composer), "Not ready", -1);
  kith_composer_set_conversation (composer, scene.node, other);
  assert_text (composer, "");
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "Not ready");
  enter (composer, "Ready");
  /* It is saved while the user is elsewhere: nothing waits. */
  kith_composer_set_conversation (composer, scene.node, other);
  wait_for (g_str_equal (kith_message_get_text (get_last (conversation)), "Ready"));
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "A draft");

  /* It is not saved while the user is elsewhere: they are told, and it waits. */
  unknown = scene_make_message (&scene, NULL, "Gone");
  kith_composer_edit (composer, unknown);
  enter (composer, "Hard work");
  kith_composer_set_conversation (composer, scene.node, other);
  wait_for (get_said (window) != NULL);
  g_assert_nonnull (strstr (get_said (window), "Alone"));
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "Hard work");

  /* Nothing of what is deleted waits. */
  kith_composer_set_conversation (composer, scene.node, other);
  g_signal_emit_by_name (scene.node, "message-event::cleared", conversation, "cleared", NULL, NULL, NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "A draft");

  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- While a message comes into view ---------------------------------------------------------- */

static gboolean
is_within (GtkWidget *widget)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  return focus != NULL && gtk_widget_is_ancestor (focus, widget);
}

/* A message that comes into view takes the focus, unless the user has begun to write meanwhile: their Enter is to send. */
static void
test_jump_while_writing (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation;
  GtkWidget *view = g_object_new (KITH_TYPE_CONVERSATION_VIEW, NULL);
  GtkWidget *window = scene_make_window (view);
  KithMessageView *messages = KITH_MESSAGE_VIEW (scene_find (view, KITH_TYPE_MESSAGE_VIEW, NULL));
  KithComposer *composer = KITH_COMPOSER (scene_find (view, KITH_TYPE_COMPOSER, NULL));
  GtkWidget *text_view = scene_find (GTK_WIDGET (composer), GTK_TYPE_TEXT_VIEW, NULL);
  g_autoptr (KithMessage) message = NULL;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), scene.node, conversation);
  gtk_window_present (GTK_WINDOW (window));
  enter (composer, "First");
  wait_for (count_own (conversation) == 1);
  message = g_object_ref (get_last (conversation));
  kith_conversation_view_focus_composer (KITH_CONVERSATION_VIEW (view));
  kith_conversation_view_jump_to_message (KITH_CONVERSATION_VIEW (view), message, KITH_ARRIVAL_FOCUS);
  wait_for (is_within (GTK_WIDGET (messages)));

  kith_conversation_view_focus_composer (KITH_CONVERSATION_VIEW (view));
  kith_conversation_view_jump_to_message (KITH_CONVERSATION_VIEW (view), message, KITH_ARRIVAL_FOCUS);
  gtk_text_buffer_begin_user_action (get_buffer (composer));
  gtk_text_buffer_insert_at_cursor (get_buffer (composer), "Well", -1);
  gtk_text_buffer_end_user_action (get_buffer (composer));
  wait_for (messages->jump == NULL && messages->target == NULL);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (window)) == text_view);

  /* What was written before does not count. */
  kith_conversation_view_jump_to_message (KITH_CONVERSATION_VIEW (view), message, KITH_ARRIVAL_FOCUS);
  wait_for (is_within (GTK_WIDGET (messages)));

  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Spoken ---------------------------------------------------------------------------------- */

#define UNSENT "The voice message was not sent"

/* Until something was heard. */
static KithVoiceBar *
speak (KithComposer *composer)
{
  KithVoiceBar *bar = KITH_VOICE_BAR (scene_find (GTK_WIDGET (composer), KITH_TYPE_VOICE_BAR, NULL));

  kith_composer_record (composer);
  g_assert_true (kith_voice_bar_is_listening (bar));
  wait_for (!scene_has_label (GTK_WIDGET (bar), "0:00"));

  return bar;
}

static void
press (KithVoiceBar *bar, const char *css_class)
{
  g_signal_emit_by_name (scene_find (GTK_WIDGET (bar), GTK_TYPE_BUTTON, css_class), "clicked");
}

static void
recorded_cb (GPtrArray *recorded, GBytes *ogg, gpointer media, KithNode *node, KithConversation *conversation)
{
  g_assert_cmpuint (g_bytes_get_size (ogg), >, 0);
  g_ptr_array_add (recorded, conversation);
}

/* Who goes elsewhere finds it again when they are back, and can send it or not. */
static void
test_spoken (void)
{
  g_auto (Scene) scene;
  g_autoptr (GPtrArray) recorded = g_ptr_array_new ();
  KithConversation *conversation, *other;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  KithVoiceBar *bar;

  g_setenv ("KITH_VOICE_SOURCE", "audiotestsrc is-live=true", TRUE);
  scene_init (&scene);
  g_signal_connect_swapped (composer, "recorded", G_CALLBACK (recorded_cb), recorded);
  gtk_window_present (GTK_WINDOW (window));
  conversation = scene_make_group (&scene);
  other = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);
  bar = speak (composer);

  kith_composer_set_conversation (composer, scene.node, other);
  g_assert_false (kith_voice_bar_is_recording (bar));
  g_assert_false (kith_voice_bar_is_any_listening ());
  g_assert_nonnull (strstr (get_said (window), "waits in"));
  g_assert_cmpuint (kith_conversation_get_recorded_ms (conversation), >, 0);
  g_assert_cmpuint (kith_conversation_get_recorded_ms (other), ==, 0);

  /* One waits in each; who is there to write does not send it by chance. */
  speak (composer);
  say_nothing (window);
  kith_composer_set_conversation (composer, scene.node, NULL);
  g_assert_nonnull (strstr (get_said (window), "waits in"));
  kith_composer_set_conversation (composer, scene.node, conversation);
  g_assert_true (kith_voice_bar_is_recording (bar));
  g_assert_false (kith_voice_bar_is_any_listening ());
  kith_composer_focus (composer);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (window)) == GTK_WIDGET (bar));
  press (bar, "suggested-action");
  wait_for (recorded->len == 1);
  g_assert_true (recorded->pdata[0] == conversation);
  g_assert_false (kith_voice_bar_is_recording (bar));
  g_assert_cmpuint (kith_conversation_get_recorded_ms (conversation), ==, 0);

  kith_composer_set_conversation (composer, scene.node, other);
  g_assert_true (kith_voice_bar_is_recording (bar));
  press (bar, "flat");
  g_assert_false (kith_voice_bar_is_recording (bar));
  g_assert_cmpuint (kith_conversation_get_recorded_ms (other), ==, 0);
  kith_composer_set_conversation (composer, scene.node, conversation);
  g_assert_false (kith_voice_bar_is_recording (bar));

  /* Nothing waits for a group that is deleted, nor behind a lock. */
  speak (composer);
  kith_composer_set_conversation (composer, scene.node, other);
  g_signal_emit_by_name (scene.node, "group-changed::removed", kith_conversation_get_group (conversation), "removed");
  g_assert_cmpstr (get_said (window), ==, UNSENT);
  g_assert_cmpuint (kith_conversation_get_recorded_ms (conversation), ==, 0);
  kith_composer_set_conversation (composer, scene.node, conversation);
  g_assert_false (kith_voice_bar_is_recording (bar));
  speak (composer);
  say_nothing (window);
  kith_composer_set_conversation (composer, NULL, NULL);
  g_assert_null (get_said (window));
  kith_composer_set_conversation (composer, scene.node, conversation);
  g_assert_false (kith_voice_bar_is_recording (bar));
  g_assert_cmpuint (recorded->len, ==, 1);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
set_state (Scene *scene, KithConversation *conversation, KithMembership state)
{
  kith_group_set_state (kith_conversation_get_group (conversation), state);
  g_signal_emit_by_name (scene->node, "group-changed::state", kith_conversation_get_group (conversation), "state");
}

/* Who is not in a group any more cannot send there what they have said, and is told: be it here or elsewhere, and
 * whichever they hear of first. */
static void
test_spoken_left (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  KithVoiceBar *bar;

  g_setenv ("KITH_VOICE_SOURCE", "audiotestsrc is-live=true", TRUE);
  scene_init (&scene);
  conversation = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);
  bar = speak (composer);
  kith_composer_set_conversation (composer, scene.node, NULL);
  set_state (&scene, conversation, KITH_MEMBERSHIP_SPLIT);
  g_assert_cmpuint (kith_conversation_get_recorded_ms (conversation), >, 0);
  set_state (&scene, conversation, KITH_MEMBERSHIP_LEFT);
  g_assert_cmpstr (get_said (window), ==, UNSENT);
  g_assert_cmpuint (kith_conversation_get_recorded_ms (conversation), ==, 0);

  /* What waits before their eyes. */
  set_state (&scene, conversation, KITH_MEMBERSHIP_MEMBER);
  kith_composer_set_conversation (composer, scene.node, conversation);
  speak (composer);
  kith_composer_set_conversation (composer, scene.node, NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  g_assert_true (kith_voice_bar_is_recording (bar));
  say_nothing (window);
  set_state (&scene, conversation, KITH_MEMBERSHIP_KICKED);
  g_assert_false (kith_voice_bar_is_recording (bar));
  g_assert_cmpstr (get_said (window), ==, UNSENT);

  set_state (&scene, conversation, KITH_MEMBERSHIP_MEMBER);
  speak (composer);
  kith_group_set_state (kith_conversation_get_group (conversation), KITH_MEMBERSHIP_LEFT);
  say_nothing (window);
  kith_composer_set_conversation (composer, scene.node, NULL);
  g_assert_cmpstr (get_said (window), ==, UNSENT);
  g_assert_cmpuint (kith_conversation_get_recorded_ms (conversation), ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* As many as are kept, and who is told that one more is not. */
static void
test_spoken_often (void)
{
  g_auto (Scene) scene;
  KithConversation *last;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));

  g_setenv ("KITH_VOICE_SOURCE", "audiotestsrc is-live=true", TRUE);
  scene_init (&scene);
  for (guint i = 0; i <= KITH_LIMIT_VOICES_KEPT; i++)
    {
      last = scene_make_group (&scene);
      kith_composer_set_conversation (composer, scene.node, last);
      speak (composer);
    }
  kith_composer_set_conversation (composer, scene.node, scene_make_group (&scene));
  g_assert_cmpstr (get_said (window), ==, UNSENT);
  g_assert_cmpuint (kith_conversation_get_recorded_ms (last), ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Locked ---------------------------------------------------------------------------------- */

/* Leaves what was written in the place of the last message as a profile is left that is locked. */
static void
lock_editing (KithComposer *composer, KithNode *node, KithConversation *conversation, const char *text)
{
  kith_composer_edit (composer, get_last (conversation));
  gtk_text_buffer_set_text (get_buffer (composer), text, -1);
  kith_composer_set_conversation (composer, node, NULL);
  kith_composer_set_conversation (composer, NULL, NULL);
  assert_text (composer, "");
}

/* What is edited is there again after the profile was locked. */
static void
test_locked (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation, *other;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  GtkWidget *mode = scene_find (GTK_WIDGET (composer), KITH_TYPE_COMPOSER_MODE, NULL);
  g_autofree char *key = NULL;
  const char *id;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  other = scene_make_group (&scene);
  id = kith_conversation_get_key_text (conversation);
  key = g_strconcat ("typed-edit-", id, "-0", NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "First");
  wait_for (count_own (conversation) == 1);

  gtk_text_buffer_set_text (get_buffer (composer), "A draft", -1);
  lock_editing (composer, scene.node, conversation, "Not\nready");
  g_assert_nonnull (kith_node_get_setting (scene.node, key));
  kith_composer_set_conversation (composer, scene.node, other);
  kith_composer_set_conversation (composer, scene.node, conversation);
  wait_for (kith_composer_mode_get_edited (KITH_COMPOSER_MODE (mode)) == get_last (conversation));
  assert_text (composer, "Not\nready");
  g_assert_null (kith_node_get_setting (scene.node, key));
  leave_mode (composer);
  assert_text (composer, "A draft");

  /* What was not changed is not kept. */
  lock_editing (composer, scene.node, conversation, "First");
  g_assert_null (kith_node_get_setting (scene.node, key));

  /* It was saved after all, while nobody was there. */
  kith_composer_set_conversation (composer, scene.node, conversation);
  kith_composer_edit (composer, get_last (conversation));
  enter (composer, "Ready");
  kith_composer_set_conversation (composer, NULL, NULL);
  g_assert_nonnull (kith_node_get_setting (scene.node, key));
  wait_for (g_str_equal (kith_message_get_text (get_last (conversation)), "Ready"));
  kith_composer_set_conversation (composer, scene.node, conversation);
  wait_for (kith_node_get_setting (scene.node, key) == NULL);
  assert_text (composer, "A draft");

  kith_composer_set_conversation (composer, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Until the store has looked for the last message, and behind that for what the composer asked it before. */
static void
wait_for_store (KithNode *node, KithConversation *conversation)
{
  g_autoptr (GAsyncResult) fetched = NULL;
  g_autoptr (KithMessage) message = NULL;

  kith_node_fetch_message_async (node, conversation, kith_message_get_id (get_last (conversation)), NULL,
                                 test_result_cb, &fetched);
  wait_for (fetched != NULL);
  message = kith_node_fetch_message_finish (node, fetched, NULL, NULL);
  g_assert_nonnull (message);
}

/* What was edited never gets in the way of what the user begins as soon as the profile is unlocked: it waits. */
static void
test_locked_busy (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation, *other;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  KithComposerMode *mode
      = KITH_COMPOSER_MODE (scene_find (GTK_WIDGET (composer), KITH_TYPE_COMPOSER_MODE, NULL));
  KithMessage *first;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  other = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "First");
  wait_for (count_own (conversation) == 1);
  first = get_last (conversation);

  /* They write. */
  lock_editing (composer, scene.node, conversation, "Not ready");
  kith_composer_set_conversation (composer, scene.node, conversation);
  gtk_text_buffer_set_text (get_buffer (composer), "Quick", -1);
  wait_for_store (scene.node, conversation);
  assert_text (composer, "Quick");
  g_assert_null (kith_composer_mode_get_edited (mode));

  /* They send what stands there. */
  kith_composer_set_conversation (composer, NULL, NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "Quick");
  wait_for_store (scene.node, conversation);
  g_assert_null (kith_composer_mode_get_edited (mode));
  wait_for (count_own (conversation) == 2);
  assert_text (composer, "");

  kith_composer_set_conversation (composer, scene.node, other);
  kith_composer_set_conversation (composer, scene.node, conversation);
  wait_for (kith_composer_mode_get_edited (mode) == first);
  assert_text (composer, "Not ready");

  kith_composer_set_conversation (composer, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Nothing of what is gone is kept. */
static void
test_locked_gone (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) unknown = NULL;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  g_autofree char *key = NULL;
  const char *id;

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  unknown = scene_make_message (&scene, NULL, "Gone");
  id = kith_conversation_get_key_text (conversation);
  key = g_strconcat ("typed-edit-", id, "-0", NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  enter (composer, "First");
  wait_for (count_own (conversation) == 1);

  lock_editing (composer, scene.node, conversation, "Better");
  kith_unfinished_forget_stored (scene.node, id, kith_message_get_id (unknown));
  g_assert_nonnull (kith_node_get_setting (scene.node, key));
  kith_unfinished_forget_stored (scene.node, id, kith_message_get_id (get_last (conversation)));
  g_assert_null (kith_node_get_setting (scene.node, key));

  /* While the profile was locked. */
  kith_composer_set_conversation (composer, scene.node, conversation);
  kith_composer_edit (composer, unknown);
  gtk_text_buffer_set_text (get_buffer (composer), "Of no use", -1);
  kith_composer_set_conversation (composer, NULL, NULL);
  g_assert_nonnull (kith_node_get_setting (scene.node, key));
  kith_unfinished_check_stored (scene.node);
  wait_for (kith_node_get_setting (scene.node, key) == NULL);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* What could not be done comes back, and takes nothing away. */
static void
test_give_back (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));

  scene_init (&scene);
  conversation = scene_make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);
  kith_composer_give_back (composer, conversation, "/group topic Bees");
  assert_text (composer, "/group topic Bees");
  kith_composer_give_back (composer, conversation, "/group topic Wasps");
  assert_text (composer, "/group topic Bees");

  gtk_text_buffer_set_text (get_buffer (composer), "", -1);
  kith_composer_set_conversation (composer, scene.node, NULL);
  kith_composer_give_back (composer, conversation, "/group topic Wasps");
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "/group topic Wasps");

  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Who is offered ------------------------------------------------------------------------- */

/* What is offered is for where it was typed, and not for where the cursor has gone. */
static void
test_completion (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithContact) twin = NULL;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  GtkWidget *list, *popover;
  GtkTextIter start;

  scene_init (&scene);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("Zed%02u", i);
      g_autoptr (KithContact) contact = scene_make_person (&scene, name);

      g_list_store_append (scene.node->contacts, contact);
    }
  twin = scene_make_person (&scene, "Zed00");
  g_list_store_append (scene.node->contacts, twin);
  kith_composer_set_conversation (composer, scene.node, scene.conversation);
  gtk_window_present (GTK_WINDOW (window));

  gtk_text_buffer_set_text (get_buffer (composer), "@zed", -1);
  popover = gtk_widget_get_last_child (GTK_WIDGET (composer));
  list = scene_find (popover, GTK_TYPE_LIST_BOX, NULL);
  g_assert_true (gtk_widget_get_visible (popover));
  g_assert_cmpuint (scene_count_children (list), ==, 8);
  g_assert_true (scene_has_label (list, "Zed06"));
  g_assert_false (scene_has_label (list, "Zed07"));

  gtk_text_buffer_get_start_iter (get_buffer (composer), &start);
  gtk_text_buffer_place_cursor (get_buffer (composer), &start);
  wait_for (!gtk_widget_get_visible (popover));
  kith_composer_set_conversation (composer, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- From right to left --------------------------------------------------------------------- */

/* Returns: whether the cursor of @view is in its left half */
static gboolean
is_cursor_left (GtkTextView *view)
{
  GdkRectangle cursor;

  gtk_text_view_get_cursor_locations (view, NULL, &cursor, NULL);

  return cursor.x < gtk_widget_get_width (GTK_WIDGET (view)) / 2;
}

/* The keys here are Latin: that says where a Latin text begins, and not where an empty one does. */
static void
test_side (void)
{
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  GtkTextView *view = GTK_TEXT_VIEW (scene_find (GTK_WIDGET (composer), GTK_TYPE_TEXT_VIEW, NULL));

  gtk_window_set_default_size (GTK_WINDOW (window), 600, 200);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_grab_focus (GTK_WIDGET (view));
  wait_for (gtk_widget_get_width (GTK_WIDGET (view)) > 200);
  g_assert_true (is_cursor_left (view));

  gtk_widget_set_direction (GTK_WIDGET (view), GTK_TEXT_DIR_RTL);
  g_assert_false (is_cursor_left (view));
  gtk_text_buffer_set_text (get_buffer (composer), "a", -1);
  g_assert_true (is_cursor_left (view));
  gtk_text_buffer_set_text (get_buffer (composer), "\xd8\xb4", -1); /* an Arabic letter */
  g_assert_false (is_cursor_left (view));
  gtk_text_buffer_set_text (get_buffer (composer), "", -1);
  g_assert_false (is_cursor_left (view));

  gtk_widget_set_direction (GTK_WIDGET (view), GTK_TEXT_DIR_LTR);
  g_assert_true (is_cursor_left (view));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/composer/sent", test_sent);
  g_test_add_func ("/composer/sent-elsewhere", test_sent_elsewhere);
  g_test_add_func ("/composer/edit", test_edit);
  g_test_add_func ("/composer/unfinished", test_unfinished);
  g_test_add_func ("/composer/jump", test_jump_while_writing);
  g_test_add_func ("/composer/spoken", test_spoken);
  g_test_add_func ("/composer/spoken-left", test_spoken_left);
  g_test_add_func ("/composer/spoken-often", test_spoken_often);
  g_test_add_func ("/composer/locked", test_locked);
  g_test_add_func ("/composer/locked-busy", test_locked_busy);
  g_test_add_func ("/composer/locked-gone", test_locked_gone);
  g_test_add_func ("/composer/give-back", test_give_back);
  g_test_add_func ("/composer/completion", test_completion);
  g_test_add_func ("/composer/side", test_side);

  return g_test_run ();
}
