/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-file-words.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "base/kith-picture-header.h"
#include "ui/kith-sentence.h"

#define LONGEST_EXTENSION 12 /* what is longer is part of a name with a dot in it */

/**
 * kith_file_dup_size:
 * @bytes: a size
 *
 * Returns: (transfer full): as people read it
 */
char *
kith_file_dup_size (guint64 bytes)
{
  return g_format_size (bytes);
}

/* (transfer full): as exactly as one can know it */
static char *
dup_time_left (gint64 seconds)
{
  gint64 n = MAX (1, seconds);

  if (n < 60)
    /* Translators: until a file is there */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u second left", "%u seconds left", (guint) n),
                            (guint) n);
  n = (n + 30) / 60;
  if (n < 60)
    /* Translators: until a file is there */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute left", "%u minutes left", (guint) n),
                            (guint) n);
  n = MIN ((n + 30) / 60, 9999);

  /* Translators: until a file is there */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hour left", "%u hours left", (guint) n),
                          (guint) n);
}

static char *
dup_progress (KithTransfer *transfer, const char *size)
{
  g_autofree char *done = kith_file_dup_size (kith_transfer_get_done_bytes (transfer));
  guint64 bytes_per_s = kith_transfer_get_bytes_per_s (transfer);
  g_autofree char *speed = NULL;
  g_autofree char *left = NULL;

  if (bytes_per_s == 0 || kith_transfer_get_seconds_left (transfer) < 0)
    /* Translators: "1.2 MB of 5.0 MB" */
    return g_strdup_printf (_("%s of %s"), done, size);

  speed = kith_file_dup_size (bytes_per_s);
  left = dup_time_left (kith_transfer_get_seconds_left (transfer));

  /* Translators: "1.2 MB of 5.0 MB, 800 kB/s, 5 seconds left" */
  return g_strdup_printf (_("%s of %s, %s/s, %s"), done, size, speed, left);
}

static const char *
get_name (KithTransfer *transfer)
{
  return kith_conversation_get_title (kith_transfer_get_conversation (transfer));
}

static char *
dup_waiting (KithTransfer *transfer)
{
  if (kith_transfer_get_paused_by_them (transfer))
    /* Translators: the name of a person; the sending of a file */
    return kith_sentence_make (_("%s paused it"), get_name (transfer));

  if (kith_transfer_is_shared (transfer))
    return g_strdup (_("Waiting for a member who has it"));

  /* Translators: the name of a person */
  return kith_sentence_make (_("Waiting for %s"), get_name (transfer));
}

static char *
dup_state (KithTransfer *transfer)
{
  gboolean outgoing = kith_transfer_is_outgoing (transfer);
  const char *error = kith_transfer_get_error (transfer);

  switch (kith_transfer_get_state (transfer))
    {
    case KITH_TRANSFER_PREPARING:
      return g_strdup (_("It is being read"));
    case KITH_TRANSFER_OFFERED:
      /* Translators: the name of a person; a file */
      return outgoing ? kith_sentence_make (_("%s has not accepted it yet"), get_name (transfer))
                      : g_strdup (_("Not accepted yet"));
    case KITH_TRANSFER_WAITING:
      return dup_waiting (transfer);
    case KITH_TRANSFER_RUNNING:
      return kith_transfer_get_paused_by_them (transfer) ? dup_waiting (transfer) : NULL;
    case KITH_TRANSFER_PAUSED:
      /* Translators: said of a file */
      return g_strdup (_("Paused"));
    case KITH_TRANSFER_DONE:
      return outgoing || kith_transfer_get_path (transfer) != NULL
               ? NULL : g_strdup (_("It is not there anymore: it was moved or deleted"));
    case KITH_TRANSFER_FAILED:
      return g_strdup (error != NULL ? error : _("It did not work"));
    case KITH_TRANSFER_CANCELLED:
      /* Translators: said of a file */
      return g_strdup (error != NULL ? error : _("Canceled"));
    case KITH_TRANSFER_DECLINED:
      /* Translators: the name of a person; a file */
      return outgoing ? kith_sentence_make (_("%s does not want it"), get_name (transfer))
                      : g_strdup (_("You declined it"));
    }

  return NULL;
}

/**
 * kith_file_dup_state:
 * @transfer: a transfer
 *
 * Returns: (transfer full): its size, and where it stands
 */
char *
kith_file_dup_state (KithTransfer *transfer)
{
  g_autofree char *state = dup_state (transfer);
  g_autofree char *size = kith_file_dup_size (kith_transfer_get_size (transfer));
  guint n_files = kith_transfer_get_n_files (transfer);

  if (n_files > 0)
    {
      g_autofree char *bytes = g_steal_pointer (&size);

      /* Translators: how many files are in a folder, and how big they are */
      size = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file, %s", "%u files, %s", n_files),
                              n_files, bytes);
    }

  if (kith_transfer_get_state (transfer) == KITH_TRANSFER_RUNNING && state == NULL)
    return dup_progress (transfer, size);

  /* Translators: a size, and words */
  return state != NULL ? g_strdup_printf (_("%s. %s"), size, state) : g_steal_pointer (&size);
}

/**
 * kith_file_dup_summary:
 * @transfer: a transfer
 *
 * Returns: (transfer full): what it is, what it is called and where it stands, for a screen reader;
 *   not what changes all the time
 */
