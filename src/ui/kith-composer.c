/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-announce.h"
#include "ui/kith-composer-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-secret.h"
#include "node/kith-node-history.h"
#include "node/kith-node-presence.h"
#include "ui/kith-file-paste.h"
#include "ui/kith-message-words.h"
#include "ui/kith-text-side.h"
#include "ui/kith-toast.h"

#define MODIFIERS (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)

enum
{
  SIGNAL_SENT,
  SIGNAL_WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithComposer, kith_composer, ADW_TYPE_BIN)

GtkTextBuffer *
kith_composer_get_buffer (KithComposer *self)
{
  return gtk_text_view_get_buffer (self->text_view);
}

char *
kith_composer_dup_text (KithComposer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (kith_composer_get_buffer (self), &start, &end);

  return gtk_text_buffer_get_text (kith_composer_get_buffer (self), &start, &end, FALSE);
}

void
kith_composer_update (KithComposer *self)
{
  g_autoptr (KithSecretText) text = kith_composer_dup_text (self);
  g_autoptr (KithSecretText) stripped = g_strstrip (g_strdup (text));
  size_t len_bytes = strlen (stripped);
  g_autofree char *too_long = kith_message_words_dup_too_long (len_bytes);

  gtk_widget_set_visible (self->placeholder, *text == '\0');
  gtk_widget_set_sensitive (self->send_button, len_bytes > 0 && too_long == NULL);
  gtk_widget_set_visible (self->record_button, *text == '\0');
  gtk_widget_set_visible (self->send_button, *text != '\0');

  kith_announce_label_once (self->limit_label, too_long);

  /* What replaces a message is no draft. */
  if (!self->loading && self->conversation != NULL
      && kith_composer_mode_get_edited (self->mode) == NULL)
    {
      kith_conversation_set_draft (self->conversation, *text != '\0' ? text : NULL);
      kith_node_save_draft (self->node, self->conversation);
      /* What goes to somebody else, or nowhere, is not written to this person. */
      kith_node_set_typing (self->node, self->conversation, *text != '\0' && *text != '@' && *text != '/');
    }
}

void
kith_composer_set_text (KithComposer *self, const char *text)
{
  GtkTextBuffer *buffer = kith_composer_get_buffer (self);

  self->loading = TRUE;
  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, text != NULL ? text : "", -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  self->loading = FALSE;
}

/* --- Buttons -------------------------------------------------------------------------------- */

/* The button goes with the text. */
static void
send_clicked_cb (KithComposer *self)
{
  kith_composer_focus (self);
  kith_composer_send (self);
}

/* The button that was pressed goes. */
static void
cancelled_cb (KithComposer *self)
{
  kith_composer_leave_mode (self);
  kith_composer_focus (self);
}

/* --- Input ---------------------------------------------------------------------------------- */

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithComposer *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if ((modifiers & MODIFIERS) == 0
      && kith_name_completion_take_key (self->completion, keyval))
    return GDK_EVENT_STOP;

  if (keyval == GDK_KEY_Escape)
    return kith_composer_cancel_mode (self);
  if ((keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up) && (modifiers & MODIFIERS) == 0)
    return kith_composer_edit_last (self);
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;

  if ((modifiers & (GDK_SHIFT_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  /* Enter may choose a word of an input method. */
  if (gtk_text_view_im_context_filter_keypress (self->text_view, event))
    {
      gtk_text_view_reset_im_context (self->text_view);
      return GDK_EVENT_STOP;
    }

  kith_composer_send (self);

  return GDK_EVENT_STOP;
}

/* The text makes its emoji chooser when it is first wanted: it has thousands of widgets. */
static void
emoji_clicked_cb (KithComposer *self)
{
  kith_composer_focus (self);
  g_signal_emit_by_name (self->text_view, "insert-emoji");
}

static void
written_cb (KithComposer *self)
{
  g_signal_emit (self, signals[SIGNAL_WRITTEN], 0);
}

static void
preedit_changed_cb (KithComposer *self, const char *preedit)
{
  gboolean empty = gtk_text_buffer_get_char_count (kith_composer_get_buffer (self)) == 0;

  if (*preedit != '\0')
    written_cb (self);
  gtk_widget_set_visible (self->placeholder, empty && *preedit == '\0');
}

/* --- Files ---------------------------------------------------------------------------------- */

/* Files are no text, though a name could be made of them. */
static void
paste_cb (KithComposer *self)
{
  if (kith_file_paste (GTK_WIDGET (self->text_view)))
    g_signal_stop_emission_by_name (self->text_view, "paste-clipboard");
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_composer_dispose (GObject *object)
{
  KithComposer *self = KITH_COMPOSER (object);

  if (self->completion != NULL)
    g_object_run_dispose (G_OBJECT (self->completion));
  g_clear_object (&self->completion);
  if (self->spelling != NULL)
    g_object_run_dispose (G_OBJECT (self->spelling));
  g_clear_object (&self->spelling);
  g_clear_object (&self->node_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->spoken_to);
  g_clear_object (&self->spoken_by);
  g_clear_object (&self->node);
  g_clear_pointer (&self->kept, kith_secret_free_text);
  g_clear_pointer (&self->unfinished, kith_unfinished_free);
  g_clear_pointer (&self->sending, g_hash_table_unref);
  g_clear_pointer (&self->voices, g_hash_table_unref);

  if (self->text_view != NULL)
    g_signal_handlers_disconnect_by_data (kith_composer_get_buffer (self), self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_COMPOSER);

  G_OBJECT_CLASS (kith_composer_parent_class)->dispose (object);
}

static void
kith_composer_class_init (KithComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_composer_dispose;

  signals[SIGNAL_SENT] = g_signal_new ("sent", KITH_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WRITTEN] = g_signal_new ("written", KITH_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  g_signal_new ("recorded", KITH_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                G_TYPE_BYTES, G_TYPE_POINTER, KITH_TYPE_NODE, KITH_TYPE_CONVERSATION);

  g_type_ensure (KITH_TYPE_COMPOSER_MODE);
  g_type_ensure (KITH_TYPE_PREPARING_BAR);
  g_type_ensure (KITH_TYPE_VOICE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, KithComposer, mode);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, limit_label);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, send_button);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, record_button);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, stack);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, voice_bar);
  gtk_widget_class_bind_template_child (widget_class, KithComposer, preparing_bar);
  gtk_widget_class_bind_template_callback (widget_class, cancelled_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, emoji_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, preedit_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  kith_composer_bind_voice (widget_class);
}

