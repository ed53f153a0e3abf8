/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-scene.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-private.h"
#include "ui/dialogs/kith-details-dialog.h"
#include "ui/dialogs/kith-text-dialog.h"
#include "ui/kith-composer-mode.h"
#include "ui/kith-composer.h"
#include "ui/kith-conversation-row.h"
#include "ui/kith-conversation-view.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-file-acts.h"
#include "ui/kith-file-words.h"
#include "ui/kith-hit-list.h"
#include "ui/kith-hit-row.h"
#include "ui/kith-join-request-row.h"
#include "ui/kith-message-row.h"
#include "ui/kith-person-row.h"
#include "ui/kith-reactions.h"
#include "ui/kith-setup-page.h"
#include "ui/kith-sidebar.h"

/* Parts of the window by themselves, with people and messages that stand in the model alone: what takes
 * long, or others, to come about in the real one. */

/* --- What was found ------------------------------------------------------------------------- */

/* Of the text of @label, what has an attribute of @type, in brackets. */
static char *
dup_marked (GtkLabel *label, PangoAttrType type, int value)
{
  const char *text = gtk_label_get_text (label);
  PangoAttrIterator *iter = pango_attr_list_get_iterator (gtk_label_get_attributes (label));
  GString *marked = g_string_new (NULL);

  do
    {
      PangoAttribute *attribute = pango_attr_iterator_get (iter, type);
      gboolean is_marked = attribute != NULL && ((PangoAttrInt *) attribute)->value == value;
      int start, end;

      pango_attr_iterator_range (iter, &start, &end);
      end = MIN (end, (int) strlen (text));
      if (start >= end)
        continue;
      g_string_append (marked, is_marked ? "[" : "");
      g_string_append_len (marked, text + start, end - start);
      g_string_append (marked, is_marked ? "]" : "");
    }
  while (pango_attr_iterator_next (iter));

  pango_attr_iterator_destroy (iter);

  return g_string_free (marked, FALSE);
}

static gboolean
is_snippet (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static GtkWidget *
find_snippet (GtkWidget *widget, const char *text)
{
  GtkWidget *found = is_snippet (widget, text) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_snippet (child, text);

  return found;
}

/* By its weight and a line, and nothing else. */
static void
test_hit_is_marked (void)
{
  static const struct
  {
    const char *text;
    KithSearchRange ranges[2];
    guint n;
    const char *marked;
  } cases[] = {
    { "The needle is <b>here</b>", { { 4, 10 } }, 1, "The [needle] is <b>here</b>" },
    { "我们在北京见面", { { 9, 15 } }, 1, "我们在[北京]见面" },
    { "one two one", { { 0, 3 }, { 8, 11 } }, 2, "[one] two [one]" },
  };
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KithMessage) message = scene_make_message (&scene, scene.ben, cases[i].text);
      g_autoptr (KithSearchHit) hit = kith_search_hit_new (scene.conversation, message, cases[i].text,
                                                           cases[i].ranges, cases[i].n);
      g_autoptr (GtkWidget) row = g_object_ref_sink (kith_hit_row_new ());
      g_autofree char *bold = NULL;
      g_autofree char *underlined = NULL;
      GtkWidget *label;

      kith_hit_row_set_hit (KITH_HIT_ROW (row), hit, TRUE);
      label = find_snippet (row, cases[i].text);
      g_assert_nonnull (label);
      bold = dup_marked (GTK_LABEL (label), PANGO_ATTR_WEIGHT, PANGO_WEIGHT_BOLD);
      underlined = dup_marked (GTK_LABEL (label), PANGO_ATTR_UNDERLINE, PANGO_UNDERLINE_SINGLE);
      g_assert_cmpstr (bold, ==, cases[i].marked);
      g_assert_cmpstr (underlined, ==, cases[i].marked);
    }
}

