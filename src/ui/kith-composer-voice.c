/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-private.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "ui/kith-focus.h"
#include "ui/kith-message-words.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

/* What is spoken. Who goes to another conversation meanwhile finds it again when they are back: until then it is in
 * memory and nowhere else, and goes when the profile is locked. */

static void
voice_free (gpointer recorder)
{
  kith_voice_recorder_cancel (recorder);
  g_object_unref (recorder);
}

static void
recorded_cb (KithComposer *self, GBytes *ogg, gpointer media)
{
  g_signal_emit_by_name (self, "recorded", ogg, media, self->spoken_by, self->spoken_to);
}

static void
recording_ended_cb (KithComposer *self)
{
  gboolean goes = kith_focus_get (GTK_WIDGET (self)) == NULL || kith_focus_is_in (GTK_WIDGET (self->voice_bar));

  if (self->spoken_to != NULL)
    kith_conversation_set_recorded_ms (self->spoken_to, 0);
  g_clear_object (&self->spoken_to);
  g_clear_object (&self->spoken_by);
  gtk_stack_set_visible_child_name (self->stack, "text");
  gtk_widget_set_visible (GTK_WIDGET (self->voice_bar), FALSE);
  /* The user may have come to where something waits while this was being sent. */
  kith_composer_resume_recording (self);
  if (goes)
    kith_composer_focus (self);
}

static void
recording_said_cb (KithComposer *self, const char *words)
{
  kith_toast_say (GTK_WIDGET (self), words);
}

/* The bar stands in the place of the text. */
static void
show_bar (KithComposer *self)
{
  g_set_object (&self->spoken_to, self->conversation);
  g_set_object (&self->spoken_by, self->node);
  gtk_widget_set_visible (GTK_WIDGET (self->voice_bar), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "voice");
}

/* --- While the user is elsewhere ------------------------------------------------------------- */

static void
tell_unsent (KithComposer *self)
{
  kith_toast_say (GTK_WIDGET (self), _("The voice message was not sent"));
}

static void
tell_kept (KithComposer *self, KithConversation *conversation)
{
  g_autofree char *words
      /* Translators: the name of a person or a group */
      = kith_sentence_make (_("The voice message was not sent. It waits in “%s” until Kith is locked or quit."),
                            kith_conversation_get_title (conversation));

  kith_toast_say (GTK_WIDGET (self), words);
}

static gboolean
is_out (KithGroup *group)
{
  KithMembership state = kith_group_get_state (group);

  return state == KITH_MEMBERSHIP_LEFT || state == KITH_MEMBERSHIP_KICKED || state == KITH_MEMBERSHIP_REFUSED;
}

/* Nothing can be said there any more. */
static gboolean
is_over (KithConversation *conversation)
{
  KithGroup *group = kith_conversation_get_group (conversation);

  return group != NULL ? is_out (group)
                       : kith_contact_get_relation (kith_conversation_get_contact (conversation))
                             == KITH_RELATION_REMOVED;
}

/* The user goes elsewhere: what they have not sent waits for them, and nobody listens to them any longer. @tell: in
 * words */
void
kith_composer_keep_recording (KithComposer *self, gboolean tell)
{
  gboolean was_listening = kith_voice_bar_is_listening (self->voice_bar);
  g_autoptr (KithConversation) conversation = NULL;
  KithVoiceRecorder *recorder = NULL;

  if (!kith_voice_bar_is_recording (self->voice_bar) || kith_voice_bar_is_sending (self->voice_bar))
    return;

  g_set_object (&conversation, self->spoken_to);
  if (g_hash_table_size (self->voices) < KITH_LIMIT_VOICES_KEPT && !is_over (conversation))
    recorder = kith_voice_bar_take (self->voice_bar);
  if (recorder == NULL)
    {
      kith_voice_bar_cancel (self->voice_bar);
      if (tell)
        tell_unsent (self);
      return;
    }

  kith_conversation_set_recorded_ms (conversation, kith_voice_recorder_get_length_ms (recorder));
  if (tell && was_listening)
    tell_kept (self, conversation);
  g_hash_table_replace (self->voices, g_steal_pointer (&conversation), recorder);
}

