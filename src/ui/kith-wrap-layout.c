/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-wrap-layout.h"

struct _KithWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing; /* between children, and between lines */
};

G_DEFINE_FINAL_TYPE (KithWrapLayout, kith_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
kith_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (KithWrapLayout *self, GtkWidget *widget, int *minimum, int *natural)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int least, usual;

      if (!gtk_widget_should_layout (child))
        continue;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &usual, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += usual + (*natural > 0 ? self->spacing : 0);
    }
}

/* Returns: how high all lines are in @width. @place: whether to put the children there */
static int
lay_out (KithWrapLayout *self, GtkWidget *widget, int width, gboolean place)
{
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, line_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkAllocation at;
      int usual;

      if (!gtk_widget_should_layout (child))
        continue;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &at.width, &usual, NULL, NULL);
      at.width = CLAMP (width, at.width, usual);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, at.width, &at.height, NULL, NULL, NULL);
      if (x > 0 && x + at.width > width)
        {
          y += line_height + self->spacing;
          x = line_height = 0;
        }

      at.x = is_mirrored ? width - x - at.width : x;
      at.y = y;
      if (place)
        gtk_widget_size_allocate (child, &at, -1);
      x += at.width + self->spacing;
      line_height = MAX (line_height, at.height);
    }

  return y + line_height;
}

static void
kith_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                          int for_size, int *minimum, int *natural, int *minimum_baseline,
                          int *natural_baseline)
{
  KithWrapLayout *self = KITH_WRAP_LAYOUT (manager);
  int least = 0, usual = 0;

  *minimum = *natural = 0;
  measure_width (self, widget, &least, &usual);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = usual;
      return;
    }

  /* Without a width: one line. */
  *minimum = *natural = lay_out (self, widget, for_size >= 0 ? MAX (for_size, least) : usual, FALSE);
}

static void
kith_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                           int baseline)
{
  lay_out (KITH_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static void
kith_wrap_layout_class_init (KithWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = kith_wrap_layout_get_request_mode;
  layout_class->measure = kith_wrap_layout_measure;
  layout_class->allocate = kith_wrap_layout_allocate;
}

static void
kith_wrap_layout_init (KithWrapLayout *self)
{
}

/**
 * kith_wrap_layout_new:
 * @spacing: between children and between lines, in pixels
 *
 * Returns: (transfer full): a layout
 */
GtkLayoutManager *
kith_wrap_layout_new (int spacing)
{
  KithWrapLayout *self = g_object_new (KITH_TYPE_WRAP_LAYOUT, NULL);

  self->spacing = spacing;

  return GTK_LAYOUT_MANAGER (self);
}