/* What could not be looked for is not told to be nowhere. */
static void
test_search_fails (void)
{
  g_autofree char *too_long = g_strnfill (2 * KITH_LIMIT_SEARCH_TEXT_BYTES, 'x');
  g_auto (Scene) scene;
  GtkWidget *sidebar = g_object_new (KITH_TYPE_SIDEBAR, NULL);
  GtkWidget *window = scene_make_window (sidebar);
  GtkStack *stack = GTK_STACK (gtk_widget_get_template_child (sidebar, KITH_TYPE_SIDEBAR, "stack"));
  GtkEditable *entry = GTK_EDITABLE (gtk_widget_get_template_child (sidebar, KITH_TYPE_SIDEBAR,
                                                                     "search_entry"));

  scene_init (&scene);
  kith_sidebar_set_node (KITH_SIDEBAR (sidebar), scene.node);
  gtk_window_present (GTK_WINDOW (window));
  gtk_editable_set_text (entry, "nobody");
  wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), "no-results"));

  gtk_editable_set_text (entry, too_long);
  wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), "search-failed"));
  g_assert_true (scene_has_label (gtk_stack_get_visible_child (stack), "not valid"));

  gtk_editable_set_text (entry, "nobody");
  wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), "no-results"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Returns: (transfer none): a group without anybody else, where somebody has written @texts */
static KithConversation *
write_to_group (Scene *scene, const char *const *texts)
{
  KithConversation *conversation = scene_make_group (scene);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autoptr (GAsyncResult) sent = NULL;
      g_autoptr (KithMessage) message = NULL;

      kith_node_send_async (scene->node, conversation, texts[i], NULL, test_result_cb, &sent);
      wait_for (sent != NULL);
      message = kith_node_send_finish (scene->node, sent, NULL);
      g_assert_nonnull (message);
    }

  return conversation;
}

static void
opened_cb (GPtrArray *opened, KithSearchHit *hit)
{
  g_ptr_array_add (opened, g_strdup (kith_message_get_text (kith_search_hit_get_message (hit))));
}

