/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-picture.h"

#include "base/kith-picture-reply.h"

/* What browsers make of an animation that names no time, or one too short to be meant. */
#define SHORTEST_MS 20
#define DEFAULT_MS 100

typedef struct
{
  GdkTexture *texture; /* (owned) */
  guint delay_ms;
} Frame;

struct _KithPicture
{
  GObject parent_instance;

  guint width; /* of the original */
  guint height;
  GArray *frames; /* (owned) of Frame */
};

G_DEFINE_FINAL_TYPE (KithPicture, kith_picture, G_TYPE_OBJECT)

static void
frame_clear (gpointer frame)
{
  g_clear_object (&((Frame *) frame)->texture);
}

static void
kith_picture_finalize (GObject *object)
{
  KithPicture *self = KITH_PICTURE (object);

  g_array_unref (self->frames);

  G_OBJECT_CLASS (kith_picture_parent_class)->finalize (object);
}

static void
kith_picture_class_init (KithPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_picture_finalize;
}

static void
kith_picture_init (KithPicture *self)
{
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  g_array_set_clear_func (self->frames, frame_clear);
}

/**
 * kith_picture_new:
 * @width: of the original, in pixels, the right way up
 * @height: likewise
 *
 * Returns: (transfer full): a picture without a frame
 */
KithPicture *
kith_picture_new (guint width, guint height)
{
  KithPicture *self = g_object_new (KITH_TYPE_PICTURE, NULL);

  self->width = width;
  self->height = height;

  return self;
}

/**
 * kith_picture_add_frame:
 * @self: a picture that nobody has yet
 * @frame: its next frame, as big as the others
 * @delay_ms: how long it stays, as the file says
 */
void
kith_picture_add_frame (KithPicture *self, GdkTexture *frame, guint delay_ms)
{
  Frame added = { g_object_ref (frame), delay_ms < SHORTEST_MS ? DEFAULT_MS : delay_ms };

  g_return_if_fail (KITH_IS_PICTURE (self));

  g_array_append_val (self->frames, added);
}

/**
 * kith_picture_get_width:
 * @self: a picture
 *
 * Returns: how wide the original is, in pixels
 */
guint
kith_picture_get_width (KithPicture *self)
{
  g_return_val_if_fail (KITH_IS_PICTURE (self), 0);

  return self->width;
}

/**
 * kith_picture_get_height:
 * @self: a picture
 *
 * Returns: how high the original is, in pixels
 */
guint
kith_picture_get_height (KithPicture *self)
{
  g_return_val_if_fail (KITH_IS_PICTURE (self), 0);

  return self->height;
}

/**
 * kith_picture_get_n_frames:
 * @self: a picture
 *
 * Returns: how many frames it has here
 */
guint
kith_picture_get_n_frames (KithPicture *self)
{
  g_return_val_if_fail (KITH_IS_PICTURE (self), 0);

  return self->frames->len;
}

/**
 * kith_picture_get_frame:
 * @self: a picture
 * @index: below kith_picture_get_n_frames()
 *
 * Returns: (transfer none): a frame
 */
GdkTexture *
kith_picture_get_frame (KithPicture *self, guint index)
{
  g_return_val_if_fail (KITH_IS_PICTURE (self) && index < self->frames->len, NULL);

  return g_array_index (self->frames, Frame, index).texture;
}

/**
 * kith_picture_get_delay_ms:
 * @self: a picture
 * @index: below kith_picture_get_n_frames()
 *
 * Returns: how long the frame stays
 */
guint
kith_picture_get_delay_ms (KithPicture *self, guint index)
{
  g_return_val_if_fail (KITH_IS_PICTURE (self) && index < self->frames->len, DEFAULT_MS);

  return g_array_index (self->frames, Frame, index).delay_ms;
}

/**
 * kith_picture_get_bytes:
 * @self: a picture
 *
 * Returns: how much memory its pixels take
 */
gsize
kith_picture_get_bytes (KithPicture *self)
{
  gsize bytes = 0;

  g_return_val_if_fail (KITH_IS_PICTURE (self), 0);

  for (guint i = 0; i < self->frames->len; i++)
    {
      GdkTexture *texture = kith_picture_get_frame (self, i);

      bytes += (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture)
               * KITH_PICTURE_PIXEL_BYTES;
    }

  return bytes;
}
