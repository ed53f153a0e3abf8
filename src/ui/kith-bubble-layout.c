/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in a bubble everything stands: who wrote it, what it answers, the file, the text, and the time behind
 * or below the last word. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-bubble-private.h"

#define META_GAP 10
#define QUOTE_GAP 4
#define SENDER_GAP 1

/* How wide the last line is when the label is @width wide, or -1 when nothing may stand behind it
 * since it runs the other way than the window. */
static int
last_line_width (KithBubble *self, int width)
{
  g_autoptr (PangoLayout) layout = NULL;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoLayoutLine *line;
  PangoRectangle extents;

  /* A file has no words behind which there is room. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self->label)))
    return -1;

  layout = pango_layout_copy (gtk_label_get_layout (self->label));
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

static gboolean
meta_fits (KithBubble *self, int width)
{
  int last = kith_bubble_has_more (self) ? -1 : last_line_width (self, width);

  return last >= 0 && last + META_GAP + meta_width (self) <= width;
}

static int
height_of (GtkWidget *widget)
{
  int height = 0;

  if (gtk_widget_get_visible (widget))
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);

  return height;
}

/* What stands above the text when it answers a message. */
static int
quote_height (KithBubble *self)
{
  int height = height_of (self->quote);

  return height > 0 ? height + QUOTE_GAP : 0;
}

/* With who wrote it, in a group. */
static int
top_height (KithBubble *self)
{
  int height = height_of (GTK_WIDGET (self->sender_label));

  return (height > 0 ? height + SENDER_GAP : 0) + quote_height (self);
}

/* Makes room for what stands above the text. */
static void
add_width (GtkWidget *widget, int *minimum, int *natural)
{
  int min = 0, nat = 0;

  if (gtk_widget_get_visible (widget))
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &min, &nat, NULL, NULL);
  *minimum = MAX (*minimum, min);
  *natural = MAX (*natural, nat);
}

static int
attachment_height (KithBubble *self, int width)
{
  int height = 0;

  if (kith_bubble_has_attachment (self))
    gtk_widget_measure (self->attachment, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);

  return height;
}

static void
measure_width (KithBubble *self, int *minimum, int *natural)
{
  int meta_min, meta_nat, last;

  gtk_widget_measure (GTK_WIDGET (self->label), GTK_ORIENTATION_HORIZONTAL, -1, minimum, natural,
                      NULL, NULL);
  gtk_widget_measure (self->meta, GTK_ORIENTATION_HORIZONTAL, -1, &meta_min, &meta_nat, NULL, NULL);

  last = kith_bubble_has_more (self) ? -1 : last_line_width (self, *natural);
  *minimum = MAX (*minimum, meta_min);
  *natural = MAX (*natural, last >= 0 ? last + META_GAP + meta_nat : meta_nat);

  add_width (GTK_WIDGET (self->sender_label), minimum, natural);
  add_width (self->quote, minimum, natural);
  if (kith_bubble_has_attachment (self))
    add_width (self->attachment, minimum, natural);
}

/* How wide it is where there is room for @width: never wider than it wants to be. */
static int
width_within (KithBubble *self, int width)
{
  int minimum, natural = 0;

  /* What is known of the text is asked first: the rest lays it out again. */
  if (gtk_widget_get_visible (GTK_WIDGET (self->label)))
    gtk_widget_measure (GTK_WIDGET (self->label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
                        NULL);
  if (width >= 0 && width <= natural)
    return width;

  measure_width (self, &minimum, &natural);

  return width < 0 ? natural : MIN (width, MAX (minimum, natural));
}

static void
measure_height (KithBubble *self, int width, int *minimum, int *natural)
{
  int meta_height;

  width = width_within (self, width);
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

  *minimum += top_height (self) + attachment_height (self, width);
  *natural += top_height (self) + attachment_height (self, width);
}

void
kith_bubble_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  KithBubble *self = KITH_BUBBLE (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, minimum, natural);
  else
    measure_height (self, for_size, minimum, natural);
}

void
kith_bubble_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KithBubble *self = KITH_BUBBLE (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int top = top_height (self), quote = quote_height (self);
  int file_height = attachment_height (self, width);
  GtkAllocation box = { 0, 0, width, MAX (0, top - quote - SENDER_GAP) };
  int meta_height, nat_width = meta_width (self);

  if (top > quote)
    gtk_widget_size_allocate (GTK_WIDGET (self->sender_label), &box, -1);
  box.y = top - quote;
  box.height = MAX (0, quote - QUOTE_GAP);
  if (quote > 0)
    gtk_widget_size_allocate (self->quote, &box, -1);
  if (kith_bubble_has_attachment (self))
    gtk_widget_size_allocate (self->attachment, &(GtkAllocation){ 0, top, width, file_height }, -1);
  top += file_height;
  box.y = top;
  box.height = MAX (0, height - top);

  gtk_widget_measure (self->meta, GTK_ORIENTATION_VERTICAL, -1, NULL, &meta_height, NULL, NULL);

  if (!meta_fits (self, width))
    box.height = MAX (0, height - top - meta_height);
  gtk_widget_size_allocate (GTK_WIDGET (self->label), &box, -1);

  box.width = kith_bubble_has_more (self) ? width : MIN (width, nat_width);
  box.x = rtl ? 0 : width - box.width;
  box.y = height - meta_height;
  box.height = meta_height;
  gtk_widget_size_allocate (self->meta, &box, -1);
}

GtkSizeRequestMode
kith_bubble_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}
