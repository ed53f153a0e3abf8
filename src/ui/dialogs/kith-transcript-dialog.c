/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-transcript-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "ui/kith-chooser.h"
#include "ui/kith-keys.h"
#include "ui/kith-task-panel.h"
#include "ui/kith-toast.h"

struct _KithTranscriptDialog
{
  AdwWindow parent_instance;

  GtkCheckButton *text_button;
  GtkCheckButton *html_button;
  KithTaskPanel *panel;

  KithNode *node;                 /* (owned) */
  KithConversation *conversation; /* (owned) */
  gboolean wants_close;           /* as soon as nothing is being written */
};

G_DEFINE_FINAL_TYPE (KithTranscriptDialog, kith_transcript_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_STOPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
progress_cb (double fraction, gpointer user_data)
{
  KithTranscriptDialog *self = user_data;

  if (self->panel != NULL)
    kith_task_panel_set_progress (self->panel, fraction);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithTranscriptDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  gboolean is_incomplete;
  gboolean done = kith_node_write_transcript_finish (KITH_NODE (source), result, &is_incomplete, &error);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  gboolean was_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean wants_close = self->wants_close;

  self->wants_close = FALSE;
  kith_task_panel_end (self->panel, NULL);
  if (!done && !was_cancelled)
    {
      words = kith_explain_transcript (error);
      kith_task_panel_complain (self->panel, words);
    }
  else if (is_incomplete)
    kith_task_panel_complain (self->panel, kith_explain_incomplete_transcript ());

  /* Nobody but the window takes it away from who waits for it. */
  if (!gtk_widget_get_realized (GTK_WIDGET (self)))
    {
      if (!done)
        g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
      return;
    }

  /* What is not whole stays to be read. */
  if ((done && (!is_incomplete || wants_close)) || (wants_close && was_cancelled))
    gtk_window_close (GTK_WINDOW (self));
  if (done && !is_incomplete && parent != NULL)
    kith_toast_say (GTK_WIDGET (parent), _("Saved, not encrypted"));
}

static gboolean
wants_html (KithTranscriptDialog *self)
{
  return gtk_check_button_get_active (self->html_button);
}

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithTranscriptDialog *self = owner;

  kith_node_write_transcript_async (
      self->node, self->conversation, file,
      wants_html (self) ? KITH_TRANSCRIPT_HTML : KITH_TRANSCRIPT_TEXT, progress_cb, self,
      kith_task_panel_begin (self->panel, TRUE), written_cb, g_object_ref (self));
}

static void
start_cb (KithTranscriptDialog *self)
{
  g_autofree char *title = g_strdup (kith_conversation_get_title (self->conversation));
  g_autofree char *name = NULL;

  /* A file's name has no slash in it, and is not hidden. */
  g_strdelimit (title, "/.", '_');
  name = g_strdup_printf (wants_html (self) ? "%s.html" : "%s.txt", title);

  kith_chooser_save (GTK_WIDGET (self), _("Save, Not Encrypted"), name, chosen_cb, NULL, NULL);
}

/* It stays until nothing is left of the file. */
static gboolean
close_request_cb (KithTranscriptDialog *self)
{
  self->wants_close = kith_task_panel_is_running (self->panel);
  if (self->wants_close)
    kith_task_panel_cancel (self->panel);

  return self->wants_close;
}

static void
kith_transcript_dialog_dispose (GObject *object)
{
  KithTranscriptDialog *self = KITH_TRANSCRIPT_DIALOG (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_TRANSCRIPT_DIALOG);

  G_OBJECT_CLASS (kith_transcript_dialog_parent_class)->dispose (object);
}

static void
kith_transcript_dialog_class_init (KithTranscriptDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_transcript_dialog_dispose;
  signals[SIGNAL_STOPPED] = g_signal_new ("stopped", KITH_TYPE_TRANSCRIPT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-transcript-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithTranscriptDialog, text_button);
  gtk_widget_class_bind_template_child (widget_class, KithTranscriptDialog, html_button);
  gtk_widget_class_bind_template_child (widget_class, KithTranscriptDialog, panel);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kith_transcript_dialog_init (KithTranscriptDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_transcript_dialog_new:
 * @parent: the window it belongs to
 * @node: whose conversation it is
 * @conversation: what to write out
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_transcript_dialog_new (GtkWindow *parent, KithNode *node, KithConversation *conversation)
{
  KithTranscriptDialog *self = g_object_new (KITH_TYPE_TRANSCRIPT_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  self->conversation = g_object_ref (conversation);
  kith_task_panel_set_ready (self->panel, TRUE);

  return GTK_WIDGET (self);
}