/* Enter is for what stands there, whether it was looked for already or not. */
static void
test_search_enter (void)
{
  static const char *const texts[] = { "needle one", "straw", "needle two", "hay", NULL };
  g_autoptr (GPtrArray) opened = g_ptr_array_new_with_free_func (g_free);
  g_auto (Scene) scene;
  KithConversation *conversation;
  GtkWidget *view = g_object_new (KITH_TYPE_CONVERSATION_VIEW, NULL);
  GtkWidget *window = scene_make_window (view);
  GtkWidget *hits = GTK_WIDGET (gtk_widget_get_template_child (view, KITH_TYPE_CONVERSATION_VIEW, "hits"));
  GtkEditable *entry
      = GTK_EDITABLE (gtk_widget_get_template_child (view, KITH_TYPE_CONVERSATION_VIEW, "search_entry"));
  GtkWidget *list = scene_find (hits, KITH_TYPE_HIT_LIST, NULL);
  int end = 5; /* of "straw" */

  scene_init (&scene);
  conversation = write_to_group (&scene, texts);
  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), scene.node, conversation);
  g_signal_connect_swapped (list, "opened", G_CALLBACK (opened_cb), opened);
  gtk_window_present (GTK_WINDOW (window));
  kith_conversation_view_search (KITH_CONVERSATION_VIEW (view));

  /* Hits of before do not count. */
  gtk_editable_set_text (entry, "straw");
  wait_for (kith_hit_list_get_n_hits (KITH_HIT_LIST (list)) == 1);
  gtk_editable_set_text (entry, "needle");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpuint (opened->len, ==, 0);
  wait_for (opened->len > 0);
  g_assert_cmpstr (opened->pdata[0], ==, "needle two");
  g_assert_false (gtk_widget_get_visible (hits));

  /* The entry, which has waited, has nothing to add. */
  g_signal_emit_by_name (entry, "search-changed");
  g_assert_false (gtk_widget_get_visible (hits));
  g_assert_cmpuint (opened->len, ==, 1);

  /* They can be had again, and another one be chosen. */
  g_signal_emit_by_name (entry, "activate");
  g_assert_true (gtk_widget_get_visible (hits));
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpuint (opened->len, ==, 2);

  /* Whoever types on, or finds nothing, goes nowhere. */
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  gtk_editable_set_text (entry, "straw");
  g_signal_emit_by_name (entry, "activate");
  g_object_set (entry, "search-delay", 2 * DEADLINE_S * 1000, NULL); /* what was found comes first */
  gtk_editable_insert_text (entry, "s", -1, &end);
  wait_for (scene_has_label (list, "straw"));
  g_assert_cmpuint (opened->len, ==, 2);
  gtk_editable_set_text (entry, "nothing like it");
  g_signal_emit_by_name (entry, "activate");
  wait_for (scene_has_label (list, "No message found"));
  g_assert_cmpuint (opened->len, ==, 2);

  /* Nor is anybody taken away from where they have gone meanwhile. */
  gtk_editable_set_text (entry, "straw");
  g_signal_emit_by_name (entry, "activate");
  kith_conversation_view_focus_composer (KITH_CONVERSATION_VIEW (view));
  wait_for (scene_has_label (list, "straw"));
  g_assert_cmpuint (opened->len, ==, 2);

  kith_conversation_view_set_conversation (KITH_CONVERSATION_VIEW (view), NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- The list of conversations -------------------------------------------------------------- */

static void
test_row (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GtkWidget) row = g_object_ref_sink (g_object_new (KITH_TYPE_CONVERSATION_ROW, NULL));

  scene_init (&scene);
  message = scene_make_message (&scene, scene.ben, "Too early");
  kith_conversation_add (scene.conversation, message, FALSE);
  kith_conversation_row_set_item (KITH_CONVERSATION_ROW (row), G_OBJECT (scene.conversation));
  g_assert_true (scene_has_label (row, "Too early"));

  kith_message_set_text (message, "Just in time", 1700000001000);
  g_assert_true (scene_has_label (row, "Just in time"));
  kith_message_set_deleted (message);
  g_assert_false (scene_has_label (row, "Just in time"));
  g_assert_true (scene_has_label (row, "deleted"));

  kith_conversation_set_draft (scene.conversation, "I was just");
  g_assert_true (scene_has_label (row, "Draft: I was just"));
  kith_conversation_set_recorded_ms (scene.conversation, 1900);
  g_assert_true (scene_has_label (row, "Draft: Voice message, 2 seconds"));
  kith_conversation_set_recorded_ms (scene.conversation, 0);
  g_assert_true (scene_has_label (row, "Draft: I was just"));
  kith_conversation_row_set_item (KITH_CONVERSATION_ROW (row), NULL);
}

static void
copy_cb (guint *n_copied, GVariant *parameter)
{
  (*n_copied)++;
}

/* What was deleted has nothing to copy, and leaves what was copied before. */
static void
test_copy (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithTimelineItem) item = NULL;
  g_autoptr (GtkWidget) row = g_object_ref_sink (g_object_new (KITH_TYPE_MESSAGE_ROW, NULL));
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) copy = g_simple_action_new ("copy", G_VARIANT_TYPE_STRING);
  guint n_copied = 0;

  scene_init (&scene);
  g_signal_connect_swapped (copy, "activate", G_CALLBACK (copy_cb), &n_copied);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (copy));
  gtk_widget_insert_action_group (row, "win", G_ACTION_GROUP (actions));
  message = scene_make_message (&scene, scene.ben, "The gate is 4711");
  item = kith_timeline_item_new (KITH_TIMELINE_MESSAGE, message);
  kith_message_row_set_item (KITH_MESSAGE_ROW (row), item, NULL);
  g_assert_true (gtk_widget_activate_action (row, "message.copy", NULL));
  g_assert_cmpuint (n_copied, ==, 1);

  kith_message_set_deleted (message);
  gtk_widget_activate_action (row, "message.copy", NULL);
  g_assert_cmpuint (n_copied, ==, 1);
  kith_message_row_set_item (KITH_MESSAGE_ROW (row), NULL, NULL);
}

/* --- Reactions ------------------------------------------------------------------------------ */

#define N_REACTIONS 1000

