/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-bubble-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ui/kith-attachment.h"
#include "ui/kith-excerpt.h"
#include "ui/kith-links.h"
#include "ui/kith-markup.h"
#include "ui/kith-mentions.h"
#include "ui/kith-person-colour.h"
#include "ui/kith-quote.h"
#include "ui/kith-state.h"

#define LONG_BYTES 200
#define LONG_MIN_CHARS 22 /* with texts as large as usual */
#define USUAL_DPI (96 * 1024)
#define PIECE_BYTES 128

G_DEFINE_FINAL_TYPE (KithBubble, kith_bubble, GTK_TYPE_WIDGET)

/* What leads to the rest of the text stands below it, beside the time. */
gboolean
kith_bubble_has_more (KithBubble *self)
{
  return gtk_widget_get_visible (self->more_button);
}

gboolean
kith_bubble_has_attachment (KithBubble *self)
{
  return self->attachment != NULL && gtk_widget_get_visible (self->attachment);
}

/* For each line, Pango shapes all that is left of a run again: some messages of a few kilobytes, in
 * words that do not end, would stop the window for minutes. An attribute that changes nothing makes
 * short runs of a long text, at spaces where there are any. */
static void
add_pieces (PangoAttrList *attributes, const char *text)
{
  const char *start = text;

  if (strlen (text) <= LONG_BYTES)
    return;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gboolean is_space = *p == ' ' || *p == '\n';
      PangoAttribute *piece;

      if (p - start < (is_space ? PIECE_BYTES / 2 : PIECE_BYTES))
        continue;

      piece = pango_attr_fallback_new (TRUE);
      piece->start_index = (guint) (start - text);
      piece->end_index = (guint) (p - text);
      pango_attr_list_insert (attributes, piece);
      start = p;
    }
}

/* What begins behind the part that is shown has no looks. */
static void
drop_hidden (GArray *spans, guint shown_bytes)
{
  guint n = 0;

  while (n < spans->len && g_array_index (spans, KithMarkupSpan, n).start < shown_bytes)
    n++;
  g_array_set_size (spans, n);
}

/* @shown_bytes: how much of the message's text stands in the label */
static void
update_attributes (KithBubble *self, guint shown_bytes)
{
  const char *text = kith_message_get_text (self->message);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autoptr (GArray) spans = kith_markup_find (text, self->links);

  drop_hidden (spans, shown_bytes);
  add_pieces (attributes, gtk_label_get_text (self->label));
  kith_markup_attributes (spans, attributes);
  if (self->group != NULL)
    kith_mentions_attributes (self->group, gtk_label_get_text (self->label), attributes);

  for (guint i = 0; i < self->links->len; i++)
    {
      KithLink *link = g_ptr_array_index (self->links, i);
      PangoAttribute *underline;

      if (link->start >= shown_bytes)
        break;
      underline = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);
      underline->start_index = link->start;
      underline->end_index = link->end;
      pango_attr_list_insert (attributes, underline);
    }

  gtk_label_set_attributes (self->label, attributes);
}

static void
update_state (KithBubble *self)
{
  KithMessageState state = kith_message_get_state (self->message);

  gtk_widget_set_visible (GTK_WIDGET (self->state_image), kith_message_is_outgoing (self->message));
  gtk_image_set_from_icon_name (self->state_image, kith_state_icon_name (state));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state_image), kith_state_get_words (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->state_image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  kith_state_get_words (state), -1);

  gtk_widget_remove_css_class (GTK_WIDGET (self->state_image), "read");
  gtk_widget_remove_css_class (GTK_WIDGET (self->state_image), "failed");
  if (state == KITH_MESSAGE_READ)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_image), "read");
  else if (state == KITH_MESSAGE_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_image), "failed");
}

static void
show_more_button (KithBubble *self, gboolean show)
{
  GtkActionable *button = GTK_ACTIONABLE (self->more_button);

  gtk_widget_set_visible (self->more_button, show);
  /* An action without its target would be complained about. */
  gtk_actionable_set_action_name (button, NULL);
  if (!show)
    return;

  gtk_actionable_set_action_target (button, "s", kith_message_get_id (self->message));
  gtk_actionable_set_action_name (button, "conversation.show-text");
}

