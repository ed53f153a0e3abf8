/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-bubble.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ui/kith-excerpt.h"
#include "ui/kith-format.h"
#include "ui/kith-links.h"
#include "ui/kith-markup.h"
#include "ui/kith-quote.h"
#include "ui/kith-state.h"

#define META_GAP 10
#define QUOTE_GAP 4
#define LONG_BYTES 200
#define LONG_MIN_CHARS 22
#define PIECE_BYTES 128

struct _KithBubble
{
  GtkWidget parent_instance;

  GtkWidget *quote;
  GtkLabel *label;
  GtkWidget *more_button;
  GtkWidget *meta;
  GtkWidget *broadcast_image;
  GtkLabel *time_label;
  GtkImage *state_image;

  KithMessage *message;  /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned) on message */
  GPtrArray *links;      /* (owned) (nullable) of KithLink, in the label's text */
};

G_DEFINE_FINAL_TYPE (KithBubble, kith_bubble, GTK_TYPE_WIDGET)

/* How wide the last line is when the label is @width wide, or -1 when nothing may stand behind it
 * since it runs the other way than the window. */
static int
last_line_width (KithBubble *self, int width)
{
  g_autoptr (PangoLayout) layout = pango_layout_copy (gtk_label_get_layout (self->label));
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoLayoutLine *line;
  PangoRectangle extents;

  pango_layout_set_width (layout, width >= 0 ? width * PANGO_SCALE : -1);
  line = pango_layout_get_line_readonly (layout, pango_layout_get_line_count (layout) - 1);

  if (line == NULL || (pango_layout_line_get_resolved_direction (line) == PANGO_DIRECTION_RTL) != rtl)
    return -1;

  pango_layout_line_get_pixel_extents (line, NULL, &extents);

  return extents.width;
}

static int
meta_width (KithBubble *self)
{
  int width;

  gtk_widget_measure (self->meta, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);

  return width;
}

/* What leads to the rest of the text stands below it, beside the time. */
static gboolean
has_more (KithBubble *self)
{
  return gtk_widget_get_visible (self->more_button);
}

static gboolean
meta_fits (KithBubble *self, int width)
{
  int last = has_more (self) ? -1 : last_line_width (self, width);

  return last >= 0 && last + META_GAP + meta_width (self) <= width;
}

/* What stands above the text when it answers a message. */
static int
quote_height (KithBubble *self)
{
  int height = 0;

  if (gtk_widget_get_visible (self->quote))
    gtk_widget_measure (self->quote, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);

  return height > 0 ? height + QUOTE_GAP : 0;
}

static void
measure_width (KithBubble *self, int *minimum, int *natural)
{
  int meta_min, meta_nat, last, quote_min = 0, quote_nat = 0;

  gtk_widget_measure (GTK_WIDGET (self->label), GTK_ORIENTATION_HORIZONTAL, -1, minimum, natural,
                      NULL, NULL);
  gtk_widget_measure (self->meta, GTK_ORIENTATION_HORIZONTAL, -1, &meta_min, &meta_nat, NULL, NULL);

  last = has_more (self) ? -1 : last_line_width (self, *natural);
  *minimum = MAX (*minimum, meta_min);
  *natural = MAX (*natural, last >= 0 ? last + META_GAP + meta_nat : meta_nat);

  if (gtk_widget_get_visible (self->quote))
    gtk_widget_measure (self->quote, GTK_ORIENTATION_HORIZONTAL, -1, &quote_min, &quote_nat, NULL,
                        NULL);
  *minimum = MAX (*minimum, quote_min);
  *natural = MAX (*natural, quote_nat);
}

static void
measure_height (KithBubble *self, int width, int *minimum, int *natural)
{
  int meta_height;

  if (width < 0)
    {
      int ignored;

      measure_width (self, &ignored, &width);
    }

  gtk_widget_measure (GTK_WIDGET (self->label), GTK_ORIENTATION_VERTICAL, width, minimum, natural,
                      NULL, NULL);
  gtk_widget_measure (self->meta, GTK_ORIENTATION_VERTICAL, -1, NULL, &meta_height, NULL, NULL);

  if (meta_fits (self, width))
    {
      *minimum = MAX (*minimum, meta_height);
      *natural = MAX (*natural, meta_height);
    }
  else
    {
      *minimum += meta_height;
      *natural += meta_height;
    }

  *minimum += quote_height (self);
  *natural += quote_height (self);
}

