/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-file-list.h"

#include <string.h>

#include "proto/kith-body-private.h"
#include "proto/kith-file-name.h"

static void
entry_clear (gpointer data)
{
  g_free (((KithFileEntry *) data)->path);
}

/**
 * kith_file_list_new:
 *
 * Returns: (transfer full): the list of an empty folder
 */
KithFileList *
kith_file_list_new (void)
{
  KithFileList *self = g_new0 (KithFileList, 1);

  self->entries = g_array_new (FALSE, TRUE, sizeof (KithFileEntry));
  g_array_set_clear_func (self->entries, entry_clear);
  return self;
}

/**
 * kith_file_list_free:
 * @self: (transfer full) (nullable): a list
 */
void
kith_file_list_free (KithFileList *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->entries);
  g_free (self);
}

/**
 * kith_file_list_add:
 * @self: a list
 * @path: where it is inside of the folder, with slashes
 * @size: how many bytes it has
 * @folder: whether it is an empty folder and no file
 */
void
kith_file_list_add (KithFileList *self, const char *path, guint64 size, gboolean folder)
{
  const KithFileEntry entry = { g_strdup (path), folder ? 0 : size, 0, folder };

  g_array_append_val (self->entries, entry);
  if (!folder)
    self->n_files++;
}

/**
 * kith_file_list_get:
 * @self: a list
 * @i: the position of an entry
 *
 * Returns: (transfer none): the entry
 */
KithFileEntry *
kith_file_list_get (KithFileList *self, guint i)
{
  return &g_array_index (self->entries, KithFileEntry, i);
}

/**
 * kith_file_list_place:
 * @self: a list
 * @list_bytes: how long it is when it is packed
 *
 * Decides where the bytes of each file are in the whole.
 *
 * Returns: how long the whole is; %G_MAXUINT64 when that is too much for a number
 */
guint64
kith_file_list_place (KithFileList *self, guint64 list_bytes)
{
  guint64 offset = list_bytes;

  for (guint i = 0; i < self->entries->len; i++)
    {
      KithFileEntry *entry = kith_file_list_get (self, i);

      entry->offset = offset;
      if (entry->size > G_MAXINT64 - offset)
        return G_MAXUINT64;
      offset += entry->size;
    }

  return offset;
}

/**
 * kith_file_list_pack:
 * @self: a list
 *
 * Returns: (transfer full): a FolderList
 */
GBytes *
kith_file_list_pack (KithFileList *self)
{
  guint n = self->entries->len;
  Kith__FolderList list = KITH__FOLDER_LIST__INIT;
  g_autofree Kith__FolderEntry *entries = g_new0 (Kith__FolderEntry, n);
  g_autofree Kith__FolderEntry **pointers = g_new0 (Kith__FolderEntry *, n);

  for (guint i = 0; i < n; i++)
    {
      const KithFileEntry *entry = kith_file_list_get (self, i);

      kith__folder_entry__init (&entries[i]);
      entries[i].path = entry->path;
      entries[i].size = entry->size;
      entries[i].folder = entry->folder;
      pointers[i] = &entries[i];
    }

  list.entries = pointers;
  list.n_entries = n;
  return g_byte_array_free_to_bytes (kith_body_pack (&list.base));
}

/* --- Lists of others ------------------------------------------------------------------------ */

/* Field 1 of a FolderList, with a length. */
#define ENTRIES_TAG 0x0a

/* Names that become the same; more of them are made to cost time. */
#define SAME_MAX 100

/* How the paths of others become safe ones that differ. */
typedef struct
{
  KithFileList *list;    /* (unowned) */
  GHashTable   *taken;   /* (owned): safe paths */
  GHashTable   *folders; /* (owned): path of a folder as they have it -> safe path */
  GHashTable   *files;   /* (owned): paths of files as they have them */
} Taking;

/* Two names that were different may be the same once they are safe. (transfer full) (nullable) */
static char *
free_path (Taking *taking, const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  char *found = g_strdup (path);

  for (guint i = 2; g_hash_table_contains (taking->taken, found); i++)
    {
      g_autofree char *numbered = kith_file_name_with_number (name, i);

      g_clear_pointer (&found, g_free);
      if (i > SAME_MAX)
        return NULL;
      found = g_strdup_printf ("%.*s%s", (int) (name - path), path, numbered);
    }

  return found;
}

/* (transfer full) (nullable): the safe path of what is called @name, in a folder with a safe path */
static char *
take_name (Taking *taking, const char *parent, const char *name)
{
  g_autofree char *clean = kith_file_path_sanitize (name);
  g_autofree char *path = NULL;
  char *found;

  if (clean == NULL)
    return NULL;

  path = *parent != '\0' ? g_strconcat (parent, "/", clean, NULL) : g_steal_pointer (&clean);
  found = free_path (taking, path);
  if (found != NULL)
    g_hash_table_add (taking->taken, g_strdup (found));
  return found;
}