static void
react_cb (GVariant **said, GVariant *target)
{
  g_clear_pointer (said, g_variant_unref);
  *said = g_variant_ref (target);
}

/* What is chosen is for the message that it was chosen for, also when the row has got another one meanwhile. */
static void
test_picked (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) other = NULL;
  g_autoptr (KithTimelineItem) item = NULL;
  g_autoptr (KithTimelineItem) other_item = NULL;
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) react = g_simple_action_new ("react", G_VARIANT_TYPE ("(ss)"));
  g_autoptr (GVariant) said = NULL;
  GtkWidget *row = g_object_new (KITH_TYPE_MESSAGE_ROW, NULL);
  GtkWidget *window = scene_make_window (row);
  const char *id;

  scene_init (&scene);
  g_signal_connect_swapped (react, "activate", G_CALLBACK (react_cb), &said);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (react));
  gtk_widget_insert_action_group (window, "conversation", G_ACTION_GROUP (actions));
  message = scene_make_message (&scene, scene.ben, "It was a girl");
  other = scene_make_message (&scene, scene.ben, "The cat died");
  item = kith_timeline_item_new (KITH_TIMELINE_MESSAGE, message);
  other_item = kith_timeline_item_new (KITH_TIMELINE_MESSAGE, other);
  kith_message_row_set_item (KITH_MESSAGE_ROW (row), item, NULL);
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (row));

  g_assert_true (gtk_widget_activate_action (row, "message.menu", NULL));
  g_signal_emit_by_name (gtk_widget_get_last_child (scene_find (row, GTK_TYPE_BOX, "reaction-choice")), "clicked");
  kith_message_row_set_item (KITH_MESSAGE_ROW (row), other_item, NULL);
  g_signal_emit_by_name (scene_find (row, GTK_TYPE_EMOJI_CHOOSER, NULL), "emoji-picked", "🎉");
  g_assert_nonnull (said);
  g_variant_get (said, "(&s&s)", &id, NULL);
  g_assert_cmpstr (id, ==, kith_message_get_id (message));
  g_assert_cmpstr (id, !=, kith_message_get_id (other));

  kith_message_row_set_item (KITH_MESSAGE_ROW (row), NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Everybody of a big group says something else. */
static void
test_reactions (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GtkWidget) reactions = g_object_ref_sink (g_object_new (KITH_TYPE_REACTIONS, NULL));
  GtkWidget *more, *chip;
  const char *names;
  int least, usual, height, height_of_one;

  scene_init (&scene);
  message = scene_make_message (&scene, scene.ben, "What do you say?");
  kith_message_set_reaction (message, NULL, "👍");
  kith_message_set_reaction (message, scene.ben, "👍");
  kith_reactions_set_message (KITH_REACTIONS (reactions), message);
  g_assert_cmpuint (scene_count_children (reactions), ==, 1);
  g_assert_true (scene_has_label (reactions, "👍 2"));
  gtk_widget_measure (reactions, GTK_ORIENTATION_VERTICAL, 200, &height_of_one, NULL, NULL, NULL);

  for (guint i = 0; i < N_REACTIONS; i++)
    {
      g_autofree char *name = g_strdup_printf ("Person %u", i);
      g_autoptr (KithContact) who = scene_make_person (&scene, name);
      char emoji[8] = "";

      g_unichar_to_utf8 (i % 2 == 0 ? 0x1f44d : 0x1f300 + i / 2, emoji);
      kith_message_set_reaction (message, who, emoji);
    }
  kith_reactions_set_message (KITH_REACTIONS (reactions), message);
  g_assert_cmpuint (scene_count_children (reactions), ==, 9);
  g_assert_true (scene_has_label (reactions, "👍 50"));
  more = scene_find (reactions, GTK_TYPE_MENU_BUTTON, NULL);
  g_assert_nonnull (more);
  g_assert_true (scene_has_label (more, "+"));

  /* As narrow as a telephone, in several lines. */
  gtk_widget_measure (reactions, GTK_ORIENTATION_HORIZONTAL, -1, &least, &usual, NULL, NULL);
  g_assert_cmpint (least, <, 120);
  g_assert_cmpint (usual, >, 300);
  gtk_widget_measure (reactions, GTK_ORIENTATION_VERTICAL, 200, &height, NULL, NULL, NULL);
  g_assert_cmpint (height, >, 2 * height_of_one);

  chip = gtk_widget_get_first_child (reactions);
  names = gtk_widget_get_tooltip_text (chip);
  g_assert_nonnull (strstr (names, "You, Ben"));
  g_assert_nonnull (strstr (names, "others"));
  g_assert_cmpuint (strlen (names), <, 400);
}