static void
kith_bubble_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  KithBubble *self = KITH_BUBBLE (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, minimum, natural);
  else
    measure_height (self, for_size, minimum, natural);
}

static void
kith_bubble_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KithBubble *self = KITH_BUBBLE (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int top = quote_height (self);
  GtkAllocation box = { 0, 0, width, MAX (0, top - QUOTE_GAP) };
  int meta_height, nat_width = meta_width (self);

  if (top > 0)
    gtk_widget_size_allocate (self->quote, &box, -1);
  box.y = top;
  box.height = MAX (0, height - top);

  gtk_widget_measure (self->meta, GTK_ORIENTATION_VERTICAL, -1, NULL, &meta_height, NULL, NULL);

  if (!meta_fits (self, width))
    box.height = MAX (0, height - top - meta_height);
  gtk_widget_size_allocate (GTK_WIDGET (self->label), &box, -1);

  box.width = has_more (self) ? width : MIN (width, nat_width);
  box.x = rtl ? 0 : width - box.width;
  box.y = height - meta_height;
  box.height = meta_height;
  gtk_widget_size_allocate (self->meta, &box, -1);
}

static GtkSizeRequestMode
kith_bubble_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
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

/* A message that was taken back says so in our words: it has none of its own. */
static void
update_text (KithBubble *self)
{
  gboolean is_deleted = kith_message_is_deleted (self->message);
  const char *text = is_deleted ? _("This message was deleted") : kith_message_get_text (self->message);
  gsize shown_bytes = kith_excerpt_find_end (text);
  g_autofree char *shown = NULL;
  g_autofree char *clock = kith_format_clock (kith_message_get_time_ms (self->message));
  /* Translators: the time of day when a message was written, which was changed later */
  g_autofree char *edited = g_strdup_printf (_("edited %s"), clock);

  gtk_label_set_text (self->time_label,
                      kith_message_get_edited_ms (self->message) > 0 && !is_deleted ? edited : clock);
  show_more_button (self, text[shown_bytes] != '\0');
  if (text[shown_bytes] != '\0')
    shown = g_strdup_printf ("%.*s…", (int) shown_bytes, text);
  gtk_label_set_text (self->label, shown != NULL ? shown : text);
  gtk_label_set_width_chars (self->label, shown_bytes > LONG_BYTES ? LONG_MIN_CHARS : -1);
  if (is_deleted)
    gtk_widget_add_css_class (GTK_WIDGET (self), "deleted");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "deleted");

  g_clear_pointer (&self->links, g_ptr_array_unref);
  self->links = kith_links_find (kith_message_get_text (self->message));
  update_attributes (self, (guint) shown_bytes);
}

static void
update_quote (KithBubble *self)
{
  kith_quote_set_answer (KITH_QUOTE (self->quote), self->message);
}

static void
kith_bubble_dispose (GObject *object)
{
  KithBubble *self = KITH_BUBBLE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->message);
  g_clear_pointer (&self->links, g_ptr_array_unref);
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
  g_signal_group_connect_swapped (self->signals, "notify::deleted", G_CALLBACK (update_text), self);
  g_signal_group_connect_swapped (self->signals, "notify::deleted", G_CALLBACK (update_quote), self);
  g_signal_group_connect_swapped (self->signals, "notify::quote", G_CALLBACK (update_quote), self);
  g_signal_group_connect_swapped (self->signals, "notify::reply-text", G_CALLBACK (update_quote),
                                  self);
}

/**
 * kith_bubble_set_message:
 * @self: a bubble
 * @message: (nullable): the message to show
 *
 * Shows @message and follows its state.
 */
void
kith_bubble_set_message (KithBubble *self, KithMessage *message)
{
  g_return_if_fail (KITH_IS_BUBBLE (self));

  if (!g_set_object (&self->message, message))
    return;

  g_signal_group_set_target (self->signals, message);
  if (message == NULL)
    return;

  update_text (self);
  update_quote (self);
  gtk_widget_set_visible (self->broadcast_image, kith_message_get_broadcast (self->message));
  update_state (self);
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
