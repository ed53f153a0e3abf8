/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithReader:
 *
 * Reads big-endian fields from a buffer that it does not own. Reading past the end gives zeros
 * and sets @failed, which stays set: a parser reads all fields, then checks once.
 */
typedef struct
{
  const guint8 *data;
  gsize         len;
  gsize         offset;
  gboolean      failed;
} KithReader;

void          kith_reader_init      (KithReader   *self,
                                     const guint8 *data,
                                     gsize         len);
guint8        kith_reader_u8        (KithReader   *self);
guint16       kith_reader_u16       (KithReader   *self);
guint32       kith_reader_u32       (KithReader   *self);
guint64       kith_reader_u64       (KithReader   *self);
const guint8 *kith_reader_peek      (KithReader   *self,
                                     gsize         len);
void          kith_reader_bytes     (KithReader   *self,
                                     guint8       *out,
                                     gsize         len);
gsize         kith_reader_remaining (const KithReader *self);
gboolean      kith_reader_finish    (const KithReader *self);

/**
 * KithWriter:
 *
 * Writes big-endian fields into a buffer of the caller. What does not fit is not written and sets
 * @failed, which stays set.
 */
typedef struct
{
  guint8  *data;
  gsize    size;
  gsize    len;
  gboolean failed;
} KithWriter;

void          kith_writer_init      (KithWriter   *self,
                                     guint8       *data,
                                     gsize         size);
void          kith_writer_u8        (KithWriter   *self,
                                     guint8        value);
void          kith_writer_u16       (KithWriter   *self,
                                     guint16       value);
void          kith_writer_u32       (KithWriter   *self,
                                     guint32       value);
void          kith_writer_u64       (KithWriter   *self,
                                     guint64       value);
void          kith_writer_bytes     (KithWriter   *self,
                                     const guint8 *bytes,
                                     gsize         len);
void          kith_writer_zeros     (KithWriter   *self,
                                     gsize         len);

/* Text forms of bytes. */
void          kith_hex_write        (const guint8 *data,
                                     gsize         len,
                                     char         *out);
char         *kith_hex_encode       (const guint8 *data,
                                     gsize         len);
gboolean      kith_hex_decode       (const char   *text,
                                     guint8       *out,
                                     gsize         len);
char         *kith_base32_encode    (const guint8 *data,
                                     gsize         len);
gboolean      kith_base32_decode    (const char   *text,
                                     gsize         text_len,
                                     guint8       *out,
                                     gsize         len);

G_END_DECLS