static void
kith_composer_init (KithComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->node_signals = g_signal_group_new (KITH_TYPE_NODE);
  g_signal_group_connect_swapped (self->node_signals, "message-event::gone", G_CALLBACK (kith_composer_gone_cb), self);
  g_signal_group_connect_swapped (self->node_signals, "message-event::cleared", G_CALLBACK (kith_composer_gone_cb), self);
  kith_composer_init_voice (self);
  self->unfinished = kith_unfinished_new ();
  self->sending = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->completion = kith_name_completion_new (GTK_WIDGET (self), self->text_view);
  self->spelling = kith_spelling_new (self->text_view);
  kith_text_side_follow (self->text_view);
  g_signal_connect_object (kith_composer_get_buffer (self), "changed", G_CALLBACK (kith_composer_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (kith_composer_get_buffer (self), "begin-user-action", G_CALLBACK (written_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * kith_composer_set_conversation:
 * @self: a composer
 * @node: (nullable): who sends
 * @conversation: (nullable): where to; its draft is shown
 */
void
kith_composer_set_conversation (KithComposer *self, KithNode *node, KithConversation *conversation)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  /* While the node is there that keeps the draft. */
  if (self->conversation != conversation)
    {
      kith_composer_keep_edit (self);
      kith_composer_leave_mode (self);
      kith_composer_keep_recording (self, node != NULL);
    }
  kith_preparing_bar_set_conversation (self->preparing_bar, node, conversation);
  if (node != self->node)
    {
      if (self->node != NULL)
        kith_unfinished_store (self->unfinished, self->node);
      kith_unfinished_clear (self->unfinished);
      kith_composer_forget_recordings (self);
    }
  g_set_object (&self->node, node);
  g_signal_group_set_target (self->node_signals, node);
  kith_name_completion_set_node (self->completion, node, conversation != NULL
                                                             ? kith_conversation_get_group (conversation)
                                                             : NULL);
  kith_spelling_set_node (self->spelling, node);
  if (conversation != NULL)
    kith_spelling_know (self->spelling, kith_conversation_get_title (conversation));
  if (self->conversation == conversation)
    return;

  g_set_object (&self->conversation, conversation);
  kith_composer_set_text (self, conversation != NULL ? kith_conversation_get_draft (conversation) : NULL);
  if (conversation != NULL)
    kith_composer_resume_edit (self);
  kith_composer_resume_recording (self);
  kith_composer_update (self);
}

/**
 * kith_composer_give_back:
 * @self: a composer
 * @conversation: where @words belong
 * @words: what the user entered, and could not be done
 *
 * Puts @words where the user finds them, unless something else is written there already.
 */
void
kith_composer_give_back (KithComposer *self, KithConversation *conversation, const char *words)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  if (self->node == NULL || kith_conversation_get_draft (conversation) != NULL)
    return;

  kith_conversation_set_draft (conversation, words);
  kith_node_save_draft (self->node, conversation);
  if (conversation != self->conversation)
    return;

  if (kith_composer_mode_get_edited (self->mode) != NULL)
    {
      kith_secret_free_text (self->kept);
      self->kept = g_strdup (words);
    }
  else
    {
      kith_composer_set_text (self, words);
      kith_composer_update (self);
    }
}

/**
 * kith_composer_take_key:
 * @self: a composer
 * @controller: has a letter that was typed elsewhere
 *
 * Puts the cursor into the text, and the letter before it.
 *
 * Returns: whether the letter was taken; not while a voice message is recorded
 */
gboolean
kith_composer_take_key (KithComposer *self, GtkEventControllerKey *controller)
{
  g_return_val_if_fail (KITH_IS_COMPOSER (self), FALSE);

  if (kith_voice_bar_is_recording (self->voice_bar))
    return FALSE;

  kith_composer_focus (self);

  return gtk_event_controller_key_forward (controller, GTK_WIDGET (self->text_view));
}

/**
 * kith_composer_focus:
 * @self: a composer
 *
 * Puts the cursor into the text; while a voice message is recorded in its place, the button that sends it gets the
 * focus.
 */
void
kith_composer_focus (KithComposer *self)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  if (kith_voice_bar_is_recording (self->voice_bar))
    kith_voice_bar_focus (self->voice_bar);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}
