/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See https://www.sqlite.org/fileformat2.html: page 1 has what SQLite has to know of the file, and leads to the pages of
 * the table sqlite_schema. These are known by what stands in them: a row is of one of four kinds, which it begins with.
 * All databases are begun by the same scripts, so that the schema of a new one has the same pages, with the same rows.
 *
 * But one that was brought up to date later has its newer tables wherever there was room. What lies where they are in a new
 * one would be read as theirs. So what the model says counts only where all that can be read of the schema says the same,
 * and the pages that it names are the roots of such trees: no other page leads to them. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-cipher-rescue.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "store/kith-schema-page.h"

#define HEADER_BYTES 100
#define MAX_LEAVES 64 /* it has a few */
#define MAX_VARINT_BYTES 9
#define CELL_BYTES (4 + MAX_VARINT_BYTES)

/* What all pages of a file say. */
typedef struct
{
  GArray     *leaves;    /* (element-type KithSchemaLeaf) */
  GArray     *lost;      /* (element-type KithSchemaLeaf): what the model has in place of those that cannot be read */
  GByteArray *is_child;  /* of each page that the model has, whether another one leads to it */
  gboolean    is_like_model;
} Scan;

/* --- The model ------------------------------------------------------------------------------- */

static guint32
count_model_pages (KithCipherVfs *vfs)
{
  return vfs->model != NULL ? (guint32) (g_bytes_get_size (vfs->model) / KITH_PAGE_BYTES) : 0;
}

/* (nullable): not the first one */
static const guint8 *
get_model_page (KithCipherVfs *vfs, guint64 number)
{
  if (number < 2 || number > count_model_pages (vfs))
    return NULL;

  return (const guint8 *) g_bytes_get_data (vfs->model, NULL) + (number - 1) * KITH_PAGE_BYTES;
}

/* (nullable): a page of the model, if it is one of the schema */
static const guint8 *
get_model_leaf (KithCipherVfs *vfs, gint64 number, KithSchemaLeaf *leaf)
{
  const guint8 *page = number > 0 ? get_model_page (vfs, (guint64) number) : NULL;

  leaf->number = (guint32) number;
  return page != NULL && kith_schema_page_is_leaf (page, leaf) ? page : NULL;
}

/* Whether it lies, with its rows, where it does in a new database. */
static gboolean
is_in_model (KithCipherVfs *vfs, const guint8 *page, guint32 number)
{
  KithSchemaLeaf leaf;
  const guint8 *other = get_model_leaf (vfs, number, &leaf);

  return other != NULL && kith_schema_page_says_the_same (page, other);
}

/* --- All pages ------------------------------------------------------------------------------- */

/* Into self->frame */
static gboolean
load_page (CipherFile *self, guint64 number)
{
  gint64 offset = (gint64) (number - 1) * KITH_PAGE_BYTES;

  return kith_cipher_file_read (self, self->frame, KITH_PAGE_BYTES, offset) == SQLITE_OK
         && kith_page_cipher_open_page (&self->vfs->cipher, self->frame, number);
}

static void
note_child (Scan *scan, const guint8 *bytes)
{
  KithReader reader;
  guint32 number;

  kith_reader_init (&reader, bytes, 4);
  number = kith_reader_u32 (&reader);
  if (number < scan->is_child->len)
    scan->is_child->data[number] = TRUE;
}

static void
note_children (Scan *scan, const guint8 *page)
{
  gsize n = kith_schema_page_count_cells (page);

  if ((page[0] != KITH_SCHEMA_INTERIOR && page[0] != KITH_SCHEMA_INDEX_INTERIOR) || KITH_SCHEMA_INTERIOR_HEADER_BYTES + 2 * n > KITH_PAGE_BODY_BYTES)
    return;

  note_child (scan, page + 8);
  for (gsize i = 0; i < n; i++)
    {
      gsize at = kith_schema_page_get_cell (page, KITH_SCHEMA_INTERIOR_HEADER_BYTES, i);

      if (at <= KITH_PAGE_BODY_BYTES - 4)
        note_child (scan, page + at);
    }
}

