/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 11: names that cannot lead out of a folder, hide what they are, or mean something to a
 * system. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-file-name.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-text.h"

#define EXTENSION_BYTES 20

/* --- One name ------------------------------------------------------------------------------- */

static const char *
last_component (const char *name)
{
  const char *start = name;

  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      start = p + 1;

  return start;
}

/* Without what is not seen; blanks are one sort, and what some file systems refuse is a line. What stood
 * apart may belong together then: it is brought to NFC once more, so that what looks the same is the same. */
static char *
filter (const char *name)
{
  g_autofree char *normal = kith_text_normalize (name);
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *p = normal; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        g_string_append_c (out, ' ');
      else if (c < 0x80 && strchr ("<>:\"|?*", (int) c) != NULL)
        g_string_append_c (out, '_');
      else if (!kith_text_is_unseen (c))
        g_string_append_unichar (out, c);
    }

  return kith_text_normalize (out->str);
}

/* Files that begin with a dot are hidden, and some of them are obeyed. */
static void
strip_start (char *name)
{
  gsize n = strspn (name, ". ");

  memmove (name, name + n, strlen (name) - n + 1);
}

/* Names that Windows takes for devices, with any extension. */
static gboolean
is_reserved (const char *base, gsize len)
{
  static const char *const names[] = { "con", "prn", "aux", "nul", "conin$", "conout$" };
  g_autofree char *lower = g_ascii_strdown (base, (gssize) len);

  g_strchomp (lower);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (lower, names[i]) == 0)
      return TRUE;

  return strlen (lower) == 4 && (g_str_has_prefix (lower, "com") || g_str_has_prefix (lower, "lpt"))
         && g_ascii_isdigit (lower[3]);
}

static char *
escape_reserved (const char *name)
{
  gsize base_len = strcspn (name, ".");

  if (!is_reserved (name, base_len))
    return g_strdup (name);

  return g_strdup_printf ("%.*s_%s", (int) base_len, name, name + base_len);
}

/* The name with @addition between its base and its extension, which stays as long as it is short. */
static char *
compose (const char *name, const char *addition)
{
  const char *extension = kith_file_name_get_extension (name);
  gsize extension_len = strlen (extension);
  gsize base_len;
  gsize room;

  if (extension_len > EXTENSION_BYTES)
    {
      extension += extension_len;
      extension_len = 0;
    }

  base_len = strlen (name) - extension_len;
  room = KITH_LIMIT_FILE_NAME_BYTES - extension_len - strlen (addition);
  return g_strdup_printf ("%.*s%s%s", (int) kith_text_fit (name, base_len, room), name, addition, extension);
}

/* A dot or a blank at the end is lost on some systems, and then it is another name. */
static char *
close_end (char *name)
{
  gsize len = strlen (name);
  char *closed;

  if (len == 0 || (name[len - 1] != '.' && name[len - 1] != ' '))
    return name;

  if (len == KITH_LIMIT_FILE_NAME_BYTES)
    name[len - 1] = '\0';
  closed = g_strconcat (name, "_", NULL);
  g_free (name);
  return closed;
}

static char *
sanitize_component (const char *component)
{
  g_autofree char *filtered = filter (component);
  g_autofree char *escaped = NULL;

  strip_start (filtered);
  if (*filtered == '\0')
    return NULL;

  escaped = escape_reserved (filtered);
  return close_end (compose (escaped, ""));
}

/**
 * kith_file_name_sanitize:
 * @name: what somebody calls a file; untrusted
 *
 * Returns: (transfer full) (nullable): a name without folders that is safe to be used and shown, at
 *   most %KITH_LIMIT_FILE_NAME_BYTES; %NULL when nothing of it is left
 */
char *
kith_file_name_sanitize (const char *name)
{
  return sanitize_component (last_component (name));
}

/**
 * kith_file_path_sanitize:
 * @path: where a file is inside of a folder, with slashes; untrusted
 *
 * Each component is sanitised by itself; one of which nothing is left becomes "file".
 *
 * Returns: (transfer full) (nullable): a path that stays inside; %NULL when a component is empty,
 *   leads elsewhere, or there are too many
 */
char *
kith_file_path_sanitize (const char *path)
{
  g_auto (GStrv) components = g_strsplit (path, "/", KITH_LIMIT_FOLDER_DEPTH + 1);
  guint n = g_strv_length (components);

  if (n == 0 || n > KITH_LIMIT_FOLDER_DEPTH)
    return NULL;

  for (guint i = 0; i < n; i++)
    {
      char *clean;

      if (*components[i] == '\0' || strcmp (components[i], ".") == 0 || strcmp (components[i], "..") == 0
          || strchr (components[i], '\\') != NULL)
        return NULL;
      clean = sanitize_component (components[i]);
      if (clean == NULL)
        clean = g_strdup (KITH_FILE_NAMELESS);
      g_free (components[i]);
      components[i] = clean;
    }

  return g_strjoinv ("/", components);
}

/**
 * kith_file_name_with_number:
 * @name: a name that was sanitised and is taken
 * @number: the number of the next try, from 2
 *
 * Returns: (transfer full): the name with the number in parentheses before its extension
 */
char *
kith_file_name_with_number (const char *name, guint number)
{
  g_autofree char *addition = g_strdup_printf (" (%u)", number);

  return compose (name, addition);
}

/**
 * kith_file_name_get_extension:
 * @name: a name without folders
 *
 * Returns: (transfer none): its extension with the dot, which says what opens it; "" when it has none
 */
const char *
kith_file_name_get_extension (const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize tar = strlen (".tar");

  if (dot == NULL || dot == name || dot[1] == '\0')
    return name + strlen (name);
  if ((gsize) (dot - name) > tar && strncmp (dot - tar, ".tar", tar) == 0)
    return dot - tar;

  return dot;
}

/**
 * kith_file_type_sanitize:
 * @type: a media type; untrusted
 *
 * Returns: (transfer full) (nullable): the same in lower case; %NULL when it is none
 */
char *
kith_file_type_sanitize (const char *type)
{
  gsize len = strlen (type);
  guint n_slashes = 0;

  if (len > KITH_LIMIT_FILE_TYPE_BYTES || *type == '/' || g_str_has_suffix (type, "/"))
    return NULL;

  for (const char *p = type; *p != '\0'; p++)
    {
      if (*p == '/')
        n_slashes++;
      else if (!g_ascii_isalnum (*p) && strchr (".+-_", *p) == NULL)
        return NULL;
    }

  return n_slashes == 1 ? g_ascii_strdown (type, -1) : NULL;
}
