/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "base/kith-init.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-details-dialog.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/dialogs/kith-text-dialog.h"
#include "ui/kith-composer-mode.h"
#include "ui/kith-composer.h"
#include "ui/kith-conversation-row.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-file-words.h"
#include "ui/kith-hit-row.h"
#include "ui/kith-join-request-row.h"
#include "ui/kith-reactions.h"

/* Parts of the window by themselves, with people and messages that stand in the model alone: what takes
 * long, or others, to come about in the real one. */

#define DEADLINE_S 20

typedef struct
{
  KithNode *node;                 /* (owned) */
  KithContact *ben;               /* (owned) */
  KithConversation *conversation; /* (owned) with Ben */
  guint next;
} Scene;

static gboolean
late_cb (gpointer user_data)
{
  g_error ("It takes too long");

  return G_SOURCE_REMOVE;
}

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint late_id = g_timeout_add_seconds (DEADLINE_S, late_cb, NULL);                             \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (late_id);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Returns: (transfer full): somebody of whom only the name is known */
static KithContact *
make_person (Scene *scene, const char *name)
{
  guint8 identity[KITH_IDENTITY_BYTES] = { 0 };
  g_autofree char *id = g_strdup_printf ("kith-%s-1234-5678", name);
  KithContact *contact;

  identity[0] = (guint8) ++scene->next;
  identity[1] = (guint8) (scene->next >> 8);
  contact = kith_contact_new (identity, id);
  kith_contact_set_name (contact, name);
  kith_contact_set_relation (contact, KITH_RELATION_MUTUAL);

  return contact;
}

static KithMessage *
make_message (Scene *scene, KithContact *sender, const char *text)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };

  scene->next++;
  memcpy (id, &scene->next, sizeof scene->next);

  return kith_message_new (id, sender, scene->next, 1700000000000 + scene->next, text);
}

static void
scene_init (Scene *scene)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) made = NULL;

  *scene = (Scene){ .node = kith_node_new_in_memory () };
  kith_node_open_async (scene->node, NULL, result_cb, &opened);
  wait_for (opened != NULL);
  g_assert_true (kith_node_open_finish (scene->node, opened, NULL));
  kith_node_create_profile_async (scene->node, "Ann", NULL, result_cb, &made);
  wait_for (made != NULL);
  g_assert_true (kith_node_create_profile_finish (scene->node, made, NULL));

  scene->ben = make_person (scene, "Ben");
  scene->conversation = kith_conversation_new (scene->ben);
}

static void
scene_clear (Scene *scene)
{
  g_autoptr (GAsyncResult) ended = NULL;

  g_clear_object (&scene->conversation);
  g_clear_object (&scene->ben);
  kith_node_shutdown_async (scene->node, result_cb, &ended);
  wait_for (ended != NULL);
  g_assert_true (kith_node_shutdown_finish (scene->node, ended, NULL));
  g_clear_object (&scene->node);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

/* Returns: (nullable): the first below @widget, or itself, that is of @type and has @css_class (NULL: any) */
static GtkWidget *
find (GtkWidget *widget, GType type, const char *css_class)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && (css_class == NULL || gtk_widget_has_css_class (widget, css_class)))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, css_class);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
has_label (GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), part) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, part))
      return TRUE;

  return FALSE;
}

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
      g_autoptr (KithMessage) message = make_message (&scene, scene.ben, cases[i].text);
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

/* --- The composer --------------------------------------------------------------------------- */

static void
say_cb (GtkWidget *widget, GVariant *parameter)
{
  g_object_set_data_full (G_OBJECT (widget), "said", g_variant_dup_string (parameter, NULL), g_free);
}

/* Returns: (transfer none): a window that remembers what it was to say */
static GtkWidget *
make_window (GtkWidget *child)
{
  GtkWidget *window = adw_window_new ();
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) toast = g_simple_action_new ("toast", G_VARIANT_TYPE_STRING);

  g_signal_connect_swapped (toast, "activate", G_CALLBACK (say_cb), window);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (toast));
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (actions));
  adw_window_set_content (ADW_WINDOW (window), child);

  return window;
}

static GtkTextBuffer *
get_buffer (KithComposer *composer)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (find (GTK_WIDGET (composer), GTK_TYPE_TEXT_VIEW, NULL)));
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
  GtkWidget *button = find (GTK_WIDGET (composer), GTK_TYPE_BUTTON, "suggested-action");

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

