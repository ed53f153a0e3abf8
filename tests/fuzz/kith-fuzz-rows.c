/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz-rows.h"

#include <string.h>

#include <sqlite3.h>

#include "base/kith-bytes.h"

#define MOST_CHANGES 4
#define MOST_MORE 64 /* bytes that come to a value at once */

typedef struct
{
  guint type;   /* SQLITE_NULL etc. */
  gsize at;     /* of its type, in the input */
  gsize len;    /* with type and length */
  guint table;
  guint column;
  guint row;    /* of all */
} Value;

typedef struct
{
  guint8 *data;
  gsize   size;
  gsize   max_size;
  GArray *values; /* (owned) Value */
  GArray *rows;   /* (owned) gsize: where each begins, and where the last one ends */
  GRand  *rand;   /* (owned) */
} Rows;

/* --- Reading -------------------------------------------------------------------------------- */

/* How long a value is behind its type; more than there is: it is none. */
static gsize
value_len (KithReader *in, guint type)
{
  if (type == SQLITE_NULL)
    return 0;
  if (type == SQLITE_INTEGER)
    return 8;

  return type == SQLITE_TEXT || type == SQLITE_BLOB ? kith_reader_u32 (in) : G_MAXSIZE;
}

static gboolean
read_row (Rows *self, KithReader *in, guint table, guint n_columns)
{
  gsize begin = self->size - kith_reader_remaining (in) - 1;

  for (guint i = 0; i < n_columns; i++)
    {
      Value value = { .at = self->size - kith_reader_remaining (in), .table = table, .column = i,
                      .row = self->rows->len };
      gsize len;

      value.type = kith_reader_u8 (in);
      len = value_len (in, value.type);
      if (in->failed || len > kith_reader_remaining (in))
        return FALSE;
      kith_reader_peek (in, len);
      value.len = self->size - kith_reader_remaining (in) - value.at;
      g_array_append_val (self->values, value);
    }

  g_array_append_val (self->rows, begin);
  return TRUE;
}

/* Returns: how many columns it has */
static guint
read_head (KithReader *in)
{
  guint n;

  kith_reader_peek (in, kith_reader_u8 (in));
  n = kith_reader_u16 (in);
  for (guint i = 0; i < n && !in->failed; i++)
    kith_reader_peek (in, kith_reader_u8 (in));
  return n;
}

/* Returns: whether there is any row. What comes behind the last one that is in order stays as it is. */
static gboolean
read_all (Rows *self)
{
  KithReader in;
  guint table = 0;
  guint n_columns = 0;
  gsize end;

  g_array_set_size (self->values, 0);
  g_array_set_size (self->rows, 0);
  kith_reader_init (&in, self->data, self->size);
  kith_reader_u32 (&in);
  for (;;)
    {
      guint8 kind;

      end = self->size - kith_reader_remaining (&in);
      kind = kith_reader_u8 (&in);
      if (in.failed)
        break;
      if (kind == 'T')
        {
          n_columns = read_head (&in);
          table++;
        }
      else if (kind != 'R' || !read_row (self, &in, table, n_columns))
        break;
    }

  if (self->rows->len == 0)
    return FALSE;

  g_array_append_val (self->rows, end);
  return self->values->len > 0;
}

/* --- Changing ------------------------------------------------------------------------------- */

static guint
up_to (Rows *self, gsize max)
{
  return (guint) g_rand_int_range (self->rand, 0, (gint32) MAX (max, 1));
}

/* In place of @old_len bytes there are others. */
static void
splice (Rows *self, gsize at, gsize old_len, const guint8 *data, gsize len)
{
  if (self->size - old_len + len > self->max_size)
    return;

  memmove (self->data + at + len, self->data + at + old_len, self->size - at - old_len);
  memcpy (self->data + at, data, len);
  self->size = self->size - old_len + len;
}

static void
change_number (Rows *self, const Value *value)
{
  static const gint64 edges[] = { 0, 1, 2, 3, 4, 5, 7, 16, 255, 65535, -1, G_MAXINT32, G_MININT32, G_MAXUINT32,
                                  G_MAXINT64, G_MININT64, 253402300799999, 0x3fffffffffffffff };
  guint8 *number = self->data + value->at + 1;
  gint64 edge = edges[up_to (self, G_N_ELEMENTS (edges))];

  if (up_to (self, 2) == 0)
    number[7 - up_to (self, up_to (self, 8) + 1)] ^= (guint8) (1u << up_to (self, 8));
  else
    {
      edge = GINT64_TO_BE (edge);
      memcpy (number, &edge, sizeof edge);
    }
}

