/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-bytes.h"

#include <string.h>

/* --- Reading -------------------------------------------------------------------------------- */

/**
 * kith_reader_init:
 * @self: (out caller-allocates): a reader
 * @data: (array length=len): what to read, which has to outlive the reader
 * @len: its length in bytes
 */
void
kith_reader_init (KithReader *self, const guint8 *data, gsize len)
{
  *self = (KithReader){ .data = data, .len = len };
}

/**
 * kith_reader_peek:
 * @self: a reader
 * @len: how many bytes to take
 *
 * Takes the next bytes without copying them.
 *
 * Returns: (transfer none) (nullable): the bytes, or %NULL and a failed reader
 */
const guint8 *
kith_reader_peek (KithReader *self, gsize len)
{
  const guint8 *at = self->data + self->offset;

  if (self->failed || self->len - self->offset < len)
    {
      self->failed = TRUE;
      return NULL;
    }

  self->offset += len;
  return at;
}

static guint64
read_be (KithReader *self, gsize len)
{
  const guint8 *at = kith_reader_peek (self, len);
  guint64 value = 0;

  for (gsize i = 0; at != NULL && i < len; i++)
    value = value << 8 | at[i];

  return value;
}

/**
 * kith_reader_u8:
 * @self: a reader
 *
 * Returns: the next byte, 0 past the end
 */
guint8
kith_reader_u8 (KithReader *self)
{
  return (guint8) read_be (self, 1);
}

/**
 * kith_reader_u16:
 * @self: a reader
 *
 * Returns: the next two bytes as a number, 0 past the end
 */
guint16
kith_reader_u16 (KithReader *self)
{
  return (guint16) read_be (self, 2);
}

/**
 * kith_reader_u32:
 * @self: a reader
 *
 * Returns: the next four bytes as a number, 0 past the end
 */
guint32
kith_reader_u32 (KithReader *self)
{
  return (guint32) read_be (self, 4);
}

/**
 * kith_reader_u64:
 * @self: a reader
 *
 * Returns: the next eight bytes as a number, 0 past the end
 */
guint64
kith_reader_u64 (KithReader *self)
{
  return read_be (self, 8);
}

/**
 * kith_reader_bytes:
 * @self: a reader
 * @out: (out caller-allocates) (array length=len): where to; zeros past the end
 * @len: how many
 */
void
kith_reader_bytes (KithReader *self, guint8 *out, gsize len)
{
  const guint8 *at = kith_reader_peek (self, len);

  if (at != NULL)
    memcpy (out, at, len);
  else
    memset (out, 0, len);
}

/**
 * kith_reader_remaining:
 * @self: a reader
 *
 * Returns: how many bytes are left
 */
gsize
kith_reader_remaining (const KithReader *self)
{
  return self->len - self->offset;
}

/**
 * kith_reader_finish:
 * @self: a reader
 *
 * Returns: whether every read succeeded and nothing is left over
 */
gboolean
kith_reader_finish (const KithReader *self)
{
  return !self->failed && self->offset == self->len;
}

/* --- Writing -------------------------------------------------------------------------------- */

/**
 * kith_writer_init:
 * @self: (out caller-allocates): a writer
 * @data: (array length=size): where to write
 * @size: how many bytes fit
 */
void
kith_writer_init (KithWriter *self, guint8 *data, gsize size)
{
  *self = (KithWriter){ .data = data, .size = size };
}

static guint8 *
reserve (KithWriter *self, gsize len)
{
  guint8 *at = self->data + self->len;

  if (self->failed || self->size - self->len < len)
    {
      self->failed = TRUE;
      return NULL;
    }

  self->len += len;
  return at;
}

static void
write_be (KithWriter *self, guint64 value, gsize len)
{
  guint8 *at = reserve (self, len);

  for (gsize i = 0; at != NULL && i < len; i++)
    at[i] = (guint8) (value >> 8 * (len - 1 - i));
}

/**
 * kith_writer_u8:
 * @self: a writer
 * @value: a byte
 */
void
kith_writer_u8 (KithWriter *self, guint8 value)
{
  write_be (self, value, 1);
}

/**
 * kith_writer_u16:
 * @self: a writer
 * @value: a number for two bytes
 */
void
kith_writer_u16 (KithWriter *self, guint16 value)
{
  write_be (self, value, 2);
}

/**
 * kith_writer_u32:
 * @self: a writer
 * @value: a number for four bytes
 */
void
kith_writer_u32 (KithWriter *self, guint32 value)
{
  write_be (self, value, 4);
}