/* A long text is not laid out in a column as narrow as its longest word; with large letters fewer of them are as wide. */
static int
get_long_min_chars (KithBubble *self)
{
  int dpi = USUAL_DPI;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  return LONG_MIN_CHARS * USUAL_DPI / MAX (dpi, USUAL_DPI);
}

/* A message that was taken back says so in our words: it has none of its own. */
static void
update_text (KithBubble *self)
{
  gboolean is_deleted = kith_message_is_deleted (self->message);
  const char *text = is_deleted ? _("This message was deleted") : kith_message_get_text (self->message);
  gsize shown_bytes = kith_excerpt_find_end (text);
  g_autofree char *shown = NULL;
  g_autofree char *time = kith_state_dup_time (self->message);

  gtk_label_set_text (self->time_label, time);
  show_more_button (self, text[shown_bytes] != '\0');
  if (text[shown_bytes] != '\0')
    shown = g_strdup_printf ("%.*s…", (int) shown_bytes, text);
  gtk_label_set_text (self->label, shown != NULL ? shown : text);
  gtk_label_set_width_chars (self->label, shown_bytes > LONG_BYTES ? get_long_min_chars (self) : -1);
  if (is_deleted)
    gtk_widget_add_css_class (GTK_WIDGET (self), "deleted");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "deleted");

  g_clear_pointer (&self->links, g_ptr_array_unref);
  self->links = kith_links_find (kith_message_get_text (self->message));
  update_attributes (self, (guint) shown_bytes);
}

/* A message that names us stands out. */
static void
update_mention (KithBubble *self)
{
  if (kith_message_get_mention (self->message) && !kith_message_is_deleted (self->message))
    gtk_widget_add_css_class (GTK_WIDGET (self), "mention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "mention");
}

static void
update_quote (KithBubble *self)
{
  kith_quote_set_answer (KITH_QUOTE (self->quote), self->message);
}

/* A file stands for its message: its name is no text. */
static void
update_attachment (KithBubble *self)
{
  KithTransfer *transfer = self->message != NULL ? kith_message_get_transfer (self->message) : NULL;

  if (transfer != NULL && self->attachment == NULL)
    {
      self->attachment = kith_attachment_new ();
      gtk_widget_insert_after (self->attachment, GTK_WIDGET (self), self->quote);
    }
  if (self->attachment != NULL)
    {
      kith_attachment_set_transfer (KITH_ATTACHMENT (self->attachment), transfer);
      gtk_widget_set_visible (self->attachment, transfer != NULL);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->label), transfer == NULL);
}

static void
kith_bubble_dispose (GObject *object)
{
  KithBubble *self = KITH_BUBBLE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->message);
  g_clear_object (&self->group);
  g_clear_pointer (&self->links, g_ptr_array_unref);
  g_clear_pointer (&self->attachment, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_BUBBLE);

  G_OBJECT_CLASS (kith_bubble_parent_class)->dispose (object);
}

static void
kith_bubble_class_init (KithBubbleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kith_bubble_dispose;

  widget_class->measure = kith_bubble_measure;
  widget_class->size_allocate = kith_bubble_size_allocate;
  widget_class->get_request_mode = kith_bubble_get_request_mode;

  g_type_ensure (KITH_TYPE_QUOTE);
  gtk_widget_class_set_css_name (widget_class, "kithbubble");
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-bubble.ui");
  gtk_widget_class_bind_template_child (widget_class, KithBubble, sender_label);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, quote);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, label);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, more_button);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, meta);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, broadcast_image);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, time_label);
  gtk_widget_class_bind_template_child (widget_class, KithBubble, state_image);
}

static void
kith_bubble_init (KithBubble *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (KITH_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->signals, "notify::text", G_CALLBACK (update_text), self);
  g_signal_group_connect_swapped (self->signals, "notify::edited-at", G_CALLBACK (update_text), self);
  g_signal_group_connect_swapped (self->signals, "notify::late", G_CALLBACK (update_text), self);
  g_signal_group_connect_swapped (self->signals, "notify::deleted", G_CALLBACK (update_text), self);
  g_signal_group_connect_swapped (self->signals, "notify::deleted", G_CALLBACK (update_quote), self);
  g_signal_group_connect_swapped (self->signals, "notify::deleted", G_CALLBACK (update_mention), self);
  g_signal_group_connect_swapped (self->signals, "notify::mention", G_CALLBACK (update_mention), self);
  g_signal_group_connect_swapped (self->signals, "notify::transfer", G_CALLBACK (update_attachment), self);
  g_signal_group_connect_swapped (self->signals, "notify::quote", G_CALLBACK (update_quote), self);
  g_signal_group_connect_swapped (self->signals, "notify::reply-text", G_CALLBACK (update_quote),
                                  self);
}