char *
kith_file_dup_summary (KithTransfer *transfer)
{
  const char *name = kith_transfer_get_name (transfer);
  g_autofree char *state = kith_transfer_get_state (transfer) == KITH_TRANSFER_RUNNING
                               ? g_strdup (_("On its way")) : kith_file_dup_state (transfer);

  if (kith_file_is_voice (transfer))
    {
      guint seconds = (kith_transfer_get_media (transfer)->duration_ms + 500) / 1000;

      /* Translators: how long it is, its size and where it stands */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Voice message, %u second, %s",
                                           "Voice message, %u seconds, %s", seconds), seconds, state);
    }
  if (kith_transfer_is_folder (transfer))
    /* Translators: the name of a folder, its size and where it stands */
    return g_strdup_printf (_("Folder %s, %s"), name, state);
  if (kith_file_is_picture (transfer))
    /* Translators: the name of a picture, its size and where it stands */
    return g_strdup_printf (_("Picture %s, %s"), name, state);

  /* Translators: the name of a file, its size and where it stands */
  return g_strdup_printf (_("File %s, %s"), name, state);
}

/**
 * kith_file_split_name:
 * @name: the name of a file
 * @stem: (out) (transfer full): what comes before its extension
 * @extension: (out) (transfer full): with its dot, or empty
 *
 * The extension is shown apart, so that a long name does not hide what it is.
 */
void
kith_file_split_name (const char *name, char **stem, char **extension)
{
  const char *dot = strrchr (name, '.');
  gboolean has_extension = dot != NULL && dot != name && dot[1] != '\0'
                           && g_utf8_strlen (dot, -1) <= LONGEST_EXTENSION;

  *stem = has_extension ? g_strndup (name, (gsize) (dot - name)) : g_strdup (name);
  *extension = g_strdup (has_extension ? dot : "");
}

/**
 * kith_file_new_icon:
 * @name: the name of a file
 * @is_folder: whether it is a folder
 *
 * Returns: (transfer full): what things of this name look like
 */
GIcon *
kith_file_new_icon (const char *name, gboolean is_folder)
{
  g_autofree char *type = NULL;

  if (is_folder)
    return g_themed_icon_new ("folder-symbolic");

  type = g_content_type_guess (name, NULL, 0, NULL);

  return g_content_type_get_symbolic_icon (type);
}

/* Who sends need not say what it is. What is no picture is found out when it is to be shown. */
static gboolean
is_named_picture (KithTransfer *transfer)
{
  static const char *const extensions[] = { ".png", ".jpg", ".jpeg", ".webp", ".gif", NULL };
  g_autofree char *stem = NULL;
  g_autofree char *extension = NULL;
  g_autofree char *lower = NULL;

  kith_file_split_name (kith_transfer_get_name (transfer), &stem, &extension);
  lower = g_ascii_strdown (extension, -1);

  return kith_transfer_get_media (transfer)->type == NULL && !kith_transfer_is_folder (transfer)
         && g_strv_contains (extensions, lower);
}

static gboolean
has_type (KithTransfer *transfer, const char *const *types)
{
  const KithMedia *media = kith_transfer_get_media (transfer);

  return !kith_transfer_is_folder (transfer) && media->type != NULL
         && g_strv_contains (types, media->type);
}

/**
 * kith_file_is_picture:
 * @transfer: a transfer
 *
 * Returns: whether it says it is a picture that is shown in the conversation
 */
gboolean
kith_file_is_picture (KithTransfer *transfer)
{
  return (has_type (transfer, kith_picture_get_types ()) || is_named_picture (transfer))
         && kith_transfer_get_size (transfer) <= KITH_LIMIT_SHOWN_PICTURE_BYTES;
}

/**
 * kith_file_is_voice:
 * @transfer: a transfer
 *
 * Returns: whether it says it is a voice message
 */
gboolean
kith_file_is_voice (KithTransfer *transfer)
{
  static const char *const types[] = { "audio/ogg", NULL };

  return has_type (transfer, types) && kith_transfer_get_media (transfer)->duration_ms > 0
         && kith_transfer_get_size (transfer) <= KITH_LIMIT_VOICE_BYTES;
}

/**
 * kith_file_is_here:
 * @transfer: a transfer
 *
 * Returns: whether all of it is on this computer, as far as we know
 */
gboolean
kith_file_is_here (KithTransfer *transfer)
{
  KithTransferState state = kith_transfer_get_state (transfer);

  if (kith_transfer_is_outgoing (transfer))
    return state != KITH_TRANSFER_PREPARING;

  return state == KITH_TRANSFER_DONE && kith_transfer_get_path (transfer) != NULL;
}

/**
 * kith_file_may_be_program:
 * @name: the name of a file
 *
 * Returns: whether opening it could do more than show it
 */
gboolean
kith_file_may_be_program (const char *name)
{
  /* What is not in this list may be anything: there are more kinds of programs than anybody can name. */
  static const char *const shown[] = {
    ".png",  ".jpg",  ".jpeg", ".gif",  ".webp", ".bmp",  ".tif",  ".tiff", ".heic", ".heif", ".avif",
    ".ogg",  ".oga",  ".opus", ".mp3",  ".flac", ".wav",  ".m4a",  ".aac",  ".mp4",  ".m4v",  ".mkv",
    ".webm", ".mov",  ".avi",  ".ogv",  ".mpg",  ".mpeg", ".3gp",  ".txt",  ".md",   ".csv",  ".log",
    ".pdf",  ".epub", ".odt",  ".ods",  ".odp",  ".odg",  ".docx", ".xlsx", ".pptx",
    ".zip",  ".7z",   ".tar",  ".gz",   ".xz",   ".zst",  ".tgz",  NULL,
  };
  g_autofree char *stem = NULL;
  g_autofree char *extension = NULL;
  g_autofree char *lower = NULL;

  kith_file_split_name (name, &stem, &extension);
  lower = g_utf8_strdown (extension, -1);

  return !g_strv_contains (shown, lower);
}
