/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-layout.h"

#include "kith-test-scene.h"

#define FRAMES_LEAST 3
#define FRAMES_MOST 60 /* then it will not become that size */
#define SLACK 1.0f     /* px: edges are rounded */
#define DEEPEST 5      /* of the widgets that tell where a fault is */

/* --- Sizes ---------------------------------------------------------------------------------- */

typedef struct
{
  int   width, height;
  guint n_frames;
} Wish;

/* What is drawn around a window where nothing composes counts for its size. */
static GtkWidget *
get_content (GtkWindow *window)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (window));

  while (child != NULL && (GTK_IS_NATIVE (child) || !gtk_widget_get_mapped (child)))
    child = gtk_widget_get_next_sibling (child);
  if (child == NULL)
    g_error ("There is nothing in the window");

  return child;
}

static gboolean
is_so (GtkWindow *window, const Wish *wish)
{
  GtkWidget *content = get_content (window);

  return (wish->width == 0 || gtk_widget_get_width (content) == wish->width)
         && (wish->height == 0 || gtk_widget_get_height (content) == wish->height);
}

static void
ask (GtkWindow *window, const Wish *wish)
{
  GtkWidget *content = get_content (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  width += wish->width != 0 ? wish->width - gtk_widget_get_width (content) : 0;
  height += wish->height != 0 ? wish->height - gtk_widget_get_height (content) : 0;
  gtk_window_set_default_size (window, width, height);
}

/* What the display says of an earlier size undoes a later one: asks again. */
static gboolean
frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Wish *wish = user_data;

  wish->n_frames++;
  if (!is_so (GTK_WINDOW (widget), wish) && wish->n_frames % FRAMES_LEAST == 0)
    ask (GTK_WINDOW (widget), wish);
  gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

void
layout_resize (GtkWindow *window, int width, int height)
{
  Wish wish = { .width = width, .height = height };
  guint id;

  wait_for (gtk_widget_get_mapped (GTK_WIDGET (window)));
  if (!is_so (window, &wish))
    ask (window, &wish);
  id = gtk_widget_add_tick_callback (GTK_WIDGET (window), frame_cb, &wish, NULL);
  wait_for (wish.n_frames >= FRAMES_MOST || (wish.n_frames >= FRAMES_LEAST && is_so (window, &wish)));
  gtk_widget_remove_tick_callback (GTK_WIDGET (window), id);
}

void
layout_settle (GtkWindow *window)
{
  layout_resize (window, 0, 0);
}

/* --- Faults --------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget       *window;
  GString         *faults;
  LayoutMayCutFunc may_cut;
  gpointer         user_data;
} Look;

/* Where things may be seen; what is scrolled may lie beyond it on that side. */
typedef struct
{
  graphene_rect_t area;
  gboolean        is_open_x, is_open_y;
} Frame;

static void
complain (Look *look, GtkWidget *widget, const char *what, const char *detail)
{
  g_string_append_printf (look->faults, "%s%s", look->faults->len > 0 ? "\n" : "", what);
  if (detail != NULL)
    g_string_append_printf (look->faults, " “%s”", detail);
  for (guint i = 0; widget != NULL && i < DEEPEST; i++, widget = gtk_widget_get_parent (widget))
    g_string_append_printf (look->faults, " < %s", G_OBJECT_TYPE_NAME (widget));
}

static const char *
find_words (GtkWidget *widget)
{
  const char *words = NULL;

  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); words == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    words = find_words (child);

  return words != NULL ? words : gtk_widget_get_tooltip_text (widget);
}

static void
check_place (Look *look, GtkWidget *widget, const graphene_rect_t *place, const Frame *frame)
{
  const graphene_rect_t *area = &frame->area;

  if (!frame->is_open_x
      && (place->origin.x < area->origin.x - SLACK
          || place->origin.x + place->size.width > area->origin.x + area->size.width + SLACK))
    complain (look, widget, "sticks out sideways:", find_words (widget));
  if (!frame->is_open_y
      && (place->origin.y < area->origin.y - SLACK
          || place->origin.y + place->size.height > area->origin.y + area->size.height + SLACK))
    complain (look, widget, "sticks out above or below:", find_words (widget));
}

static void
check_label (Look *look, GtkLabel *label, const graphene_rect_t *place)
{
  const char *text = gtk_label_get_text (label);
  int least;

  if (*text == '\0')
    return;

  /* What to enter is said in the name of an entry as well. */
  if (pango_layout_is_ellipsized (gtk_label_get_layout (label)) && !GTK_IS_TEXT (gtk_widget_get_parent (GTK_WIDGET (label)))
      && !look->may_cut (text, look->user_data))
    complain (look, GTK_WIDGET (label), "is cut:", text);

  pango_layout_get_pixel_size (gtk_label_get_layout (label), &least, NULL);
  if (gtk_label_get_ellipsize (label) == PANGO_ELLIPSIZE_NONE && place->size.width + SLACK < (float) least)
    complain (look, GTK_WIDGET (label), "has too little room:", text);
}