static void
look_at_page (CipherFile *self, guint32 number, Scan *scan)
{
  KithSchemaLeaf leaf = { .number = number };

  if (!load_page (self, number))
    {
      if (get_model_leaf (self->vfs, number, &leaf) != NULL)
        g_array_append_val (scan->lost, leaf);
      return;
    }

  note_children (scan, self->frame);
  if (scan->leaves->len < MAX_LEAVES && kith_schema_page_is_leaf (self->frame, &leaf))
    {
      g_array_append_val (scan->leaves, leaf);
      scan->is_like_model = scan->is_like_model && is_in_model (self->vfs, self->frame, number);
    }
}

static gboolean
is_index (const guint8 *page)
{
  return page[0] == KITH_SCHEMA_INDEX_LEAF || page[0] == KITH_SCHEMA_INDEX_INTERIOR;
}

/* Whether a tree of the same kind as in the model may begin on that page. */
static gboolean
is_root (CipherFile *self, const Scan *scan, guint64 number)
{
  const guint8 *model = get_model_page (self->vfs, number);

  if (model == NULL || scan->is_child->data[number])
    return FALSE;
  if (!load_page (self, number))
    return TRUE; /* then nothing is read there */

  return is_index (self->frame) == is_index (model)
         && (is_index (self->frame) || self->frame[0] == KITH_SCHEMA_LEAF || self->frame[0] == KITH_SCHEMA_INTERIOR);
}

static gboolean
is_right (CipherFile *self, const Scan *scan, guint32 number)
{
  KithSchemaLeaf leaf;
  const guint8 *page = get_model_leaf (self->vfs, number, &leaf);

  if (page == NULL || scan->is_child->data[number])
    return FALSE;

  for (gsize i = 0; i < kith_schema_page_count_cells (page); i++)
    {
      KithSchemaRow row;

      if (!kith_schema_page_is_row (page, kith_schema_page_get_cell (page, KITH_SCHEMA_LEAF_HEADER_BYTES, i), &row)
          || (row.root != 0 && !is_root (self, scan, row.root)))
        return FALSE;
    }

  return TRUE;
}

/* @scan: (out): to be cleared */
static void
look_at_all (CipherFile *self, guint32 n_pages, Scan *scan)
{
  scan->leaves = g_array_new (FALSE, FALSE, sizeof (KithSchemaLeaf));
  scan->lost = g_array_new (FALSE, FALSE, sizeof (KithSchemaLeaf));
  scan->is_child = g_byte_array_new ();
  g_byte_array_set_size (scan->is_child, count_model_pages (self->vfs) + 1);
  memset (scan->is_child->data, 0, scan->is_child->len);
  scan->is_like_model = TRUE;

  for (guint32 number = 2; number <= n_pages; number++)
    look_at_page (self, number, scan);
  for (guint i = 0; i < scan->lost->len && scan->is_like_model; i++)
    scan->is_like_model = is_right (self, scan, g_array_index (scan->lost, KithSchemaLeaf, i).number);
}

/* --- The schema ------------------------------------------------------------------------------ */

static int
compare_leaves (gconstpointer a, gconstpointer b)
{
  const KithSchemaLeaf *one = a;
  const KithSchemaLeaf *other = b;

  return one->first < other->first ? -1 : one->first > other->first;
}

/* (transfer full) (element-type KithSchemaLeaf): in order */
static GArray *
find_leaves (CipherFile *self, guint32 n_pages)
{
  Scan scan;
  GArray *leaves;

  look_at_all (self, n_pages, &scan);
  leaves = scan.leaves;
  self->vfs->is_like_model = scan.is_like_model && leaves->len > 0;
  if (self->vfs->is_like_model)
    g_array_append_vals (leaves, scan.lost->data, scan.lost->len);
  g_array_unref (scan.lost);
  g_byte_array_unref (scan.is_child);

  g_array_sort (leaves, compare_leaves);
  /* No row is in two of them. */
  for (guint i = 1; i < leaves->len;)
    if (g_array_index (leaves, KithSchemaLeaf, i).first <= g_array_index (leaves, KithSchemaLeaf, i - 1).last)
      g_array_remove_index (leaves, i);
    else
      i++;
  return leaves;
}