/* Another one of the same type, with @more bytes put in, or some less. */
static void
resize_bytes (Rows *self, const Value *value, gboolean more)
{
  gsize len = value->len - 5;
  gsize at = up_to (self, len);
  gsize n = up_to (self, more ? MOST_MORE : len - at) + 1;
  guint8 bytes[MOST_MORE];
  guint32 head;

  if (!more && len == 0)
    return;
  if (more && self->size + n > self->max_size)
    return;

  memset (bytes, up_to (self, 2) == 0 ? 'a' : (gint) up_to (self, 128), sizeof bytes);
  head = GUINT32_TO_BE ((guint32) (more ? len + n : len - n));
  memcpy (self->data + value->at + 1, &head, sizeof head);
  splice (self, value->at + 5 + at, more ? 0 : n, bytes, more ? n : 0);
}

static void
change_bytes (Rows *self, const Value *value)
{
  static const guint8 edges[] = { 0, 1, 2, 0x7f, 0x80, 0xff };
  gsize len = value->len - 5;
  guint how = up_to (self, 8);
  guint8 *byte = self->data + value->at + 5 + up_to (self, len);

  if (how < 2 || len == 0)
    resize_bytes (self, value, how == 0 || len == 0);
  else if (value->type == SQLITE_TEXT)
    *byte = (guint8) up_to (self, 128);
  else if (how < 5)
    *byte = edges[up_to (self, G_N_ELEMENTS (edges))];
  else
    *byte ^= (guint8) (1u << up_to (self, 8));
}

/* As it is in another row of the table. */
static void
copy_value (Rows *self, const Value *value)
{
  for (guint tries = 0; tries < 8; tries++)
    {
      const Value *other = &g_array_index (self->values, Value, up_to (self, self->values->len));
      g_autofree guint8 *bytes = NULL;

      if (other->table != value->table || other->column != value->column || other->row == value->row)
        continue;

      bytes = g_memdup2 (self->data + other->at, other->len);
      splice (self, value->at, value->len, bytes, other->len);
      return;
    }
}

static void
change_row (Rows *self, gboolean twice)
{
  guint row = up_to (self, self->rows->len - 1);
  gsize from = g_array_index (self->rows, gsize, row);
  gsize len = 1;
  g_autofree guint8 *bytes = NULL;

  for (guint i = 0; i < self->values->len; i++)
    if (g_array_index (self->values, Value, i).row == row)
      len += g_array_index (self->values, Value, i).len;

  bytes = g_memdup2 (self->data + from, len);
  splice (self, from, twice ? 0 : len, bytes, twice ? len : 0);
}

static void
change_one (Rows *self)
{
  static const guint8 nothing = SQLITE_NULL;
  const Value *value = &g_array_index (self->values, Value, up_to (self, self->values->len));
  guint how = up_to (self, 16);

  if (how == 0)
    change_row (self, FALSE);
  else if (how == 1)
    change_row (self, TRUE);
  else if (how < 4)
    copy_value (self, value);
  else if (how == 4)
    splice (self, value->at, value->len, &nothing, 1);
  else if (value->type == SQLITE_INTEGER)
    change_number (self, value);
  else if (value->type != SQLITE_NULL)
    change_bytes (self, value);
}

gsize
kith_fuzz_rows_change (guint8 *data, gsize size, gsize max_size, guint32 seed)
{
  Rows self = { .data = data, .size = size, .max_size = max_size };
  guint n;

  self.values = g_array_new (FALSE, FALSE, sizeof (Value));
  self.rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  self.rand = g_rand_new_with_seed (seed);
  n = up_to (&self, MOST_CHANGES) + 1;
  for (guint i = 0; i < n && self.size > 0; i++)
    if (read_all (&self))
      change_one (&self);
    else
      self.size = 0;

  g_array_unref (self.values);
  g_array_unref (self.rows);
  g_rand_free (self.rand);
  return self.size;
}
