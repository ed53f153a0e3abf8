/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-picture-area.h"

#include "base/kith-source.h"

/* What is needed for the words and buttons that stand on a picture which is not there yet. */
#define LEAST_WIDTH 240
#define LEAST_HEIGHT 140
#define NARROWEST 120
#define CORNER 10
#define BADGE_PIXELS 48
#define BADGE_ICON_PIXELS 24

/* A place for a picture, as big as it is going to be before it is there, so that nothing moves when it
 * comes. */
struct _KithPictureArea
{
  GtkWidget parent_instance;

  int width; /* that it would like to have */
  int height;
  KithPicture *picture; /* (owned) (nullable) */
  gboolean is_playing;
  guint frame;
  GSource *timer; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithPictureArea, kith_picture_area, GTK_TYPE_WIDGET)

static int
height_for (KithPictureArea *self, int width)
{
  if (width < 0 || width >= self->width)
    return self->height;

  return MAX (MIN (LEAST_HEIGHT, self->height), self->height * width / self->width);
}

static GtkSizeRequestMode
kith_picture_area_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
kith_picture_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                           int *natural, int *minimum_baseline, int *natural_baseline)
{
  KithPictureArea *self = KITH_PICTURE_AREA (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN (NARROWEST, self->width);
      *natural = self->width;
    }
  else
    {
      *minimum = *natural = height_for (self, for_size);
    }
}

/* --- Drawing -------------------------------------------------------------------------------- */

static GdkRGBA
get_colour (KithPictureArea *self, double alpha)
{
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  colour.alpha = (float) alpha;

  return colour;
}

static void
draw_frame (KithPictureArea *self, GtkSnapshot *snapshot, float width, float height)
{
  GdkTexture *texture = kith_picture_get_frame (self->picture, self->frame);
  int texture_width = gdk_texture_get_width (texture);
  int texture_height = gdk_texture_get_height (texture);
  guint own_width = kith_picture_get_width (self->picture);
  /* A small one is not blown up. */
  float shown = MIN ((float) own_width / (float) texture_width,
                     MIN (width / (float) texture_width, height / (float) texture_height));
  float shown_width = shown * (float) texture_width, shown_height = shown * (float) texture_height;
  graphene_rect_t area = GRAPHENE_RECT_INIT ((width - shown_width) / 2, (height - shown_height) / 2,
                                             shown_width, shown_height);

  gtk_snapshot_append_texture (snapshot, texture, &area);
}

/* That it moves when it is clicked. */
static void
draw_badge (KithPictureArea *self, GtkSnapshot *snapshot, float width, float height)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      theme, "media-playback-start-symbolic", NULL, BADGE_ICON_PIXELS,
      gtk_widget_get_scale_factor (GTK_WIDGET (self)), GTK_TEXT_DIR_NONE, 0);
  const GdkRGBA dark = { 0, 0, 0, 0.6f }, light = { 1, 1, 1, 1 };
  GskRoundedRect circle;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - BADGE_PIXELS) / 2,
                                                          (height - BADGE_PIXELS) / 2));
  gsk_rounded_rect_init_from_rect (&circle, &GRAPHENE_RECT_INIT (0, 0, BADGE_PIXELS, BADGE_PIXELS),
                                   BADGE_PIXELS / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, &dark, &circle.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((BADGE_PIXELS - BADGE_ICON_PIXELS) / 2.0f,
                                                          (BADGE_PIXELS - BADGE_ICON_PIXELS) / 2.0f));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, BADGE_ICON_PIXELS,
                                            BADGE_ICON_PIXELS, &light, 1);
  gtk_snapshot_restore (snapshot);
}

static void
kith_picture_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KithPictureArea *self = KITH_PICTURE_AREA (widget);
  int width_pixels = gtk_widget_get_width (widget), height_pixels = gtk_widget_get_height (widget);
  float width = (float) width_pixels, height = (float) height_pixels;
  GdkRGBA behind = get_colour (self, 0.06);
  GskRoundedRect frame;

  gsk_rounded_rect_init_from_rect (&frame, &GRAPHENE_RECT_INIT (0, 0, width, height), CORNER);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  gtk_snapshot_append_color (snapshot, &behind, &frame.bounds);
  if (self->picture != NULL)
    draw_frame (self, snapshot, width, height);
  gtk_snapshot_pop (snapshot);
  if (kith_picture_area_is_animated (self) && !self->is_playing)
    draw_badge (self, snapshot, width, height);
}

/* --- Playing -------------------------------------------------------------------------------- */

static void wait_for_next (KithPictureArea *self);

