/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-job.h"

#include <string.h>

#include <gif_lib.h>

#define PIXEL KITH_PICTURE_PIXEL_BYTES
#define DELAY_UNIT_MS 10

/* All frames are painted onto one canvas. One frame is in memory at a time. */
typedef struct
{
  KithPictureJob *job;
  gsize offset;      /* in the job's data */
  GifFileType *file; /* (owned) */
  guint8 *canvas;    /* (owned) */
  guint8 *before;    /* (owned) (nullable) the canvas without the frame on it that goes away */
  guint8 *line;      /* (owned) as wide as the canvas */
  GraphicsControlBlock control;
} Gif;

static int
read_cb (GifFileType *file, GifByteType *out, int len)
{
  Gif *self = file->UserData;
  gsize there = MIN ((gsize) len, self->job->len - self->offset);

  memcpy (out, self->job->data + self->offset, there);
  self->offset += there;

  return (int) there;
}

static gsize
canvas_bytes (const Gif *self)
{
  return (gsize) self->job->header.width * self->job->header.height * PIXEL;
}

static void
paint_line (Gif *self, guint32 y, const GifByteType *line, const ColorMapObject *colours)
{
  const GifImageDesc *image = &self->file->Image;
  guint8 *out = self->canvas + ((gsize) y * self->job->header.width + (gsize) image->Left) * PIXEL;

  for (int x = 0; x < image->Width; x++, out += PIXEL)
    {
      const GifColorType *colour;

      if (line[x] == self->control.TransparentColor || line[x] >= colours->ColorCount)
        continue;
      colour = &colours->Colors[line[x]];
      out[0] = colour->Red;
      out[1] = colour->Green;
      out[2] = colour->Blue;
      out[3] = 255;
    }
}

/* The lines of a frame come in one pass or in four. */
static gboolean
paint (Gif *self, const ColorMapObject *colours)
{
  static const struct { int start, step; } whole[] = { { 0, 1 } },
                                           interlaced[] = { { 0, 8 }, { 4, 8 }, { 2, 4 }, { 1, 2 } };
  const GifImageDesc *image = &self->file->Image;
  guint n_passes = image->Interlace ? G_N_ELEMENTS (interlaced) : G_N_ELEMENTS (whole);

  for (guint pass = 0; pass < n_passes; pass++)
    {
      int step = image->Interlace ? interlaced[pass].step : whole[pass].step;

      for (int y = image->Interlace ? interlaced[pass].start : 0; y < image->Height; y += step)
        {
          if (DGifGetLine (self->file, self->line, image->Width) == GIF_ERROR)
            return FALSE;
          paint_line (self, (guint32) (image->Top + y), self->line, colours);
        }
    }

  return TRUE;
}

static void
clear_frame (Gif *self)
{
  const GifImageDesc *image = &self->file->Image;

  for (int y = 0; y < image->Height; y++)
    memset (self->canvas + ((gsize) (image->Top + y) * self->job->header.width + (gsize) image->Left) * PIXEL,
            0, (gsize) image->Width * PIXEL);
}

/* What the canvas looks like for the next frame. */
static void
dispose (Gif *self)
{
  if (self->control.DisposalMode == DISPOSE_BACKGROUND)
    clear_frame (self);
  else if (self->control.DisposalMode == DISPOSE_PREVIOUS && self->before != NULL)
    memcpy (self->canvas, self->before, canvas_bytes (self));
}

/* The frame has to lie on the canvas: some programs let it stick out, none has to. */
static gboolean
lies_on_canvas (const Gif *self)
{
  const GifImageDesc *image = &self->file->Image;

  return image->Left >= 0 && image->Top >= 0 && image->Width > 0 && image->Height > 0
         && (guint32) image->Left + (guint32) image->Width <= self->job->header.width
         && (guint32) image->Top + (guint32) image->Height <= self->job->header.height;
}

static gboolean
decode_image (Gif *self)
{
  const ColorMapObject *colours;
  gboolean is_whole;

  if (DGifGetImageDesc (self->file) == GIF_ERROR || !lies_on_canvas (self))
    return FALSE;

  colours = self->file->Image.ColorMap != NULL ? self->file->Image.ColorMap : self->file->SColorMap;
  if (colours == NULL)
    return FALSE;
  if (self->control.DisposalMode == DISPOSE_PREVIOUS)
    {
      if (self->before == NULL)
        self->before = g_malloc (canvas_bytes (self));
      memcpy (self->before, self->canvas, canvas_bytes (self));
    }

  /* A frame that breaks off is shown as far as it goes, and is the last. */
  is_whole = paint (self, colours);
  if (!kith_picture_job_emit (self->job, self->canvas, self->job->header.width,
                              self->job->header.height,
                              (guint32) MAX (0, self->control.DelayTime) * DELAY_UNIT_MS)
      || !is_whole)
    return FALSE;

  dispose (self);

  return TRUE;
}

static const GraphicsControlBlock no_control = { .TransparentColor = NO_TRANSPARENT_COLOR };

static gboolean
read_extension (Gif *self)
{
  GifByteType *block;
  int kind;

  if (DGifGetExtension (self->file, &kind, &block) == GIF_ERROR)
    return FALSE;
  if (kind == GRAPHICS_EXT_FUNC_CODE && block != NULL && block[0] == 4)
    DGifExtensionToGCB (block[0], block + 1, &self->control);
  while (block != NULL)
    if (DGifGetExtensionNext (self->file, &block) == GIF_ERROR)
      return FALSE;

  return TRUE;
}

static void
decode (Gif *self)
{
  GifRecordType kind;

  self->control = no_control;
  while (kith_picture_job_wants_more (self->job)
         && DGifGetRecordType (self->file, &kind) != GIF_ERROR)
    {
      if (kind == EXTENSION_RECORD_TYPE)
        {
          if (!read_extension (self))
            return;
        }
      else if (kind == IMAGE_DESC_RECORD_TYPE)
        {
          if (!decode_image (self))
            return;
          self->control = no_control;
        }
      else
        {
          return;
        }
    }
}

/**
 * kith_picture_decode_gif:
 * @job: a job whose header was judged
 *
 * Returns: whether a frame was given out
 */
gboolean
kith_picture_decode_gif (KithPictureJob *job)
{
  Gif self = { .job = job };

  self.file = DGifOpen (&self, read_cb, NULL);
  if (self.file == NULL)
    return FALSE;

  if ((guint32) self.file->SWidth == job->header.width
      && (guint32) self.file->SHeight == job->header.height)
    {
      self.canvas = g_malloc0 (canvas_bytes (&self));
      self.line = g_malloc0 (job->header.width);
      decode (&self);
    }

  DGifCloseFile (self.file, NULL);
  g_free (self.canvas);
  g_free (self.before);
  g_free (self.line);

  return job->n_frames > 0;
}