/* What can be pressed and is in view is found by a pointer in its middle. */
static void
check_reach (Look *look, GtkWidget *widget, const graphene_rect_t *place, const Frame *frame)
{
  graphene_point_t middle = GRAPHENE_POINT_INIT (place->origin.x + place->size.width / 2,
                                                 place->origin.y + place->size.height / 2);
  GtkWidget *found;

  if (!gtk_widget_is_sensitive (widget) || !gtk_widget_get_can_target (widget)
      || !graphene_rect_contains_point (&frame->area, &middle))
    return;

  found = gtk_widget_pick (look->window, middle.x, middle.y, GTK_PICK_DEFAULT);
  if (found == NULL || (found != widget && !gtk_widget_is_ancestor (found, widget)))
    complain (look, widget, "is covered:", find_words (widget));
}

static Frame
get_frame_inside (GtkWidget *widget, const graphene_rect_t *place, const Frame *frame)
{
  Frame inside = *frame;
  GtkPolicyType x, y;

  if (GTK_IS_SCROLLED_WINDOW (widget))
    {
      gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &x, &y);
      inside.is_open_x = inside.is_open_x || x != GTK_POLICY_NEVER;
      inside.is_open_y = inside.is_open_y || y != GTK_POLICY_NEVER;
      if (!graphene_rect_intersection (&frame->area, place, &inside.area))
        inside.area = GRAPHENE_RECT_INIT (place->origin.x, place->origin.y, place->size.width, 0);
    }
  else if (GTK_IS_TEXT (widget))
    {
      inside.is_open_x = TRUE;
    }

  return inside;
}

/* What GTK makes controls of, and what is not in this window. */
static gboolean
is_closed (GtkWidget *widget)
{
  return GTK_IS_RANGE (widget) || GTK_IS_PROGRESS_BAR (widget) || GTK_IS_SWITCH (widget) || GTK_IS_NATIVE (widget);
}

static void
check (Look *look, GtkWidget *widget, const Frame *frame)
{
  graphene_rect_t place;
  Frame inside;

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget)
      || !gtk_widget_compute_bounds (widget, look->window, &place))
    return;

  check_place (look, widget, &place, frame);
  if (GTK_IS_LABEL (widget))
    check_label (look, GTK_LABEL (widget), &place);
  if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_EDITABLE (widget) || GTK_IS_TEXT_VIEW (widget))
    check_reach (look, widget, &place, frame);

  inside = get_frame_inside (widget, &place, frame);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!is_closed (child))
      check (look, child, &inside);
}

static int
get_least_width (GtkWidget *widget)
{
  int least;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return least;
}

/* Down to what wants to be wide, by who does most of all. */
static void
complain_of_width (Look *look, GtkWidget *widget)
{
  while (widget != NULL)
    {
      GtkWidget *widest = NULL;

      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        if (gtk_widget_should_layout (child)
            && (widest == NULL || get_least_width (child) > get_least_width (widest)))
          widest = child;
      g_string_append_printf (look->faults, " > %s %d", G_OBJECT_TYPE_NAME (widget), get_least_width (widget));
      widget = widest;
    }
}

char *
layout_find_faults (GtkWindow *window, int width, LayoutMayCutFunc may_cut, gpointer user_data)
{
  Look look = { .window = GTK_WIDGET (window), .faults = g_string_new (NULL), .may_cut = may_cut,
                .user_data = user_data };
  Frame frame = { 0 };
  int is_wide = gtk_widget_get_width (get_content (window));

  if (is_wide != width)
    {
      g_string_append_printf (look.faults, "is %d wide instead of %d:", is_wide, width);
      complain_of_width (&look, get_content (window));
    }

  if (!gtk_widget_compute_bounds (look.window, look.window, &frame.area))
    g_error ("The window is nowhere");
  for (GtkWidget *child = gtk_widget_get_first_child (look.window); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!is_closed (child))
      check (&look, child, &frame);

  if (look.faults->len > 0)
    return g_string_free (look.faults, FALSE);

  g_string_free (look.faults, TRUE);
  return NULL;
}

/* --- Pictures ------------------------------------------------------------------------------- */

void
layout_save (GtkWindow *window, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (window));
  graphene_rect_t whole, area;

  if (!gtk_widget_compute_bounds (GTK_WIDGET (window), GTK_WIDGET (window), &whole)
      || !gtk_widget_compute_bounds (get_content (window), GTK_WIDGET (window), &area))
    g_error ("The window is nowhere");
  graphene_rect_offset (&area, -whole.origin.x, -whole.origin.y);
  graphene_rect_scale (&area, (float) scale, (float) scale, &area);
  gtk_snapshot_scale (snapshot, (float) scale, (float) scale);
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, &area);
  if (!gdk_texture_save_to_png (texture, path))
    g_error ("%s cannot be written", path);
}