/* (transfer none) (nullable): the safe path of a folder; theirs is the first @len bytes of @path */
static const char *
take_folder (Taking *taking, const char *path, gsize len)
{
  g_autofree char *theirs = g_strndup (path, len);
  const char *known = g_hash_table_lookup (taking->folders, theirs);
  const char *slash = strrchr (theirs, '/');
  const char *parent;
  char *found;

  if (known != NULL)
    return known;
  if (len == 0)
    return "";
  if (g_hash_table_contains (taking->files, theirs))
    return NULL; /* they themselves say it is a file */

  parent = take_folder (taking, path, slash != NULL ? (gsize) (slash - theirs) : 0);
  found = parent != NULL ? take_name (taking, parent, slash != NULL ? slash + 1 : theirs) : NULL;
  if (found != NULL)
    g_hash_table_insert (taking->folders, g_steal_pointer (&theirs), found);
  return found;
}

static gboolean
take_file (Taking *taking, const Kith__FolderEntry *entry)
{
  const char *slash = strrchr (entry->path, '/');
  const char *parent =
    take_folder (taking, entry->path, slash != NULL ? (gsize) (slash - entry->path) : 0);
  g_autofree char *path =
    parent != NULL ? take_name (taking, parent, slash != NULL ? slash + 1 : entry->path) : NULL;

  if (path == NULL)
    return FALSE;

  kith_file_list_add (taking->list, path, entry->size, FALSE);
  g_hash_table_add (taking->files, g_strdup (entry->path));
  return TRUE;
}

static gboolean
take_entry (Taking *taking, const Kith__FolderEntry *entry)
{
  g_autofree char *clean = kith_file_path_sanitize (entry->path);
  const char *path;

  if (clean == NULL || entry->size > G_MAXINT64 || (entry->folder && entry->size != 0))
    return FALSE;
  if (!entry->folder)
    return take_file (taking, entry);
  if (g_hash_table_contains (taking->folders, entry->path))
    return TRUE;

  path = take_folder (taking, entry->path, strlen (entry->path));
  if (path != NULL)
    kith_file_list_add (taking->list, path, 0, TRUE);
  return path != NULL;
}

static KithFileList *
take_list (const Kith__FolderList *list)
{
  g_autoptr (KithFileList) self = kith_file_list_new ();
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Taking taking = { self, taken, folders, files };

  if (list->n_entries > KITH_LIMIT_FOLDER_FILES)
    return NULL;

  for (gsize i = 0; i < list->n_entries; i++)
    if (!take_entry (&taking, list->entries[i]))
      return NULL;

  return g_steal_pointer (&self);
}

/* How many entries a FolderList begins, before anything is made of them: each costs a hundred times what it
 * takes in the list. Returns: %G_MAXSIZE when it is no list. */
static gsize
count_fields (const guint8 *data, gsize len)
{
  gsize n = 0;
  gsize at = 0;

  while (at < len)
    {
      gsize field_len = 0;
      guint shift = 0;

      if (data[at++] != ENTRIES_TAG)
        return G_MAXSIZE;
      while (at < len && shift < 28 && (data[at] & 0x80) != 0)
        {
          field_len |= (gsize) (data[at++] & 0x7f) << shift;
          shift += 7;
        }
      if (at < len)
        field_len |= (gsize) (data[at++] & 0x7f) << shift;
      if (field_len > len - at)
        return G_MAXSIZE;
      at += field_len;
      n++;
    }

  return n;
}

/**
 * kith_file_list_unpack:
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 * @total_size: how long the whole is, with the list
 *
 * Returns: (transfer full) (nullable): a list whose paths are safe, with room for each byte of the
 *   whole; %NULL when it is malformed, leads out of the folder, or does not fit @total_size
 */
KithFileList *
kith_file_list_unpack (const guint8 *data, gsize len, guint64 total_size)
{
  g_autoptr (KithFileList) self = NULL;
  Kith__FolderList *list;

  if (len > KITH_LIMIT_FOLDER_LIST_BYTES || count_fields (data, len) > KITH_LIMIT_FOLDER_FILES)
    return NULL;

  list = kith__folder_list__unpack (NULL, len, data);
  if (list == NULL)
    return NULL;

  self = take_list (list);
  kith__folder_list__free_unpacked (list, NULL);
  if (self == NULL || kith_file_list_place (self, len) != total_size)
    return NULL;

  return g_steal_pointer (&self);
}
