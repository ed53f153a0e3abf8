/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-text-dialog.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-links.h"
#include "ui/kith-markup.h"

/* As in a bubble, a text is shaped in short runs: one long run would be shaped again for every line. */
#define PIECE_CHARS 128

struct _KithTextDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *window_title;
  GtkTextView *text_view;
  GtkWidget *copy_button; /* bound, or it would stay when the template goes */

  KithConversation *conversation; /* (owned) (nullable) where it stands */
  KithMessage *message;           /* (owned) (nullable) */
  GPtrArray *links;               /* (owned) (nullable) of KithLink */
};

G_DEFINE_FINAL_TYPE (KithTextDialog, kith_text_dialog, ADW_TYPE_WINDOW)

static GtkTextBuffer *
get_buffer (KithTextDialog *self)
{
  return gtk_text_view_get_buffer (self->text_view);
}

/* --- Looks ---------------------------------------------------------------------------------- */

static void
make_tags (GtkTextBuffer *buffer)
{
  gtk_text_buffer_create_tag (buffer, "piece", "fallback", TRUE, NULL);
  gtk_text_buffer_create_tag (buffer, "bold", "weight", PANGO_WEIGHT_BOLD, NULL);
  gtk_text_buffer_create_tag (buffer, "italic", "style", PANGO_STYLE_ITALIC, NULL);
  gtk_text_buffer_create_tag (buffer, "strike", "strikethrough", TRUE, NULL);
  gtk_text_buffer_create_tag (buffer, "code", "family", "monospace", NULL);
  gtk_text_buffer_create_tag (buffer, "link", "underline", PANGO_UNDERLINE_SINGLE, NULL);
}

static const char *
get_tag (KithMarkupStyle style)
{
  switch (style)
    {
    case KITH_MARKUP_BOLD:
      return "bold";
    case KITH_MARKUP_ITALIC:
    case KITH_MARKUP_QUOTE:
      return "italic";
    case KITH_MARKUP_STRIKE:
      return "strike";
    case KITH_MARKUP_CODE:
    case KITH_MARKUP_BLOCK:
      return "code";
    }

  g_return_val_if_reached ("code");
}

/* @start, @end: bytes of @text, which stands in @buffer */
static void
apply (GtkTextBuffer *buffer, const char *text, const char *tag, guint start, guint end)
{
  GtkTextIter from, to;
  glong start_chars = g_utf8_strlen (text, (gssize) start);

  gtk_text_buffer_get_iter_at_offset (buffer, &from, (int) start_chars);
  gtk_text_buffer_get_iter_at_offset (
      buffer, &to, (int) (start_chars + g_utf8_strlen (text + start, (gssize) (end - start))));
  gtk_text_buffer_apply_tag_by_name (buffer, tag, &from, &to);
}

/* Every other piece has the tag: neighbours that look the same would be joined. */
static void
apply_pieces (GtkTextBuffer *buffer)
{
  int n_chars = gtk_text_buffer_get_char_count (buffer);

  for (int i = 0; i < n_chars; i += 2 * PIECE_CHARS)
    {
      GtkTextIter from, to;

      gtk_text_buffer_get_iter_at_offset (buffer, &from, i);
      gtk_text_buffer_get_iter_at_offset (buffer, &to, i + PIECE_CHARS);
      gtk_text_buffer_apply_tag_by_name (buffer, "piece", &from, &to);
    }
}

static void
update (KithTextDialog *self)
{
  const char *text = kith_message_get_text (self->message);
  GtkTextBuffer *buffer = get_buffer (self);
  g_autoptr (GArray) spans = NULL;
  GtkTextIter start;

  if (kith_message_is_deleted (self->message))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  g_clear_pointer (&self->links, g_ptr_array_unref);
  self->links = kith_links_find (text);
  spans = kith_markup_find (text, self->links);

  gtk_text_buffer_set_text (buffer, text, -1);
  apply_pieces (buffer);
  for (guint i = 0; i < spans->len; i++)
    {
      const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, i);

      apply (buffer, text, get_tag (span->style), span->start, span->end);
    }
  for (guint i = 0; i < self->links->len; i++)
    {
      const KithLink *link = g_ptr_array_index (self->links, i);

      apply (buffer, text, "link", link->start, link->end);
    }
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
}

/* --- Doing ---------------------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable): where the link at this place of the view leads */
static const char *
find_link (KithTextDialog *self, double x, double y)
{
  const char *text = kith_message_get_text (self->message);
  GtkTextIter at;
  int buffer_x, buffer_y;
  gsize offset;

  gtk_text_view_window_to_buffer_coords (self->text_view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y,
                                         &buffer_x, &buffer_y);
  if (!gtk_text_view_get_iter_at_location (self->text_view, &at, buffer_x, buffer_y))
    return NULL;

  offset = (gsize) (g_utf8_offset_to_pointer (text, gtk_text_iter_get_offset (&at)) - text);
  for (guint i = 0; i < self->links->len; i++)
    {
      const KithLink *link = g_ptr_array_index (self->links, i);

      if (offset >= link->start && offset < link->end)
        return link->uri;
    }

  return NULL;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, KithTextDialog *self)
{
  const char *link = find_link (self, x, y);

  /* Whoever selects some of it does not want to go there. */
  if (link != NULL && !gtk_text_buffer_get_has_selection (get_buffer (self)))
    gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                                "win.open-link", "s", link);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, KithTextDialog *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->text_view),
                                   find_link (self, x, y) != NULL ? "pointer" : "text");
}

static void
copy_cb (KithTextDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                              "win.copy", "s", kith_message_get_text (self->message));
  gtk_window_close (GTK_WINDOW (self));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_text_dialog_dispose (GObject *object)
{
  KithTextDialog *self = KITH_TEXT_DIALOG (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->message);
  g_clear_pointer (&self->links, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_TEXT_DIALOG);

  G_OBJECT_CLASS (kith_text_dialog_parent_class)->dispose (object);
}

static void
kith_text_dialog_class_init (KithTextDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_text_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-text-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithTextDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, KithTextDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, KithTextDialog, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);
}

static void
kith_text_dialog_init (KithTextDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  make_tags (get_buffer (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

/* It is, or all of its conversation are. */
static void
gone_cb (KithTextDialog *self, KithConversation *conversation, const char *event, const char *id)
{
  if (self->message != NULL && conversation == self->conversation
      && (id == NULL || g_str_equal (id, kith_message_get_id (self->message))))
    gtk_window_destroy (GTK_WINDOW (self));
}

/**
 * kith_text_dialog_new:
 * @parent: the window of Kith it belongs to
 * @node: whose message it is
 * @conversation: where it stands
 * @message: a message that was not taken back
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_text_dialog_new (GtkWindow *parent, KithNode *node, KithConversation *conversation,
                      KithMessage *message)
{
  KithTextDialog *self = g_object_new (KITH_TYPE_TEXT_DIALOG, "transient-for", parent, NULL);
  KithContact *sender = kith_message_get_sender (message);
  g_autofree char *time = kith_format_full_time (kith_message_get_time_ms (message));

  self->conversation = g_object_ref (conversation);
  self->message = g_object_ref (message);
  adw_window_title_set_title (self->window_title,
                              /* Translators: who wrote or did it: the user */
                              sender != NULL ? kith_contact_get_display_name (sender) : _("You"));
  adw_window_title_set_subtitle (self->window_title, time);
  g_signal_connect_object (message, "notify::text", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::deleted", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::gone", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::cleared", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
