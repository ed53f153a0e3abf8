/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-file-paste.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "base/kith-picture-header.h"
#include "ui/kith-toast.h"

static void
files_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  g_autoptr (GSList) files = NULL;

  if (value == NULL || gtk_widget_get_root (widget) == NULL)
    return;

  files = gdk_file_list_get_files (g_value_get_boxed (value));
  for (GSList *file = files; file != NULL; file = file->next)
    {
      g_autofree char *path = g_file_get_path (file->data);

      if (path != NULL)
        g_strv_builder_add (builder, path);
    }
  paths = g_strv_builder_end (builder);
  gtk_widget_activate_action (widget, "conversation.send-paths", "^aay", paths);
}

typedef struct
{
  GtkWidget *widget;      /* (owned) */
  GInputStream *stream;   /* (owned) */
  GByteArray *bytes;      /* (owned) */
  const char *extension;
} Pasting;

static void
pasting_free (Pasting *pasting)
{
  g_object_unref (pasting->widget);
  g_clear_object (&pasting->stream);
  g_byte_array_unref (pasting->bytes);
  g_free (pasting);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pasting, pasting_free)

static void
send_picture (Pasting *pasting)
{
  /* Translators: what a picture from the clipboard is called as a file; without an extension */
  g_autofree char *name = g_strconcat (_("Picture"), ".", pasting->extension, NULL);
  GVariant *content = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, pasting->bytes->data,
                                                 pasting->bytes->len, 1);

  if (gtk_widget_get_root (pasting->widget) != NULL)
    gtk_widget_activate_action (pasting->widget, "conversation.send-picture", "(@ays)", content, name);
  else
    g_variant_unref (g_variant_ref_sink (content));
}

static void read_more (Pasting *pasting);

static void
chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pasting) pasting = user_data;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (chunk == NULL)
    return;

  if (g_bytes_get_size (chunk) == 0)
    {
      send_picture (pasting);
    }
  else if (pasting->bytes->len + g_bytes_get_size (chunk) > KITH_LIMIT_FILE_KEPT_BYTES)
    {
      kith_toast_say (pasting->widget, _("The picture is too big to be pasted. Save it and send the file."));
    }
  else
    {
      g_byte_array_append (pasting->bytes, g_bytes_get_data (chunk, NULL),
                           (guint) g_bytes_get_size (chunk));
      read_more (g_steal_pointer (&pasting));
    }
}

static void
read_more (Pasting *pasting)
{
  g_input_stream_read_bytes_async (pasting->stream, 64 * 1024, G_PRIORITY_DEFAULT, NULL, chunk_read_cb,
                                   pasting);
}

static void
picture_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  const char *type;
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, &type, NULL);
  Pasting *pasting;

  if (stream == NULL)
    return;

  pasting = g_new0 (Pasting, 1);
  pasting->widget = g_steal_pointer (&widget);
  pasting->stream = g_steal_pointer (&stream);
  pasting->bytes = g_byte_array_new ();
  pasting->extension = g_str_equal (type, "image/jpeg") ? "jpg" : type + strlen ("image/");
  read_more (pasting);
}

/**
 * kith_file_paste:
 * @widget: a widget in a conversation view
 *
 * Sends what is in the clipboard as files, after the user was asked: files, or a picture that is no text
 * at the same time.
 *
 * Returns: whether there was such a thing; else it may be pasted as text
 */
gboolean
kith_file_paste (GtkWidget *widget)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  const char *const *types = kith_picture_get_types ();
  g_autoptr (GdkContentFormats) formats
      = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    {
      gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                      files_read_cb, g_object_ref (widget));
      return TRUE;
    }
  if (gdk_content_formats_contain_gtype (formats, G_TYPE_STRING))
    return FALSE;

  /* The first of them that there is is taken as it is. */
  for (guint i = 0; types[i] != NULL; i++)
    if (gdk_content_formats_contain_mime_type (formats, types[i]))
      {
        gdk_clipboard_read_async (clipboard, (const char **) types, G_PRIORITY_DEFAULT, NULL, picture_opened_cb,
                                  g_object_ref (widget));
        return TRUE;
      }

  return FALSE;
}
