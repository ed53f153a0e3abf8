/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-cuts.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kith-test-calls.h"

#define SECTOR_BYTES 512

/* A file, whatever it is called. */
typedef struct
{
  guint64  number;
  gboolean is_named; /* when the folder was last read */
  GBytes  *current;  /* (owned) */
  GBytes  *synced;   /* (owned) */
} Inode;

/* What a folder holds: names, and File or Inode. */
typedef GHashTable Names;

struct _KithTestCuts
{
  char       *folder; /* (owned) */
  GRand      *rand;   /* (owned) */
  GPtrArray  *inodes; /* (owned) (element-type Inode) */
  GPtrArray  *names;  /* (owned) (element-type Names), of Inode: as the disk has them, and as they changed since */
  GHashTable *known;  /* (owned) set of utf8: states that are there */
  GPtrArray  *states; /* (owned) (element-type Names), of GBytes */
};

static void
inode_free (Inode *inode)
{
  g_bytes_unref (inode->current);
  g_bytes_unref (inode->synced);
  g_free (inode);
}

/* --- What is there --------------------------------------------------------------------------- */

static void
set_current (Inode *inode, const char *path)
{
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  gsize len;

  if (!g_file_get_contents (path, &data, &len, NULL))
    return;

  /* What is the same is the same object: so states are told apart. */
  bytes = g_bytes_new_take (data, len);
  if (g_bytes_equal (bytes, inode->current))
    return;

  g_bytes_unref (inode->current);
  inode->current = g_steal_pointer (&bytes);
}

static Inode *
find_inode (KithTestCuts *self, guint64 number, gboolean is_named)
{
  for (guint i = self->inodes->len; i > 0; i--)
    {
      Inode *inode = g_ptr_array_index (self->inodes, i - 1);

      if (inode->number == number && inode->is_named == is_named)
        return inode;
    }

  return NULL;
}

static Inode *
get_named (KithTestCuts *self, guint64 number)
{
  Inode *inode = find_inode (self, number, TRUE);

  if (inode != NULL)
    return inode;

  inode = g_new0 (Inode, 1);
  inode->number = number;
  inode->is_named = TRUE;
  inode->current = g_bytes_new_static ("", 0);
  inode->synced = g_bytes_ref (inode->current);
  g_ptr_array_add (self->inodes, inode);
  return inode;
}

/* (transfer full) */
static Names *
read_folder (KithTestCuts *self)
{
  Names *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      struct stat info;
      Inode *inode;

      if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
        continue;
      inode = get_named (self, info.st_ino);
      set_current (inode, path);
      g_hash_table_insert (names, g_strdup (name), inode);
    }

  for (guint i = 0; i < self->inodes->len; i++)
    ((Inode *) g_ptr_array_index (self->inodes, i))->is_named = FALSE;
  {
    GHashTableIter iter;
    gpointer inode;

    g_hash_table_iter_init (&iter, names);
    while (g_hash_table_iter_next (&iter, NULL, &inode))
      ((Inode *) inode)->is_named = TRUE;
  }
  return names;
}

/* The same names for the same files. */
static gboolean
is_same (Names *a, Names *b)
{
  GHashTableIter iter;
  gpointer name, inode;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &name, &inode))
    if (g_hash_table_lookup (b, name) != inode)
      return FALSE;

  return g_hash_table_size (a) == g_hash_table_size (b);
}

/* --- What might be there --------------------------------------------------------------------- */

typedef enum
{
  MODE_NAMES_LOST = 1 << 0,
  MODE_DATA_LOST = 1 << 1,
  MODE_BY_CHANCE = 1 << 2,
  N_MODES = MODE_BY_CHANCE + 1,
} Mode;

/* (transfer full): some sectors of one, some of the other */
static GBytes *
mix (KithTestCuts *self, GBytes *old, GBytes *new)
{
  gsize old_len, new_len;
  const guint8 *old_data = g_bytes_get_data (old, &old_len);
  const guint8 *new_data = g_bytes_get_data (new, &new_len);
  gsize len = g_rand_boolean (self->rand) ? old_len : new_len;
  guint8 *data = g_malloc0 (len + 1);

  for (gsize at = 0; at < len; at += SECTOR_BYTES)
    {
      gboolean is_new = g_rand_boolean (self->rand);
      const guint8 *from = is_new ? new_data : old_data;
      gsize from_len = is_new ? new_len : old_len;

      if (at < from_len)
        memcpy (data + at, from + at, MIN (SECTOR_BYTES, MIN (len, from_len) - at));
    }
  return g_bytes_new_take (data, len);
}