/**
 * kith_bubble_set_message:
 * @self: a bubble
 * @message: (nullable): the message to show
 * @group: (nullable): whose message it is, when it was written in a group
 *
 * Shows @message and follows its state.
 */
void
kith_bubble_set_message (KithBubble *self, KithMessage *message, KithGroup *group)
{
  g_return_if_fail (KITH_IS_BUBBLE (self));

  g_set_object (&self->group, group);
  if (!g_set_object (&self->message, message))
    return;

  g_signal_group_set_target (self->signals, message);
  update_attachment (self);
  if (message == NULL)
    return;

  update_text (self);
  update_quote (self);
  update_mention (self);
  gtk_widget_set_visible (self->broadcast_image, kith_message_get_broadcast (self->message));
  update_state (self);
}

/**
 * kith_bubble_set_sender:
 * @self: a bubble
 * @sender: (nullable): whose name to show above the text, in their colour
 */
void
kith_bubble_set_sender (KithBubble *self, KithContact *sender)
{
  g_return_if_fail (KITH_IS_BUBBLE (self));

  gtk_widget_set_visible (GTK_WIDGET (self->sender_label), sender != NULL);
  gtk_label_set_text (self->sender_label,
                      sender != NULL ? kith_contact_get_display_name (sender) : "");
  kith_person_colour_set (GTK_WIDGET (self->sender_label),
                          sender != NULL ? kith_contact_get_identity (sender) : NULL);
}

/**
 * kith_bubble_get_link_at:
 * @self: a bubble
 * @x: a position inside it, in pixels
 * @y: likewise
 *
 * Returns: (transfer none) (nullable): where the link at this position leads
 */
const char *
kith_bubble_get_link_at (KithBubble *self, double x, double y)
{
  double label_x, label_y;
  int offset_x, offset_y, index, trailing;

  g_return_val_if_fail (KITH_IS_BUBBLE (self), NULL);

  if (self->links == NULL || self->links->len == 0
      || !gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (self->label), x, y,
                                            &label_x, &label_y))
    return NULL;

  gtk_label_get_layout_offsets (self->label, &offset_x, &offset_y);
  if (!pango_layout_xy_to_index (gtk_label_get_layout (self->label),
                                 ((int) label_x - offset_x) * PANGO_SCALE,
                                 ((int) label_y - offset_y) * PANGO_SCALE, &index, &trailing))
    return NULL;

  for (guint i = 0; i < self->links->len; i++)
    {
      KithLink *link = g_ptr_array_index (self->links, i);

      if ((guint) index >= link->start && (guint) index < link->end)
        return link->uri;
    }

  return NULL;
}

/**
 * kith_bubble_activate:
 * @self: a bubble
 *
 * Does what a click on the middle of it would: plays, shows or takes a file, shows the rest of a long text, asks
 * whether to open the only link.
 *
 * Returns: whether there was something to be done
 */
gboolean
kith_bubble_activate (KithBubble *self)
{
  g_return_val_if_fail (KITH_IS_BUBBLE (self), FALSE);

  if (kith_bubble_has_attachment (self))
    return kith_attachment_activate (KITH_ATTACHMENT (self->attachment));
  if (kith_bubble_has_more (self))
    return gtk_widget_activate (self->more_button);
  if (self->links == NULL || self->links->len != 1)
    return FALSE;

  return gtk_widget_activate_action (GTK_WIDGET (self), "win.open-link", "s",
                                     ((KithLink *) g_ptr_array_index (self->links, 0))->uri);
}

/**
 * kith_bubble_dup_links:
 * @self: a bubble
 *
 * Returns: (transfer full): where the links of its message lead
 */
GStrv
kith_bubble_dup_links (KithBubble *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (KITH_IS_BUBBLE (self), NULL);

  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    g_strv_builder_add (builder, ((KithLink *) g_ptr_array_index (self->links, i))->uri);

  return g_strv_builder_end (builder);
}