static gboolean
next_cb (gpointer user_data)
{
  KithPictureArea *self = user_data;

  kith_source_clear (&self->timer);
  self->frame = (self->frame + 1) % kith_picture_get_n_frames (self->picture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  wait_for_next (self);

  return G_SOURCE_REMOVE;
}

/* What is not seen does not move. */
static void
wait_for_next (KithPictureArea *self)
{
  kith_source_clear (&self->timer);
  if (self->is_playing && self->picture != NULL && kith_picture_get_n_frames (self->picture) > 1
      && gtk_widget_get_mapped (GTK_WIDGET (self)))
    kith_source_start (&self->timer, kith_picture_get_delay_ms (self->picture, self->frame), next_cb,
                       self);
}

static void
kith_picture_area_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kith_picture_area_parent_class)->map (widget);

  wait_for_next (KITH_PICTURE_AREA (widget));
}

static void
kith_picture_area_unmap (GtkWidget *widget)
{
  KithPictureArea *self = KITH_PICTURE_AREA (widget);

  kith_source_clear (&self->timer);

  GTK_WIDGET_CLASS (kith_picture_area_parent_class)->unmap (widget);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_picture_area_dispose (GObject *object)
{
  KithPictureArea *self = KITH_PICTURE_AREA (object);

  kith_source_clear (&self->timer);
  g_clear_object (&self->picture);

  G_OBJECT_CLASS (kith_picture_area_parent_class)->dispose (object);
}

static void
kith_picture_area_class_init (KithPictureAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_picture_area_dispose;

  widget_class->get_request_mode = kith_picture_area_get_request_mode;
  widget_class->measure = kith_picture_area_measure;
  widget_class->snapshot = kith_picture_area_snapshot;
  widget_class->map = kith_picture_area_map;
  widget_class->unmap = kith_picture_area_unmap;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
kith_picture_area_init (KithPictureArea *self)
{
  kith_picture_area_reserve (self, 0, 0);
}

/**
 * kith_picture_area_new:
 *
 * Returns: (transfer floating): an empty place
 */
GtkWidget *
kith_picture_area_new (void)
{
  return g_object_new (KITH_TYPE_PICTURE_AREA, NULL);
}

/**
 * kith_picture_area_reserve:
 * @self: a place
 * @width: how wide the picture is going to be, in pixels; 0 if that is not known
 * @height: likewise
 *
 * Takes the room that the picture needs.
 */
void
kith_picture_area_reserve (KithPictureArea *self, guint width, guint height)
{
  double factor;

  g_return_if_fail (KITH_IS_PICTURE_AREA (self));

  if (width == 0 || height == 0)
    width = height = 0;
  factor = width > 0 ? MIN (1.0, (double) KITH_PICTURE_AREA_PIXELS / MAX (width, height)) : 1;
  self->width = MAX (LEAST_WIDTH, (int) (width * factor));
  self->height = MAX (LEAST_HEIGHT, (int) (height * factor));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * kith_picture_area_set_picture:
 * @self: a place
 * @picture: (nullable): what to show in it
 */
void
kith_picture_area_set_picture (KithPictureArea *self, KithPicture *picture)
{
  g_return_if_fail (KITH_IS_PICTURE_AREA (self));

  if (!g_set_object (&self->picture, picture))
    return;

  self->frame = 0;
  wait_for_next (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * kith_picture_area_has_picture:
 * @self: a place
 *
 * Returns: whether there is something to be seen in it
 */
gboolean
kith_picture_area_has_picture (KithPictureArea *self)
{
  g_return_val_if_fail (KITH_IS_PICTURE_AREA (self), FALSE);

  return self->picture != NULL;
}

/**
 * kith_picture_area_is_animated:
 * @self: a place
 *
 * Returns: whether there is more of its picture than one frame
 */
gboolean
kith_picture_area_is_animated (KithPictureArea *self)
{
  g_return_val_if_fail (KITH_IS_PICTURE_AREA (self), FALSE);

  return self->picture != NULL && kith_picture_is_animated (self->picture);
}

/**
 * kith_picture_area_set_playing:
 * @self: a place
 * @playing: whether its animation runs
 */
void
kith_picture_area_set_playing (KithPictureArea *self, gboolean playing)
{
  g_return_if_fail (KITH_IS_PICTURE_AREA (self));

  self->is_playing = playing;
  wait_for_next (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * kith_picture_area_get_playing:
 * @self: a place
 *
 * Returns: whether its animation runs
 */
gboolean
kith_picture_area_get_playing (KithPictureArea *self)
{
  g_return_val_if_fail (KITH_IS_PICTURE_AREA (self), FALSE);

  return self->is_playing;
}