/* Returns: (transfer none): a group without anybody else, where messages are committed at once */
static KithConversation *
make_group (Scene *scene)
{
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (KithGroup) group = NULL;

  kith_node_create_group_async (scene->node, "Alone", NULL, NULL, NULL, result_cb, &made);
  wait_for (made != NULL);
  group = kith_node_create_group_finish (scene->node, made, NULL, NULL);
  g_assert_nonnull (group);

  return kith_node_get_group_conversation (scene->node, group);
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
  GtkWidget *window = make_window (GTK_WIDGET (composer));
  g_autoptr (GAsyncResult) cleared = NULL;
  gpointer sent;

  scene_init (&scene);
  conversation = make_group (&scene);
  kith_composer_set_conversation (composer, scene.node, conversation);

  enter (composer, "Forget me");
  wait_for (count_own (conversation) == 1);
  assert_text (composer, "");
  sent = get_last (conversation);
  g_object_add_weak_pointer (sent, &sent);
  kith_composer_answer (composer, sent);
  kith_node_clear_history_async (scene.node, conversation, NULL, result_cb, &cleared);
  wait_for (cleared != NULL);
  g_assert_true (kith_node_clear_history_finish (scene.node, cleared, NULL));
  g_clear_object (&cleared);
  wait_for (sent == NULL);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* As Escape does. */
static void
leave_mode (KithComposer *composer)
{
  GtkWidget *mode = find (GTK_WIDGET (composer), KITH_TYPE_COMPOSER_MODE, NULL);

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
  GtkWidget *window = make_window (GTK_WIDGET (composer));

  scene_init (&scene);
  conversation = make_group (&scene);
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
  unknown = make_message (&scene, NULL, "Gone");
  kith_composer_edit (composer, unknown);
  enter (composer, "Hard work");
  assert_text (composer, "Hard work");
  wait_for (g_object_get_data (G_OBJECT (window), "said") != NULL);
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
  GtkWidget *window = make_window (GTK_WIDGET (composer));

  scene_init (&scene);
  conversation = make_group (&scene);
  other = make_group (&scene);
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
  unknown = make_message (&scene, NULL, "Gone");
  kith_composer_edit (composer, unknown);
  enter (composer, "Hard work");
  kith_composer_set_conversation (composer, scene.node, other);
  wait_for (g_object_get_data (G_OBJECT (window), "said") != NULL);
  g_assert_nonnull (strstr (g_object_get_data (G_OBJECT (window), "said"), "Alone"));
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "Hard work");

  /* Nothing of what is deleted waits. */
  kith_composer_set_conversation (composer, scene.node, other);
  g_signal_emit_by_name (scene.node, "message-event::cleared", conversation, "cleared", NULL, NULL, NULL);
  kith_composer_set_conversation (composer, scene.node, conversation);
  assert_text (composer, "A draft");

  gtk_window_destroy (GTK_WINDOW (window));
}

/* What could not be done comes back, and takes nothing away. */
static void
test_give_back (void)
{
  g_auto (Scene) scene;
  KithConversation *conversation;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = make_window (GTK_WIDGET (composer));

  scene_init (&scene);
  conversation = make_group (&scene);
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

/* --- The list of conversations -------------------------------------------------------------- */

static void
test_row (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GtkWidget) row = g_object_ref_sink (g_object_new (KITH_TYPE_CONVERSATION_ROW, NULL));

  scene_init (&scene);
  message = make_message (&scene, scene.ben, "Too early");
  kith_conversation_add (scene.conversation, message, FALSE);
  kith_conversation_row_set_item (KITH_CONVERSATION_ROW (row), G_OBJECT (scene.conversation));
  g_assert_true (has_label (row, "Too early"));

  kith_message_set_text (message, "Just in time", 1700000001000);
  g_assert_true (has_label (row, "Just in time"));
  kith_message_set_deleted (message);
  g_assert_false (has_label (row, "Just in time"));
  g_assert_true (has_label (row, "deleted"));
  kith_conversation_row_set_item (KITH_CONVERSATION_ROW (row), NULL);
}

/* --- Reactions ------------------------------------------------------------------------------ */

#define N_REACTIONS 1000

