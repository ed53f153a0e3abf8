/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See https://www.sqlite.org/fileformat2.html */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-schema-page.h"

#include <string.h>

#include "store/kith-page-cipher.h"

#define MAX_VARINT_BYTES 9

/* @at: (inout): becomes the end of @page when it goes on behind that */
static guint64
read_varint (const guint8 *page, gsize *at)
{
  guint64 value = 0;

  for (guint i = 0; i < MAX_VARINT_BYTES && *at < KITH_PAGE_BODY_BYTES; i++)
    {
      guint8 byte = page[(*at)++];

      if (i == MAX_VARINT_BYTES - 1)
        return value << 8 | byte;
      value = value << 7 | (byte & 0x7f);
      if ((byte & 0x80) == 0)
        return value;
    }

  *at = KITH_PAGE_BODY_BYTES;
  return 0;
}

static gboolean
is_text (guint64 type)
{
  return type >= 13 && type % 2 == 1;
}

static gboolean
is_kind (const guint8 *text, gsize len)
{
  static const char *const kinds[] = { "table", "index", "trigger", "view" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i]) == len && memcmp (kinds[i], text, len) == 0)
      return TRUE;

  return FALSE;
}

/* An integer of @type, 0 where there is none. */
static guint64
read_number (const guint8 *page, gsize at, guint64 type)
{
  static const guint8 sizes[] = { 0, 1, 2, 3, 4, 6, 8 };
  gsize len = type < G_N_ELEMENTS (sizes) ? sizes[type] : 0;
  guint64 value = 0;

  if (len > KITH_PAGE_BODY_BYTES || at > KITH_PAGE_BODY_BYTES - len)
    return 0;

  for (gsize i = 0; i < len; i++)
    value = value << 8 | page[at + i];
  return value;
}

static gsize
text_bytes (guint64 type)
{
  return (gsize) MIN ((type - 13) / 2, KITH_PAGE_BODY_BYTES);
}

/* type, name, tbl_name, rootpage, sql */
gboolean
kith_schema_page_is_row (const guint8 *page, gsize at, KithSchemaRow *row)
{
  guint64 types[5];
  guint64 header_len;
  gsize begin;
  gsize len;

  read_varint (page, &at); /* how long it is */
  row->number = read_varint (page, &at);
  begin = at;
  header_len = read_varint (page, &at);
  if (row->number > G_MAXUINT32 || at >= KITH_PAGE_BODY_BYTES)
    return FALSE;
  if (header_len > KITH_PAGE_BODY_BYTES - begin)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    types[i] = read_varint (page, &at);
  if (at != begin + header_len || !is_text (types[0]) || !is_text (types[1]) || !is_text (types[2]) || types[3] > 9
      || (types[4] != 0 && !is_text (types[4])))
    return FALSE;

  len = text_bytes (types[0]);
  row->root = read_number (page, at + len + text_bytes (types[1]) + text_bytes (types[2]), types[3]);
  return len <= KITH_PAGE_BODY_BYTES - at && is_kind (page + at, len);
}

gsize
kith_schema_page_count_cells (const guint8 *page)
{
  return (gsize) page[3] << 8 | page[4];
}

gsize
kith_schema_page_get_cell (const guint8 *page, gsize header_bytes, gsize i)
{
  const guint8 *pointer = page + header_bytes + 2 * i;

  return (gsize) pointer[0] << 8 | pointer[1];
}

gboolean
kith_schema_page_is_leaf (const guint8 *page, KithSchemaLeaf *leaf)
{
  gsize n = kith_schema_page_count_cells (page);
  KithSchemaRow row = { 0 };

  if (page[0] != KITH_SCHEMA_LEAF || n == 0 || KITH_SCHEMA_LEAF_HEADER_BYTES + 2 * n > KITH_PAGE_BODY_BYTES)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    {
      gsize at = kith_schema_page_get_cell (page, KITH_SCHEMA_LEAF_HEADER_BYTES, i);
      guint64 before = row.number;

      if (at >= KITH_PAGE_BODY_BYTES || !kith_schema_page_is_row (page, at, &row) || row.number <= before)
        return FALSE;
      if (i == 0)
        leaf->first = row.number;
    }

  leaf->last = row.number;
  return TRUE;
}

gboolean
kith_schema_page_says_the_same (const guint8 *page, const guint8 *other)
{
  gsize n = kith_schema_page_count_cells (page);

  if (kith_schema_page_count_cells (other) != n)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    {
      KithSchemaRow one, two;

      if (!kith_schema_page_is_row (page, kith_schema_page_get_cell (page, KITH_SCHEMA_LEAF_HEADER_BYTES, i), &one)
          || !kith_schema_page_is_row (other, kith_schema_page_get_cell (other, KITH_SCHEMA_LEAF_HEADER_BYTES, i), &two)
          || one.number != two.number || one.root != two.root)
        return FALSE;
    }

  return TRUE;
}
