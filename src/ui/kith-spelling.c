/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-spelling.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-dictionary.h"
#include "ui/kith-format.h"
#include "ui/kith-spelling-words.h"

#define PAUSE_MS 400
#define BLANKS " \n\t"

struct _KithSpelling
{
  GObject parent_instance;

  GtkTextView *view;          /* (unowned) owns what owns us */
  GtkTextTag *tag;            /* (unowned) */
  GMenu *menu;                /* (owned) */
  GtkTextMark *start;         /* (unowned) of the word that the menu is for */
  GtkTextMark *end;           /* (unowned) */
  KithNode *node;             /* (owned) (nullable) */
  KithDictionary *dictionary; /* (owned) (nullable) */
  gboolean was_looked_for;    /* the dictionary */
  char *words;                /* (owned) (nullable) what the user taught it */
  gboolean checking;          /* the tags are being changed by us */
  GSource *pause;             /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithSpelling, kith_spelling, G_TYPE_OBJECT)

static GtkTextBuffer *
get_buffer (KithSpelling *self)
{
  return gtk_text_view_get_buffer (self->view);
}

/* --- The dictionary ------------------------------------------------------------------------- */

static void
teach (KithSpelling *self, const char *words)
{
  g_auto (GStrv) each = g_strsplit_set (words != NULL ? words : "", BLANKS, -1);

  for (guint i = 0; each[i] != NULL; i++)
    kith_dictionary_teach (self->dictionary, each[i]);
}

static gboolean
is_wanted (KithSpelling *self)
{
  return self->node != NULL && kith_node_get_setting_int (self->node, KITH_SETTING_SPELLING) != 0;
}

/* It is read when there is first something to look up, and names of contacts are words as well. */
static KithDictionary *
get_dictionary (KithSpelling *self)
{
  GListModel *contacts;
  const char *words = kith_node_get_setting (self->node, KITH_SETTING_SPELLING_WORDS);

  /* What was taught is forgotten with the dictionary alone. */
  if (self->was_looked_for && (self->dictionary == NULL || g_strcmp0 (self->words, words) == 0))
    return self->dictionary;

  g_clear_object (&self->dictionary);
  self->was_looked_for = TRUE;
  self->dictionary = kith_dictionary_new ();
  if (self->dictionary == NULL)
    return NULL;

  g_free (self->words);
  self->words = g_strdup (words);
  teach (self, words);
  contacts = kith_node_get_contacts (self->node);
  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i);

      teach (self, kith_contact_get_display_name (contact));
    }

  return self->dictionary;
}

/* --- Underlining ---------------------------------------------------------------------------- */

/* Whoever is at a word has not finished it. */
static gboolean
is_at (KithSpelling *self, GtkTextIter *start, GtkTextIter *end)
{
  GtkTextIter cursor;

  if (!gtk_widget_has_focus (GTK_WIDGET (self->view)))
    return FALSE;
  gtk_text_buffer_get_iter_at_mark (get_buffer (self), &cursor,
                                    gtk_text_buffer_get_insert (get_buffer (self)));

  return gtk_text_iter_compare (&cursor, start) >= 0 && gtk_text_iter_compare (&cursor, end) <= 0;
}

static void
underline (KithSpelling *self, const char *text, gboolean all)
{
  g_autoptr (GArray) words
      = kith_spelling_find_words (text, kith_dictionary_get_language (self->dictionary));
  guint at_bytes = 0;
  int at_chars = 0;

  for (guint i = 0; i < words->len; i++)
    {
      KithSpelledWord word = g_array_index (words, KithSpelledWord, i);
      GtkTextIter start, end;

      if (kith_dictionary_has (self->dictionary, text + word.start, word.end - word.start))
        continue;

      at_chars += (int) g_utf8_strlen (text + at_bytes, (gssize) (word.start - at_bytes));
      at_bytes = word.start;
      gtk_text_buffer_get_iter_at_offset (get_buffer (self), &start, at_chars);
      gtk_text_buffer_get_iter_at_offset (
          get_buffer (self), &end,
          at_chars + (int) g_utf8_strlen (text + word.start, (gssize) (word.end - word.start)));
      if (all || !is_at (self, &start, &end))
        gtk_text_buffer_apply_tag (get_buffer (self), self->tag, &start, &end);
    }
}