static guint
count_children (GtkWidget *widget)
{
  g_autoptr (GListModel) children = gtk_widget_observe_children (widget);

  return g_list_model_get_n_items (children);
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
  message = make_message (&scene, scene.ben, "What do you say?");
  kith_message_set_reaction (message, NULL, "👍");
  kith_message_set_reaction (message, scene.ben, "👍");
  kith_reactions_set_message (KITH_REACTIONS (reactions), message);
  g_assert_cmpuint (count_children (reactions), ==, 1);
  g_assert_true (has_label (reactions, "👍 2"));
  gtk_widget_measure (reactions, GTK_ORIENTATION_VERTICAL, 200, &height_of_one, NULL, NULL, NULL);

  for (guint i = 0; i < N_REACTIONS; i++)
    {
      g_autofree char *name = g_strdup_printf ("Person %u", i);
      g_autoptr (KithContact) who = make_person (&scene, name);
      char emoji[8] = "";

      g_unichar_to_utf8 (i % 2 == 0 ? 0x1f44d : 0x1f300 + i / 2, emoji);
      kith_message_set_reaction (message, who, emoji);
    }
  kith_reactions_set_message (KITH_REACTIONS (reactions), message);
  g_assert_cmpuint (count_children (reactions), ==, 9);
  g_assert_true (has_label (reactions, "👍 50"));
  more = find (reactions, GTK_TYPE_MENU_BUTTON, NULL);
  g_assert_nonnull (more);
  g_assert_true (has_label (more, "+"));

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

/* --- Who is offered ------------------------------------------------------------------------- */

/* What is offered is for where it was typed, and not for where the cursor has gone. */
static void
test_completion (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithContact) twin = NULL;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = make_window (GTK_WIDGET (composer));
  GtkWidget *list, *popover;
  GtkTextIter start;

  scene_init (&scene);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("Zed%02u", i);
      g_autoptr (KithContact) contact = make_person (&scene, name);

      g_list_store_append (scene.node->contacts, contact);
    }
  twin = make_person (&scene, "Zed00");
  g_list_store_append (scene.node->contacts, twin);
  kith_composer_set_conversation (composer, scene.node, scene.conversation);
  gtk_window_present (GTK_WINDOW (window));

  gtk_text_buffer_set_text (get_buffer (composer), "@zed", -1);
  popover = gtk_widget_get_last_child (GTK_WIDGET (composer));
  list = find (popover, GTK_TYPE_LIST_BOX, NULL);
  g_assert_true (gtk_widget_get_visible (popover));
  g_assert_cmpuint (count_children (list), ==, 8);
  g_assert_true (has_label (list, "Zed06"));
  g_assert_false (has_label (list, "Zed07"));

  gtk_text_buffer_get_start_iter (get_buffer (composer), &start);
  gtk_text_buffer_place_cursor (get_buffer (composer), &start);
  wait_for (!gtk_widget_get_visible (popover));
  kith_composer_set_conversation (composer, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
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

/* --- What has disappeared ------------------------------------------------------------------- */

/* Whoever reads all of a message that disappears does not go on reading. */
static void
test_gone (void)
{
  g_auto (Scene) scene;
  g_autoptr (KithConversation) other = NULL;
  g_autoptr (KithMessage) message = NULL;
  KithComposer *composer = g_object_new (KITH_TYPE_COMPOSER, NULL);
  GtkWidget *window = make_window (GTK_WIDGET (composer));
  GtkWidget *text, *details, *mode;

  scene_init (&scene);
  message = make_message (&scene, scene.ben, "For a moment only");
  kith_composer_set_conversation (composer, scene.node, scene.conversation);
  kith_composer_answer (composer, message);
  mode = find (GTK_WIDGET (composer), KITH_TYPE_COMPOSER_MODE, NULL);
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
  window = make_window (row);
  button = find (row, GTK_TYPE_BUTTON, NULL);
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
  GtkWidget *window = make_window (box);

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

/* --- The preferences ------------------------------------------------------------------------ */

static AdwComboRow *
find_combo (GtkWidget *widget, const char *title)
{
  if (ADW_IS_COMBO_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return ADW_COMBO_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      AdwComboRow *found = find_combo (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static int
get_lock_minutes (KithNode *node)
{
  return kith_node_get_setting_int (node, KITH_SETTING_AUTO_LOCK_MINUTES, KITH_SETTING_AUTO_LOCK_DEFAULT_MINUTES);
}

/* What was stored before there was a choice stays until another is made. */
static void
test_lock_choice (void)
{
  g_auto (Scene) scene;
  GtkWidget *preferences;
  AdwComboRow *row;

  scene_init (&scene);
  kith_node_set_setting_int (scene.node, KITH_SETTING_AUTO_LOCK_MINUTES, 90);
  preferences = kith_preferences_new (NULL, NULL, scene.node);
  row = find_combo (preferences, "Lock Automatically");
  g_assert_nonnull (row);
  g_assert_cmpstr (gtk_string_object_get_string (adw_combo_row_get_selected_item (row)), ==, "90 minutes");
  g_assert_cmpint (get_lock_minutes (scene.node), ==, 90);
  adw_combo_row_set_selected (row, 5);
  g_assert_cmpstr (gtk_string_object_get_string (adw_combo_row_get_selected_item (row)), ==, "1 hour");
  g_assert_cmpint (get_lock_minutes (scene.node), ==, 60);
  adw_combo_row_set_selected (row, 0);
  g_assert_cmpint (get_lock_minutes (scene.node), ==, 0);
  gtk_window_destroy (GTK_WINDOW (preferences));

  preferences = kith_preferences_new (NULL, NULL, scene.node);
  row = find_combo (preferences, "Lock Automatically");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 6);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/widgets/hit-is-marked", test_hit_is_marked);
  g_test_add_func ("/widgets/composer/sent", test_sent);
  g_test_add_func ("/widgets/composer/edit", test_edit);
  g_test_add_func ("/widgets/composer/unfinished", test_unfinished);
  g_test_add_func ("/widgets/composer/give-back", test_give_back);
  g_test_add_func ("/widgets/row", test_row);
  g_test_add_func ("/widgets/reactions", test_reactions);
  g_test_add_func ("/widgets/completion", test_completion);
  g_test_add_func ("/widgets/programs", test_programs);
  g_test_add_func ("/widgets/gone", test_gone);
  g_test_add_func ("/widgets/join-request", test_join_request);
  g_test_add_func ("/widgets/complaint", test_complaint);
  g_test_add_func ("/widgets/lock-choice", test_lock_choice);

  return g_test_run ();
}