/**
 * kith_writer_u64:
 * @self: a writer
 * @value: a number for eight bytes
 */
void
kith_writer_u64 (KithWriter *self, guint64 value)
{
  write_be (self, value, 8);
}

/**
 * kith_writer_bytes:
 * @self: a writer
 * @bytes: (array length=len): what to write
 * @len: how many
 */
void
kith_writer_bytes (KithWriter *self, const guint8 *bytes, gsize len)
{
  guint8 *at = reserve (self, len);

  if (at != NULL && len > 0)
    memcpy (at, bytes, len);
}

/**
 * kith_writer_zeros:
 * @self: a writer
 * @len: how many zero bytes to write
 */
void
kith_writer_zeros (KithWriter *self, gsize len)
{
  guint8 *at = reserve (self, len);

  if (at != NULL)
    memset (at, 0, len);
}

/* --- Text forms ----------------------------------------------------------------------------- */

/**
 * kith_hex_write:
 * @data: (array length=len): bytes; not secret ones
 * @len: how many
 * @out: (out caller-allocates): 2 * @len lower-case hex digits and a NUL
 */
void
kith_hex_write (const guint8 *data, gsize len, char *out)
{
  static const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < len; i++)
    {
      out[2 * i] = digits[data[i] >> 4];
      out[2 * i + 1] = digits[data[i] & 15];
    }

  out[2 * len] = '\0';
}

/**
 * kith_hex_encode:
 * @data: (array length=len): bytes; not secret ones
 * @len: how many
 *
 * Returns: (transfer full): lower-case hex digits
 */
char *
kith_hex_encode (const guint8 *data, gsize len)
{
  char *text = g_malloc (2 * len + 1);

  kith_hex_write (data, len, text);
  return text;
}

/**
 * kith_hex_decode:
 * @text: hex digits of either case
 * @out: (out caller-allocates) (array length=len): the bytes
 * @len: how many bytes there have to be
 *
 * Returns: whether @text was exactly @len bytes in hex; else @out is undefined
 */
gboolean
kith_hex_decode (const char *text, guint8 *out, gsize len)
{
  if (strlen (text) != 2 * len)
    return FALSE;

  for (gsize i = 0; i < len; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      out[i] = (guint8) (high << 4 | low);
    }

  return TRUE;
}

/**
 * kith_base32_encode:
 * @data: (array length=len): bytes
 * @len: how many
 *
 * Returns: (transfer full): RFC 4648 base32 in lower case, without padding
 */
char *
kith_base32_encode (const guint8 *data, gsize len)
{
  static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
  GString *text = g_string_sized_new (len * 8 / 5 + 2);
  guint32 bits = 0;
  guint n_bits = 0;

  for (gsize i = 0; i < len; i++)
    {
      bits = bits << 8 | data[i];
      for (n_bits += 8; n_bits >= 5; n_bits -= 5)
        g_string_append_c (text, digits[bits >> (n_bits - 5) & 31]);
    }

  if (n_bits > 0)
    g_string_append_c (text, digits[bits << (5 - n_bits) & 31]);

  return g_string_free (text, FALSE);
}

static int
base32_value (char c)
{
  if (g_ascii_isalpha (c))
    return g_ascii_tolower (c) - 'a';
  if (c >= '2' && c <= '7')
    return c - '2' + 26;

  return -1;
}

/**
 * kith_base32_decode:
 * @text: (array length=text_len): base32 digits of either case, without padding
 * @text_len: how many
 * @out: (out caller-allocates) (array length=len): the bytes
 * @len: how many bytes there have to be
 *
 * Decodes the one canonical form: a wrong length, a foreign character or bits left over that are
 * not zero are refused.
 *
 * Returns: whether @text was exactly @len bytes; else @out is undefined
 */
gboolean
kith_base32_decode (const char *text, gsize text_len, guint8 *out, gsize len)
{
  guint32 bits = 0;
  guint n_bits = 0;
  gsize n_out = 0;

  if (text_len != (len * 8 + 4) / 5)
    return FALSE;

  for (gsize i = 0; i < text_len; i++)
    {
      int value = base32_value (text[i]);

      if (value < 0)
        return FALSE;

      bits = bits << 5 | (guint32) value;
      n_bits += 5;
      if (n_bits >= 8)
        {
          n_bits -= 8;
          out[n_out++] = (guint8) (bits >> n_bits);
          bits &= (1u << n_bits) - 1;
        }
    }

  return bits == 0;
}
