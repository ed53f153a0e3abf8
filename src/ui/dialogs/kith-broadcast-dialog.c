/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-broadcast-dialog.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-broadcast.h"
#include "ui/kith-announce.h"
#include "ui/kith-keys.h"
#include "ui/kith-message-words.h"
#include "ui/kith-people-chooser.h"
#include "ui/kith-typed.h"

struct _KithBroadcastDialog
{
  AdwWindow parent_instance;

  KithPeopleChooser *chooser;
  GtkTextView *text_view;
  GtkLabel *error_label;
  GtkLabel *limit_label;
  GtkWidget *send_button;

  KithNode *node; /* (owned) (nullable) */
  gboolean sending;
};

enum
{
  SIGNAL_SENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithBroadcastDialog, kith_broadcast_dialog, ADW_TYPE_WINDOW)

static char *
dup_text (KithBroadcastDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

/* (transfer full) (nullable): why this cannot be sent, as far as it is not plain to see */
static char *
dup_obstacle (guint n_chosen, const char *text)
{
  if (n_chosen > KITH_LIMIT_BROADCAST_RECIPIENTS)
    return g_strdup_printf (
      /* Translators: how many people at most */
      g_dngettext (GETTEXT_PACKAGE, "A message goes to %u person at most at a time. Choose fewer.",
                   "A message goes to %u people at most at a time. Choose fewer.",
                   KITH_LIMIT_BROADCAST_RECIPIENTS),
      (guint) KITH_LIMIT_BROADCAST_RECIPIENTS);

  return kith_message_words_dup_too_long (strlen (text));
}

static void
update (KithBroadcastDialog *self)
{
  g_autoptr (GPtrArray) chosen = kith_people_chooser_dup_chosen (self->chooser);
  g_autofree char *text = dup_text (self);
  g_autofree char *obstacle = dup_obstacle (chosen->len, text);

  gtk_widget_set_sensitive (self->send_button, chosen->len > 0 && obstacle == NULL && *text != '\0'
                                                 && !self->sending);
  kith_announce_label_once (self->limit_label, obstacle);
}

static void
stopped_cb (KithBroadcastDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* --- Sending -------------------------------------------------------------------------------- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithBroadcast) broadcast
      = kith_node_broadcast_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithBroadcastDialog) self = kith_typed_end (user_data, broadcast != NULL);
  g_autofree char *words = NULL;

  self->sending = FALSE;
  if (self->node == NULL)
    return;

  if (broadcast != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_SENT], 0, kith_broadcast_get_n_recipients (broadcast));
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  words = kith_explain_error (error);
  kith_announce_label (self->error_label, words);
  update (self);
}

static void
send_cb (KithBroadcastDialog *self)
{
  g_autoptr (GPtrArray) chosen = kith_people_chooser_dup_chosen (self->chooser);
  g_autofree char *text = dup_text (self);

  self->sending = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  update (self);
  kith_node_broadcast_async (self->node, chosen, text, NULL, sent_cb,
                             kith_typed_begin (GTK_WIDGET (self->text_view)));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_broadcast_dialog_dispose (GObject *object)
{
  KithBroadcastDialog *self = KITH_BROADCAST_DIALOG (object);

  if (self->chooser != NULL)
    kith_people_chooser_clear (self->chooser);
  if (self->text_view != NULL)
    g_signal_handlers_disconnect_by_data (gtk_text_view_get_buffer (self->text_view), self);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_BROADCAST_DIALOG);

  G_OBJECT_CLASS (kith_broadcast_dialog_parent_class)->dispose (object);
}

static void
kith_broadcast_dialog_class_init (KithBroadcastDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_broadcast_dialog_dispose;

  signals[SIGNAL_SENT] = g_signal_new ("sent", KITH_TYPE_BROADCAST_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (KITH_TYPE_PEOPLE_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-broadcast-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, chooser);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, limit_label);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, send_button);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, stopped_cb);
}

static void
kith_broadcast_dialog_init (KithBroadcastDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_broadcast_dialog_new:
 * @parent: the window it belongs to
 * @node: whose contacts
 * @text: what to begin with; with a text, those who are online are chosen
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_broadcast_dialog_new (GtkWindow *parent, KithNode *node, const char *text)
{
  KithBroadcastDialog *self
      = g_object_new (KITH_TYPE_BROADCAST_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  kith_people_chooser_set_node (self->chooser, node, NULL, NULL);
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  kith_typed_watch (GTK_WIDGET (self->text_view), node, "broadcast");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  if (*text != '\0')
    kith_people_chooser_choose_online (self->chooser);
  else
    kith_typed_put_back (GTK_WIDGET (self->text_view));
  update (self);

  return GTK_WIDGET (self);
}
