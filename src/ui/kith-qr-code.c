/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-qr-code.h"

#include <qrencode.h>

#include "base/kith-secret.h"

#define QUIET_MODULES 4

/* The intrinsic size of a module: enough for the camera of a telephone. */
#define MODULE_PX 4

struct _KithQrCode
{
  GObject parent_instance;

  QRcode *code; /* (owned) */
};

static void kith_qr_code_paintable_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KithQrCode, kith_qr_code, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE,
                                                      kith_qr_code_paintable_init))

static gboolean
is_dark (KithQrCode *self, int x, int y)
{
  return (self->code->data[y * self->code->width + x] & 1) != 0;
}

/* Neighbours are drawn as one, which leaves no seams and makes a third of the nodes. */
static void
append_line (KithQrCode *self, GtkSnapshot *snapshot, int y, float left, float top, float module)
{
  static const GdkRGBA black = { 0, 0, 0, 1 };

  for (int x = 0; x < self->code->width;)
    {
      int start = x;

      while (x < self->code->width && is_dark (self, x, y))
        x++;
      if (x > start)
        gtk_snapshot_append_color (snapshot, &black,
                                   &GRAPHENE_RECT_INIT (left + (float) start * module,
                                                        top + (float) y * module,
                                                        (float) (x - start) * module, module));
      else
        x++;
    }
}

static void
kith_qr_code_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  KithQrCode *self = KITH_QR_CODE (paintable);
  int modules = self->code->width + 2 * QUIET_MODULES;
  float module = (float) (MIN (width, height) / modules);
  float left, top;

  if (module >= 1)
    module = (float) (int) module;
  left = (float) (int) ((width - (double) (module * (float) self->code->width)) / 2);
  top = (float) (int) ((height - (double) (module * (float) self->code->width)) / 2);

  gtk_snapshot_append_color (GTK_SNAPSHOT (snapshot), &white,
                             &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (int y = 0; y < self->code->width; y++)
    append_line (self, GTK_SNAPSHOT (snapshot), y, left, top, module);
}

static int
kith_qr_code_get_intrinsic_size (GdkPaintable *paintable)
{
  return kith_qr_code_get_width (KITH_QR_CODE (paintable));
}

static GdkPaintableFlags
kith_qr_code_get_flags (GdkPaintable *paintable)
{
  return GDK_PAINTABLE_STATIC_CONTENTS | GDK_PAINTABLE_STATIC_SIZE;
}

static void
kith_qr_code_paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = kith_qr_code_snapshot;
  iface->get_intrinsic_width = kith_qr_code_get_intrinsic_size;
  iface->get_intrinsic_height = kith_qr_code_get_intrinsic_size;
  iface->get_flags = kith_qr_code_get_flags;
}

static void
kith_qr_code_finalize (GObject *object)
{
  KithQrCode *self = KITH_QR_CODE (object);

  /* It is as secret as the link in it. */
  if (self->code != NULL)
    kith_secret_wipe (self->code->data, (gsize) self->code->width * (gsize) self->code->width);
  QRcode_free (self->code);

  G_OBJECT_CLASS (kith_qr_code_parent_class)->finalize (object);
}

static void
kith_qr_code_class_init (KithQrCodeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_qr_code_finalize;
}

static void
kith_qr_code_init (KithQrCode *self)
{
}

/**
 * kith_qr_code_new:
 * @text: what it says; upper-case letters, digits and `$%*+-./:` make it smallest
 *
 * Returns: (transfer full) (nullable): a QR code; %NULL when @text does not fit one
 */
KithQrCode *
kith_qr_code_new (const char *text)
{
  QRcode *code;
  KithQrCode *self;

  g_return_val_if_fail (text != NULL, NULL);

  /* On a screen nothing is dirty or torn: few modules count for more than correction. The encoder
   * finds the alphanumeric mode by itself when case matters. */
  code = QRcode_encodeString (text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
  if (code == NULL)
    return NULL;

  self = g_object_new (KITH_TYPE_QR_CODE, NULL);
  self->code = code;

  return self;
}

/**
 * kith_qr_code_get_width:
 * @self: a QR code
 *
 * Returns: how wide and high it wants to be, in pixels
 */
int
kith_qr_code_get_width (KithQrCode *self)
{
  g_return_val_if_fail (KITH_IS_QR_CODE (self), 0);

  return (self->code->width + 2 * QUIET_MODULES) * MODULE_PX;
}