/* @all: also the word that the cursor is at */
static void
check (KithSpelling *self, gboolean all)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  text = gtk_text_buffer_get_text (get_buffer (self), &start, &end, TRUE);

  self->checking = TRUE;
  gtk_text_buffer_remove_tag (get_buffer (self), self->tag, &start, &end);
  if (*text != '\0' && is_wanted (self) && get_dictionary (self) != NULL)
    underline (self, text, all);
  self->checking = FALSE;
}

static gboolean
pause_cb (gpointer user_data)
{
  KithSpelling *self = user_data;

  kith_source_clear (&self->pause);
  check (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
check_soon (KithSpelling *self)
{
  if (self->node != NULL && !self->checking)
    kith_source_start (&self->pause, PAUSE_MS, pause_cb, self);
}

/* Takes @iter to the start of what is underlined there, and @end to its end. */
static gboolean
find_underlined (KithSpelling *self, GtkTextIter *iter, GtkTextIter *end)
{
  *end = *iter;
  if (!gtk_text_iter_has_tag (iter, self->tag) && !gtk_text_iter_ends_tag (iter, self->tag))
    return FALSE;

  if (!gtk_text_iter_starts_tag (iter, self->tag))
    gtk_text_iter_backward_to_tag_toggle (iter, self->tag);
  if (!gtk_text_iter_ends_tag (end, self->tag))
    gtk_text_iter_forward_to_tag_toggle (end, self->tag);

  return TRUE;
}

/* What is being changed is not underlined meanwhile. */
static void
changed_cb (KithSpelling *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (get_buffer (self), &start,
                                    gtk_text_buffer_get_insert (get_buffer (self)));
  if (find_underlined (self, &start, &end))
    gtk_text_buffer_remove_tag (get_buffer (self), self->tag, &start, &end);
  check_soon (self);
}

/* --- Menu ----------------------------------------------------------------------------------- */

static void
add_item (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);

  g_menu_item_set_label (item, label);
  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

static void
update_menu (KithSpelling *self, GtkTextIter *iter)
{
  g_autoptr (GMenu) section = g_menu_new ();
  GtkTextIter end;
  g_autofree char *word = NULL;
  g_auto (GStrv) suggestions = NULL;

  g_menu_remove_all (self->menu);
  if (self->dictionary == NULL || !find_underlined (self, iter, &end))
    return;

  gtk_text_buffer_move_mark (get_buffer (self), self->start, iter);
  gtk_text_buffer_move_mark (get_buffer (self), self->end, &end);
  word = gtk_text_buffer_get_text (get_buffer (self), iter, &end, FALSE);
  suggestions = kith_dictionary_suggest (self->dictionary, word);
  for (guint i = 0; suggestions[i] != NULL; i++)
    {
      g_autofree char *label = kith_format_mnemonic (suggestions[i]);

      add_item (section, label, "spelling.replace", suggestions[i]);
    }
  add_item (section, _("A_dd to Dictionary"), "spelling.learn", word);
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
}

/* Before the text makes its menu of this click. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, KithSpelling *self)
{
  GtkTextIter iter;
  int buffer_x, buffer_y;

  gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y,
                                         &buffer_x, &buffer_y);
  gtk_text_view_get_iter_at_location (self->view, &iter, buffer_x, buffer_y);
  update_menu (self, &iter);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithSpelling *self)
{
  GtkTextIter iter;

  if (keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && (modifiers & GDK_SHIFT_MASK) != 0))
    {
      check (self, TRUE);
      gtk_text_buffer_get_iter_at_mark (get_buffer (self), &iter,
                                        gtk_text_buffer_get_insert (get_buffer (self)));
      update_menu (self, &iter);
    }

  return GDK_EVENT_PROPAGATE;
}

static void
replace_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  KithSpelling *self = user_data;
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (buffer, &start, self->start);
  gtk_text_buffer_get_iter_at_mark (buffer, &end, self->end);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, g_variant_get_string (parameter, NULL), -1);
  gtk_text_buffer_end_user_action (buffer);
}

/* The words are kept with all else that is private, as far as there is room. */
static void
learn_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  KithSpelling *self = user_data;
  const char *word = g_variant_get_string (parameter, NULL);
  const char *known;
  g_autofree char *words = NULL;

  if (self->node == NULL || self->dictionary == NULL)
    return;

  known = kith_node_get_setting (self->node, KITH_SETTING_SPELLING_WORDS);
  words = known != NULL && *known != '\0' ? g_strdup_printf ("%s %s", known, word) : g_strdup (word);
  if (strlen (words) <= KITH_LIMIT_SETTING_BYTES)
    kith_node_set_setting (self->node, KITH_SETTING_SPELLING_WORDS, words);
  g_free (self->words);
  self->words = g_strdup (kith_node_get_setting (self->node, KITH_SETTING_SPELLING_WORDS));
  kith_dictionary_teach (self->dictionary, word);
  check (self, FALSE);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_spelling_dispose (GObject *object)
{
  KithSpelling *self = KITH_SPELLING (object);

  kith_source_clear (&self->pause);
  g_clear_object (&self->menu);
  g_clear_object (&self->dictionary);
  g_clear_object (&self->node);
  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (kith_spelling_parent_class)->dispose (object);
}

static void
kith_spelling_class_init (KithSpellingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_spelling_dispose;
}

static void
kith_spelling_init (KithSpelling *self)
{
  self->menu = g_menu_new ();
}

static void
add_actions (KithSpelling *self)
{
  static const GActionEntry entries[] = {
    { .name = "replace", .activate = replace_cb, .parameter_type = "s" },
    { .name = "learn", .activate = learn_cb, .parameter_type = "s" },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self->view), "spelling", G_ACTION_GROUP (group));
  gtk_text_view_set_extra_menu (self->view, G_MENU_MODEL (self->menu));
}

static void
add_controllers (KithSpelling *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  g_signal_connect_object (focus, "enter", G_CALLBACK (check_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (check_soon), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self->view), key);
  gtk_widget_add_controller (GTK_WIDGET (self->view), focus);
}

/**
 * kith_spelling_new:
 * @view: the text to look after; it outlives what is returned here
 *
 * Returns: (transfer full): does nothing before it has a node; to be disposed of before @view goes
 */
KithSpelling *
kith_spelling_new (GtkTextView *view)
{
  KithSpelling *self = g_object_new (KITH_TYPE_SPELLING, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter iter;

  self->view = view;
  self->tag = gtk_text_buffer_create_tag (buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  gtk_text_buffer_get_start_iter (buffer, &iter);
  self->start = gtk_text_buffer_create_mark (buffer, NULL, &iter, TRUE);
  self->end = gtk_text_buffer_create_mark (buffer, NULL, &iter, FALSE);
  add_actions (self);
  add_controllers (self);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (check_soon), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * kith_spelling_set_node:
 * @self: a spelling
 * @node: (nullable): whose settings and words to use; %NULL forgets those
 */
void
kith_spelling_set_node (KithSpelling *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_SPELLING (self));

  if (!g_set_object (&self->node, node))
    return;

  kith_source_clear (&self->pause);
  g_menu_remove_all (self->menu);
  g_clear_object (&self->dictionary);
  g_clear_pointer (&self->words, g_free);
  self->was_looked_for = FALSE;
}

/**
 * kith_spelling_know:
 * @self: a spelling
 * @names: words that are not misspelt, with blanks between them
 */
void
kith_spelling_know (KithSpelling *self, const char *names)
{
  g_return_if_fail (KITH_IS_SPELLING (self));

  if (self->dictionary != NULL)
    teach (self, names);
}