/* (transfer full) */
static GBytes *
choose (KithTestCuts *self, const Inode *inode, Mode mode)
{
  if (mode != MODE_BY_CHANCE)
    return g_bytes_ref (mode & MODE_DATA_LOST ? inode->synced : inode->current);
  if (inode->current != inode->synced && g_rand_boolean (self->rand))
    return mix (self, inode->synced, inode->current);

  return g_bytes_ref (g_rand_boolean (self->rand) ? inode->synced : inode->current);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* @state: (transfer full): kept, if there is none like it */
static void
keep (KithTestCuts *self, Names *state)
{
  guint n;
  g_autofree gpointer *sorted = g_hash_table_get_keys_as_array (state, &n);
  g_autoptr (GString) key = g_string_new (NULL);

  qsort (sorted, n, sizeof *sorted, compare);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (key, "%s/%p/", (const char *) sorted[i], g_hash_table_lookup (state, sorted[i]));

  if (g_hash_table_add (self->known, g_strdup (key->str)))
    g_ptr_array_add (self->states, state);
  else
    g_hash_table_unref (state);
}

static void
cut (KithTestCuts *self, Mode mode)
{
  guint which = mode == MODE_BY_CHANCE ? (guint) g_rand_int_range (self->rand, 0, (gint32) self->names->len)
                : mode & MODE_NAMES_LOST ? 0
                                         : self->names->len - 1;
  Names *state = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  GHashTableIter iter;
  gpointer name, inode;

  g_hash_table_iter_init (&iter, g_ptr_array_index (self->names, which));
  while (g_hash_table_iter_next (&iter, &name, &inode))
    g_hash_table_insert (state, g_strdup (name), choose (self, inode, mode));
  keep (self, state);
}

static void
cut_all (KithTestCuts *self)
{
  for (guint mode = 0; mode < N_MODES; mode++)
    cut (self, (Mode) mode);
}

/* --- What happens ---------------------------------------------------------------------------- */

/* (nullable): that of @fd, also when it has no name any more; what is in it is read */
static Inode *
look_at (KithTestCuts *self, int fd)
{
  g_autofree char *way = g_strdup_printf ("/proc/self/fd/%d", fd);
  struct stat info;
  Inode *inode;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return NULL;

  inode = find_inode (self, info.st_ino, info.st_nlink > 0);
  if (inode != NULL)
    set_current (inode, way);
  return inode;
}

static gboolean
is_folder (KithTestCuts *self, int fd)
{
  struct stat of_fd, of_folder;

  return fstat (fd, &of_fd) == 0 && stat (self->folder, &of_folder) == 0 && of_fd.st_ino == of_folder.st_ino
         && of_fd.st_dev == of_folder.st_dev;
}

static void
note_names (KithTestCuts *self)
{
  Names *names = read_folder (self);

  if (self->names->len > 0 && is_same (names, g_ptr_array_index (self->names, self->names->len - 1)))
    g_hash_table_unref (names);
  else
    g_ptr_array_add (self->names, names);
}

static void
called (KithTestCall call, int fd, gpointer user_data)
{
  KithTestCuts *self = user_data;
  Inode *inode;

  note_names (self);
  inode = fd >= 0 ? look_at (self, fd) : NULL;
  if (call == KITH_TEST_CALL_CHANGE)
    {
      cut_all (self);
      return;
    }

  if (inode != NULL && inode->synced != inode->current)
    {
      g_bytes_unref (inode->synced);
      inode->synced = g_bytes_ref (inode->current);
    }
  else if (is_folder (self, fd))
    g_ptr_array_remove_range (self->names, 0, self->names->len - 1);
  cut_all (self);
}

KithTestCuts *
kith_test_cuts_new (const char *folder)
{
  KithTestCuts *self = g_new0 (KithTestCuts, 1);

  self->folder = g_strdup (folder);
  self->rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  self->inodes = g_ptr_array_new_with_free_func ((GDestroyNotify) inode_free);
  self->names = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  note_names (self);
  for (guint i = 0; i < self->inodes->len; i++)
    {
      Inode *inode = g_ptr_array_index (self->inodes, i);

      g_bytes_unref (inode->synced);
      inode->synced = g_bytes_ref (inode->current);
    }
  cut_all (self);
  kith_test_calls_watch (folder, called, self);
  return self;
}

guint
kith_test_cuts_end (KithTestCuts *self)
{
  guint before = self->states->len;

  kith_test_calls_watch (NULL, NULL, NULL);
  g_hash_table_remove_all (self->known);
  note_names (self);
  cut_all (self);
  return before;
}

void
kith_test_cuts_free (KithTestCuts *self)
{
  kith_test_calls_watch (NULL, NULL, NULL);
  g_ptr_array_unref (self->states);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->inodes);
  g_hash_table_unref (self->known);
  g_rand_free (self->rand);
  g_free (self->folder);
  g_free (self);
}

/* --- States ---------------------------------------------------------------------------------- */

guint
kith_test_cuts_get_n (KithTestCuts *self)
{
  return self->states->len;
}

void
kith_test_cuts_unpack (KithTestCuts *self, guint number, const char *folder)
{
  GHashTableIter iter;
  gpointer name, bytes;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_hash_table_iter_init (&iter, g_ptr_array_index (self->states, number));
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gsize len;
      const char *data = g_bytes_get_data (bytes, &len);

      g_assert_true (g_file_set_contents_full (path, data, (gssize) len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

char *
kith_test_cuts_describe (KithTestCuts *self, guint number)
{
  GString *text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name, bytes;

  g_string_append_printf (text, "state %u of %u:", number, self->states->len);
  g_hash_table_iter_init (&iter, g_ptr_array_index (self->states, number));
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    g_string_append_printf (text, " %s (%" G_GSIZE_FORMAT " bytes)", (const char *) name, g_bytes_get_size (bytes));
  return g_string_free (text, FALSE);
}