/* --- Files ---------------------------------------------------------------------------------- */

static void
test_programs (void)
{
  static const char *const shown[] = { "a.png", "B.JPEG", "/tmp/a.b/film.mp4", "notes.txt", "x.tar.gz" };
  static const char *const asked[]
      = { "a.sh", "a.xht", "a.svgz", "a.html", "a", "a.png.exe", "a.pyw", "a.iso", "png", ".png", "a.pptm" };

  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    g_assert_false (kith_file_may_be_program (shown[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    g_assert_true (kith_file_may_be_program (asked[i]));
}

/* One that had come before a backup was made, and was not found again where that was restored: that is said, and it can
 * be had once more. */
static void
test_lost_file (void)
{
  const guint8 id[KITH_MESSAGE_ID_BYTES] = { 1 };
  const KithMedia media = { .type = (char *) "image/png" };
  g_autoptr (KithTransfer) transfer = kith_transfer_new (id, NULL, FALSE, "a.png", 7, &media);
  g_autofree char *lost = NULL;
  g_autofree char *found = NULL;

  kith_transfer_set_state (transfer, KITH_TRANSFER_DONE);
  lost = kith_file_dup_state (transfer);
  g_assert_nonnull (strstr (lost, "It is not there anymore"));
  g_assert_false (kith_file_is_here (transfer));
  g_assert_cmpint (kith_file_find_acts (transfer), ==, KITH_FILE_ACCEPT | KITH_FILE_ACCEPT_AS);

  kith_transfer_set_path (transfer, "/tmp/a.png");
  found = kith_file_dup_state (transfer);
  g_assert_null (strstr (found, "It is not there anymore"));
  g_assert_true (kith_file_is_here (transfer));
  g_assert_cmpint (kith_file_find_acts (transfer) & (KITH_FILE_ACCEPT | KITH_FILE_OPEN), ==, KITH_FILE_OPEN);
}

/* --- What has disappeared ------------------------------------------------------------------- */

/* Whoever reads all of a message that disappears does not go on reading. */
static void
test_gone (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithConversation) other = NULL;
  g_autoptr (KithMessage) message = NULL;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = scene_make_window (GTK_WIDGET (composer));
  GtkWidget *text, *details, *mode;

  scene_init (&scene);
  message = scene_make_message (&scene, scene.ben, "For a moment only");
  kith_composer_set_conversation (composer, scene.node, scene.conversation);
  kith_composer_answer (composer, message);
  mode = scene_find (GTK_WIDGET (composer), KITH_TYPE_COMPOSER_MODE, NULL);
  text = kith_text_dialog_new (GTK_WINDOW (window), scene.node, scene.conversation, message);
  details = kith_details_dialog_new (GTK_WINDOW (window), scene.node, scene.conversation, message);
  g_object_add_weak_pointer (G_OBJECT (text), (gpointer *) &text);
  g_object_add_weak_pointer (G_OBJECT (details), (gpointer *) &details);

  g_signal_emit_by_name (scene.node, "message-event::gone", scene.conversation, "gone", "another", NULL, NULL);
  g_assert_nonnull (text);
  g_assert_true (gtk_widget_get_visible (mode));

  g_signal_emit_by_name (scene.node, "message-event::gone", scene.conversation, "gone",
                         kith_message_get_id (message), NULL, NULL);
  g_assert_false (gtk_widget_get_visible (mode));
  wait_for (text == NULL && details == NULL);

  /* Nor of one whose conversation is emptied. */
  kith_composer_answer (composer, message);
  text = kith_text_dialog_new (GTK_WINDOW (window), scene.node, scene.conversation, message);
  details = kith_details_dialog_new (GTK_WINDOW (window), scene.node, scene.conversation, message);
  g_object_add_weak_pointer (G_OBJECT (text), (gpointer *) &text);
  g_object_add_weak_pointer (G_OBJECT (details), (gpointer *) &details);
  other = kith_conversation_new (scene.ben);
  g_signal_emit_by_name (scene.node, "message-event::cleared", other, "cleared", NULL, NULL, NULL);
  g_assert_nonnull (text);
  g_signal_emit_by_name (scene.node, "message-event::cleared", scene.conversation, "cleared", NULL, NULL, NULL);
  g_assert_false (gtk_widget_get_visible (mode));
  wait_for (text == NULL && details == NULL);
  kith_composer_set_conversation (composer, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Somebody in a list --------------------------------------------------------------------- */

static void
assert_spoken (GtkWidget *row, const char *words)
{
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, words, NULL);
}

/* A row of a list box says all that is in it, and goes on to. */
static void
test_person_row (void)
{
  g_auto (Scene) scene;
  KithPersonRow *person = KITH_PERSON_ROW (kith_person_row_new ());
  GtkWidget *row, *window;

  scene_init (&scene);
  kith_person_row_set_person (person, scene.ben, NULL, NULL);
  row = kith_person_row_wrap (person);
  window = scene_make_window (row);
  assert_spoken (row, "Ben, Not seen yet");
  kith_contact_set_presence (scene.ben, KITH_PRESENCE_ONLINE);
  assert_spoken (row, "Ben, Online");
  g_assert_true (scene_has_label (row, "Online"));
  kith_person_row_set_verified (person, TRUE);
  kith_contact_set_alias (scene.ben, "Benny");
  assert_spoken (row, "Benny, Verified, Online");
  g_assert_false (gtk_test_accessible_has_property (GTK_ACCESSIBLE (person), GTK_ACCESSIBLE_PROPERTY_LABEL));

  kith_person_row_set_verified (person, FALSE);
  kith_person_row_set_person (person, scene.ben, NULL, "Delivered");
  assert_spoken (row, "Benny, Delivered");
  kith_person_row_set_person (person, scene.ben, NULL, "");
  assert_spoken (row, "Benny");
  kith_person_row_set_person (person, NULL, "Somebody", NULL);
  assert_spoken (row, "Somebody");
  kith_contact_set_alias (scene.ben, "Ben"); /* who is not shown any more */
  assert_spoken (row, "Somebody");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Ourselves in a group, and somebody else. */
static void
test_member_row (void)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 97 };
  g_auto (Scene) scene;
  g_autoptr (KithMember) self = kith_member_new (identity, "kith-self", NULL, "Ann");
  g_autoptr (KithMember) ben = NULL;
  KithPersonRow *person = KITH_PERSON_ROW (kith_person_row_new ());
  GtkWidget *row, *window;

  scene_init (&scene);
  ben = kith_member_new (kith_contact_get_identity (scene.ben), kith_contact_get_id (scene.ben), scene.ben, NULL);
  row = kith_person_row_wrap (person);
  window = scene_make_window (row);
  kith_person_row_set_member (person, self, "Admin");
  assert_spoken (row, "You, Admin");
  g_assert_cmpstr (adw_avatar_get_text (ADW_AVATAR (scene_find (row, ADW_TYPE_AVATAR, NULL))), ==, "Ann");
  kith_person_row_set_member (person, ben, "Member");
  assert_spoken (row, "Ben, Member");
  g_assert_cmpstr (adw_avatar_get_text (ADW_AVATAR (scene_find (row, ADW_TYPE_AVATAR, NULL))), ==, "Ben");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Who asks to join ----------------------------------------------------------------------- */

/* What could not be done can be tried again. */
static void
test_join_request (void)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 99 };
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 98 };
  g_auto (Scene) scene;
  g_autoptr (KithGroup) group = kith_group_new (id); /* that the node does not know */
  g_autoptr (KithJoinRequest) request
      = kith_join_request_new (identity, "kith-zoe", NULL, "Zoe", "", 0, NULL, TRUE);
  GtkWidget *row, *window, *button;

  scene_init (&scene);
  row = kith_join_request_row_new (request, scene.node, group);
  window = scene_make_window (row);
  button = scene_find (row, GTK_TYPE_BUTTON, NULL);
  g_signal_emit_by_name (button, "clicked");
  wait_for (g_object_get_data (G_OBJECT (window), "said") != NULL);
  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- What is wrong in an entry -------------------------------------------------------------- */

static gboolean
leads_somewhere (GtkWidget *entry)
{
  return gtk_test_accessible_has_relation (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
}

/* Who hears the entry is led to the words that stand below it. */
static void
test_complaint (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *entry = adw_entry_row_new ();
  GtkWidget *label = gtk_label_new ("This will not do");
  GtkWidget *window = scene_make_window (box);

  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), label);
  g_assert_false (leads_somewhere (entry));

  kith_entry_state_complain (entry, "This will not do", label);
  g_assert_true (leads_somewhere (entry));
  gtk_test_accessible_assert_relation (entry, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, label, NULL);
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  g_assert_true (gtk_widget_has_css_class (entry, "error"));

  kith_entry_state_complain (entry, NULL, label);
  g_assert_false (leads_somewhere (entry));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Going back ----------------------------------------------------------------------------- */

/* As if that key was pressed with Alt: there is none to press. */
static void
press_alt (GtkWidget *widget, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_autoptr (GtkShortcutTrigger) trigger = gtk_keyval_trigger_new (keyval, GDK_ALT_MASK);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);
      guint n = G_IS_LIST_MODEL (controller) ? g_list_model_get_n_items (G_LIST_MODEL (controller)) : 0;

      for (guint j = 0; j < n; j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);

          if (gtk_shortcut_trigger_equal (gtk_shortcut_get_trigger (shortcut), trigger))
            gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                          gtk_shortcut_get_arguments (shortcut));
        }
    }
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Back is where the line begins. */
static void
test_back_keys (void)
{
  g_autoptr (GtkWidget) page = g_object_ref_sink (g_object_new (KITH_TYPE_SETUP_PAGE, NULL));
  guint n_back = 0;

  g_signal_connect_swapped (page, "back", G_CALLBACK (count_cb), &n_back);
  gtk_widget_set_direction (page, GTK_TEXT_DIR_LTR);
  press_alt (page, GDK_KEY_Right);
  g_assert_cmpuint (n_back, ==, 0);
  press_alt (page, GDK_KEY_Left);
  g_assert_cmpuint (n_back, ==, 1);

  gtk_widget_set_direction (page, GTK_TEXT_DIR_RTL);
  press_alt (page, GDK_KEY_Left);
  g_assert_cmpuint (n_back, ==, 1);
  press_alt (page, GDK_KEY_Right);
  g_assert_cmpuint (n_back, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/widgets/hit-is-marked", test_hit_is_marked);
  g_test_add_func ("/widgets/search-fails", test_search_fails);
  g_test_add_func ("/widgets/search-enter", test_search_enter);
  g_test_add_func ("/widgets/row", test_row);
  g_test_add_func ("/widgets/copy", test_copy);
  g_test_add_func ("/widgets/picked", test_picked);
  g_test_add_func ("/widgets/reactions", test_reactions);
  g_test_add_func ("/widgets/programs", test_programs);
  g_test_add_func ("/widgets/lost-file", test_lost_file);
  g_test_add_func ("/widgets/gone", test_gone);
  g_test_add_func ("/widgets/person-row", test_person_row);
  g_test_add_func ("/widgets/member-row", test_member_row);
  g_test_add_func ("/widgets/join-request", test_join_request);
  g_test_add_func ("/widgets/complaint", test_complaint);
  g_test_add_func ("/widgets/back-keys", test_back_keys);

  return g_test_run ();
}