const guint8 *
kith_cipher_rescue_get_page (CipherFile *self, gint64 number)
{
  KithSchemaLeaf leaf;

  return self->vfs->is_like_model ? get_model_leaf (self->vfs, number, &leaf) : NULL;
}

/* --- The page -------------------------------------------------------------------------------- */

static void
put_header (guint8 page[KITH_PAGE_BYTES], guint32 n_pages)
{
  static const guint8 start[] = "SQLite format 3";
  KithWriter writer;

  memcpy (page, start, sizeof start);
  page[16] = KITH_PAGE_BYTES >> 8;
  page[17] = KITH_PAGE_BYTES & 0xff;
  page[18] = page[19] = 2; /* WAL */
  page[20] = KITH_PAGE_RESERVED_BYTES;
  page[21] = 64;
  page[22] = page[23] = 32;
  kith_writer_init (&writer, page + 24, HEADER_BYTES - 24);
  kith_writer_u32 (&writer, 1); /* changes; the number below is of the same */
  kith_writer_u32 (&writer, n_pages);
  page[47] = 4; /* the format of the schema */
  page[59] = 1; /* UTF-8 */
  page[95] = 1;
  kith_writer_init (&writer, page + 96, HEADER_BYTES - 96);
  kith_writer_u32 (&writer, SQLITE_VERSION_NUMBER);
}

static gsize
write_varint (guint8 *out, guint64 value)
{
  guint8 bytes[MAX_VARINT_BYTES];
  gsize n = 0;

  do
    {
      bytes[n++] = (guint8) (value & 0x7f);
      value >>= 7;
    }
  while (value != 0 && n < MAX_VARINT_BYTES);

  for (gsize i = 0; i < n; i++)
    out[i] = (guint8) (bytes[n - 1 - i] | (i < n - 1 ? 0x80 : 0));
  return n;
}

/* The last of the leaves stands in the head, the others in cells with their last rows. */
static void
put_leaves (guint8 page[KITH_PAGE_BYTES], GArray *leaves)
{
  guint8 *head = page + HEADER_BYTES;
  guint n_cells = leaves->len - 1;
  gsize content = KITH_PAGE_BODY_BYTES;
  KithWriter writer;

  for (guint i = 0; i < n_cells; i++)
    {
      const KithSchemaLeaf *leaf = &g_array_index (leaves, KithSchemaLeaf, i);
      guint8 cell[CELL_BYTES];
      gsize len;

      kith_writer_init (&writer, cell, sizeof cell);
      kith_writer_u32 (&writer, leaf->number);
      len = 4 + write_varint (cell + 4, leaf->last);
      content -= len;
      memcpy (page + content, cell, len);
      kith_writer_init (&writer, head + KITH_SCHEMA_INTERIOR_HEADER_BYTES + 2 * i, 2);
      kith_writer_u16 (&writer, (guint16) content);
    }

  head[0] = KITH_SCHEMA_INTERIOR;
  kith_writer_init (&writer, head + 3, 4);
  kith_writer_u16 (&writer, (guint16) n_cells);
  kith_writer_u16 (&writer, (guint16) content);
  kith_writer_init (&writer, head + 8, 4);
  kith_writer_u32 (&writer, g_array_index (leaves, KithSchemaLeaf, n_cells).number);
}

gboolean
kith_cipher_rescue_first_page (CipherFile *self, guint8 page[KITH_PAGE_BYTES])
{
  sqlite3_file *below = kith_cipher_file_below (self);
  sqlite3_int64 size = 0;
  g_autoptr (GArray) leaves = NULL;
  guint32 n_pages;

  if (below->pMethods->xFileSize (below, &size) != SQLITE_OK)
    return FALSE;

  n_pages = (guint32) MIN (size / KITH_PAGE_BYTES, G_MAXINT32);
  leaves = find_leaves (self, n_pages);
  if (leaves->len == 0)
    return FALSE;

  memset (page, 0, KITH_PAGE_BYTES);
  put_header (page, n_pages);
  put_leaves (page, leaves);
  return TRUE;
}