void
kith_composer_resume_recording (KithComposer *self)
{
  g_autofree char *words = NULL;
  g_autofree char *draft = NULL;
  gpointer conversation, recorder;

  if (self->conversation == NULL || kith_voice_bar_is_recording (self->voice_bar)
      || !g_hash_table_steal_extended (self->voices, self->conversation, &conversation, &recorder))
    return;

  show_bar (self);
  words = kith_message_words_dup_voice (kith_voice_recorder_get_length_ms (recorder));
  /* Translators: a text that was begun and not sent yet */
  draft = kith_sentence_make (_("Draft: %s"), words);
  kith_voice_bar_put_back (self->voice_bar, recorder, draft);
  g_object_unref (conversation);
}

void
kith_composer_forget_recordings (KithComposer *self)
{
  g_hash_table_remove_all (self->voices);
}

static gboolean
is_about (KithConversation *conversation, gpointer whom)
{
  return (gpointer) kith_conversation_get_contact (conversation) == whom
         || (gpointer) kith_conversation_get_group (conversation) == whom;
}

/* @whom: a #KithContact or #KithGroup; what was to be said to them goes, and the user is told. */
static void
forget (KithComposer *self, gpointer whom)
{
  gboolean was_any = FALSE;
  GHashTableIter iter;
  gpointer conversation;

  if (self->spoken_to != NULL && is_about (self->spoken_to, whom)
      && !kith_voice_bar_is_sending (self->voice_bar))
    {
      was_any = TRUE;
      kith_voice_bar_cancel (self->voice_bar);
    }

  g_hash_table_iter_init (&iter, self->voices);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    if (is_about (conversation, whom))
      {
        was_any = TRUE;
        kith_conversation_set_recorded_ms (conversation, 0);
        g_hash_table_iter_remove (&iter);
      }
  if (was_any)
    tell_unsent (self);
}

/* There is no such person or group any more. */
static void
removed_cb (KithComposer *self, gpointer whom)
{
  forget (self, whom);
}

/* Where the user is not any more, nothing can be written: what waits there would never be found again. */
static void
state_cb (KithComposer *self, KithGroup *group)
{
  if (is_out (group))
    forget (self, group);
}

/* --- For the composer ------------------------------------------------------------------------ */

/* For its template. */
void
kith_composer_bind_voice (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, recorded_cb);
  gtk_widget_class_bind_template_callback (widget_class, recording_ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, recording_said_cb);
}

/* After its signals of the node are there. */
void
kith_composer_init_voice (KithComposer *self)
{
  self->voices = g_hash_table_new_full (NULL, NULL, g_object_unref, voice_free);
  g_signal_group_connect_swapped (self->node_signals, "contact-changed::removed", G_CALLBACK (removed_cb), self);
  g_signal_group_connect_swapped (self->node_signals, "group-changed::removed", G_CALLBACK (removed_cb), self);
  g_signal_group_connect_swapped (self->node_signals, "group-changed::state", G_CALLBACK (state_cb), self);
}

/**
 * kith_composer_record:
 * @self: a composer
 *
 * Begins to record a voice message, in the place of the text.
 */
void
kith_composer_record (KithComposer *self)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  if (kith_voice_bar_is_recording (self->voice_bar))
    return;

  show_bar (self);
  kith_voice_bar_start (self->voice_bar);
}

/**
 * kith_composer_end_recording:
 * @self: a composer
 *
 * Nobody can be spoken to here any more. What the user has sent goes, wherever they have gone meanwhile; of what
 * they have not, they are told. What was spoken before and waits here goes on waiting.
 */
void
kith_composer_end_recording (KithComposer *self)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  if (!kith_voice_bar_is_listening (self->voice_bar) || kith_voice_bar_is_sending (self->voice_bar))
    return;

  kith_voice_bar_cancel (self->voice_bar);
  tell_unsent (self);
}
