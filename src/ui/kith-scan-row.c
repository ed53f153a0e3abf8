/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-scan-row.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "ui/kith-announce.h"
#include "ui/kith-chooser.h"
#include "ui/kith-qr-scan.h"

struct _KithScanRow
{
  AdwActionRow parent_instance;

  GtkStack *stack;
  GtkSpinner *spinner;

  GCancellable *cancellable;     /* (owned) (nullable) while a picture is read */
};

enum
{
  SIGNAL_FOUND,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithScanRow, kith_scan_row, ADW_TYPE_ACTION_ROW)

static const char *
words_for (const GError *error)
{
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    return _("There is no QR code in this picture, or it is too blurred to be read.");
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TOO_BIG))
    return _("This picture is too large. Cut out the part with the QR code.");
  if (error->domain == KITH_ERROR)
    return _("This is not a picture that Kith can read. Use a PNG or JPEG file.");

  return _("The picture cannot be opened.");
}

/* --- Reading -------------------------------------------------------------------------------- */

static GCancellable *
begin (KithScanRow *self)
{
  /* The newest picture counts. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->stack, "spinner");
  gtk_spinner_start (self->spinner);
  /* Translators: said while it takes a moment: a picture with a QR code */
  kith_announce (GTK_WIDGET (self), _("Reading the picture"));

  return self->cancellable;
}

static void
end (KithScanRow *self)
{
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "arrow");
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithScanRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = kith_qr_scan_finish (result, &error);

  if (self->stack == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  end (self);
  if (codes != NULL)
    g_signal_emit (self, signals[SIGNAL_FOUND], 0, codes);
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, words_for (error));
}

static void
scan_file (KithScanRow *self, GFile *file)
{
  kith_qr_scan_file_async (file, begin (self), scanned_cb, g_object_ref (self));
}

static void
scan_texture (KithScanRow *self, GdkTexture *texture)
{
  kith_qr_scan_texture_async (texture, begin (self), scanned_cb, g_object_ref (self));
}

/* --- Where pictures come from --------------------------------------------------------------- */

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  scan_file (owner, file);
}

static void
kith_scan_row_activate (AdwActionRow *row)
{
  kith_chooser_open (GTK_WIDGET (row), KITH_CHOOSER_PICTURE, _("Scan a Picture"),
                     /* Translators: a button: a QR code */
                     _("_Scan"), chosen_cb, NULL, NULL);
}

static gboolean
drop_cb (KithScanRow *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    scan_file (self, g_value_get_object (value));
  else if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    scan_texture (self, g_value_get_object (value));
  else
    return FALSE;

  return TRUE;
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithScanRow) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL && self->stack != NULL)
    drop_cb (self, value);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_scan_row_dispose (GObject *object)
{
  KithScanRow *self = KITH_SCAN_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SCAN_ROW);

  G_OBJECT_CLASS (kith_scan_row_parent_class)->dispose (object);
}

static void
kith_scan_row_class_init (KithScanRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_scan_row_dispose;
  ADW_ACTION_ROW_CLASS (klass)->activate = kith_scan_row_activate;

  signals[SIGNAL_FOUND] = g_signal_new ("found", KITH_TYPE_SCAN_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", KITH_TYPE_SCAN_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-scan-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KithScanRow, stack);
  gtk_widget_class_bind_template_child (widget_class, KithScanRow, spinner);
}

static void
kith_scan_row_init (KithScanRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_scan_row_accept_drops:
 * @self: a row
 * @widget: where pictures may be dropped besides, such as the whole dialog
 */
void
kith_scan_row_accept_drops (KithScanRow *self, GtkWidget *widget)
{
  const GType types[] = { G_TYPE_FILE, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  g_return_if_fail (KITH_IS_SCAN_ROW (self));

  gtk_drop_target_set_gtypes (target, (GType *) types, G_N_ELEMENTS (types));
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}

/**
 * kith_scan_row_paste:
 * @self: a row
 * @clipboard: a clipboard, which is read only now
 *
 * Returns: whether there is a picture in it
 */
gboolean
kith_scan_row_paste (KithScanRow *self, GdkClipboard *clipboard)
{
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  GType type = G_TYPE_INVALID;

  g_return_val_if_fail (KITH_IS_SCAN_ROW (self), FALSE);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE)
      || gdk_content_formats_contain_mime_type (formats, "image/png")
      || gdk_content_formats_contain_mime_type (formats, "image/jpeg"))
    type = GDK_TYPE_TEXTURE;
  else if (gdk_content_formats_contain_gtype (formats, G_TYPE_FILE)
           || gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    type = G_TYPE_FILE;
  if (type == G_TYPE_INVALID)
    return FALSE;

  gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, NULL, pasted_cb,
                                  g_object_ref (self));

  return TRUE;
}
