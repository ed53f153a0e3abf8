/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup-file.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "store/kith-key-wrap.h"
#include "store/kith-store-errors.h"

#define CHUNK_BYTES 65536
#define SEALED_BYTES (CHUNK_BYTES + crypto_secretstream_xchacha20poly1305_ABYTES)
#define HEADER_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES

typedef crypto_secretstream_xchacha20poly1305_state StreamState;

struct _KithBackupWriter
{
  GOutputStream *stream; /* (owned) (nullable) until it begins */
  StreamState    state;
  guint8         head[KITH_KEY_WRAP_BYTES + HEADER_BYTES];
  gsize          len;    /* of what waits in chunk */
  guint8         chunk[CHUNK_BYTES];
};

struct _KithBackupReader
{
  GInputStream *stream; /* (owned) */
  StreamState   state;
  gboolean      is_final;
  gsize         len;    /* of what is in chunk */
  gsize         at;     /* how far it was handed out */
  guint64       n_read; /* bytes of the file */
  guint8        chunk[CHUNK_BYTES];
};

/* --- Writing -------------------------------------------------------------------------------- */

static gboolean
write_all (GOutputStream *stream, const void *data, gsize len, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_output_stream_write_all (stream, data, len, NULL, NULL, &local))
    return TRUE;

  kith_store_set_file_error (error, local);
  return FALSE;
}

static KithSecret *
random_key (void)
{
  guint8 bytes[crypto_secretstream_xchacha20poly1305_KEYBYTES];
  KithSecret *key;

  randombytes_buf (bytes, sizeof bytes);
  key = kith_secret_new_from (bytes, sizeof bytes);
  kith_secret_wipe (bytes, sizeof bytes);
  return key;
}

KithBackupWriter *
kith_backup_writer_new (KithSecret *passphrase, GError **error)
{
  g_autoptr (KithBackupWriter) self = g_new0 (KithBackupWriter, 1);
  g_autoptr (KithSecret) key = random_key ();

  g_return_val_if_fail (passphrase != NULL, NULL);

  if (!kith_key_wrap_seal (self->head, KITH_BACKUP_MAGIC, key, passphrase, error))
    return NULL;

  crypto_secretstream_xchacha20poly1305_init_push (&self->state, self->head + KITH_KEY_WRAP_BYTES,
                                                   kith_secret_get_data (key));
  return g_steal_pointer (&self);
}

gboolean
kith_backup_writer_begin (KithBackupWriter *self, GOutputStream *stream, GError **error)
{
  self->stream = g_object_ref (stream);
  return write_all (stream, self->head, sizeof self->head, error);
}

void
kith_backup_writer_free (KithBackupWriter *self)
{
  g_clear_object (&self->stream);
  kith_secret_wipe (self, sizeof *self);
  g_free (self);
}

static gboolean
push_chunk (KithBackupWriter *self, guint8 tag, GError **error)
{
  g_autofree guint8 *sealed = g_malloc (SEALED_BYTES);
  unsigned long long sealed_len;

  crypto_secretstream_xchacha20poly1305_push (&self->state, sealed, &sealed_len, self->chunk,
                                              self->len, NULL, 0, tag);
  self->len = 0;
  return write_all (self->stream, sealed, (gsize) sealed_len, error);
}

gboolean
kith_backup_writer_write (KithBackupWriter *self, const void *data, gsize len, GError **error)
{
  const guint8 *bytes = data;

  while (len > 0)
    {
      gsize n = MIN (len, CHUNK_BYTES - self->len);

      memcpy (self->chunk + self->len, bytes, n);
      self->len += n;
      bytes += n;
      len -= n;
      if (self->len == CHUNK_BYTES && len > 0
          && !push_chunk (self, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
kith_backup_writer_finish (KithBackupWriter *self, GError **error)
{
  return push_chunk (self, crypto_secretstream_xchacha20poly1305_TAG_FINAL, error);
}

/* --- Reading -------------------------------------------------------------------------------- */

static gboolean
damaged (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The backup is damaged or incomplete");
  return FALSE;
}

static gboolean
read_some (KithBackupReader *self, guint8 *data, gsize len, gsize *n_read, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (!g_input_stream_read_all (self->stream, data, len, n_read, NULL, &local))
    {
      kith_store_set_file_error (error, local);
      return FALSE;
    }

  self->n_read += *n_read;
  return TRUE;
}

GFileInputStream *
kith_backup_open (GFile *file, guint64 *size, GError **error)
{
  g_autoptr (GError) local = NULL;
  GFileInputStream *stream = g_file_read (file, NULL, &local);
  g_autoptr (GFileInfo) info = NULL;

  if (stream == NULL)
    {
      kith_store_set_file_error (error, local);
      return NULL;
    }

  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  *size = info != NULL ? (guint64) MAX (g_file_info_get_size (info), 0) : 0;
  return stream;
}

KithBackupReader *
kith_backup_reader_new (GInputStream *stream, KithSecret *passphrase, GError **error)
{
  g_autoptr (KithBackupReader) self = g_new0 (KithBackupReader, 1);
  g_autoptr (KithSecret) key = NULL;
  guint8 head[KITH_KEY_WRAP_BYTES + HEADER_BYTES];
  gboolean has_passphrase;
  gsize len;

  self->stream = g_object_ref (stream);
  if (!read_some (self, head, sizeof head, &len, error))
    return NULL;

  if (len < KITH_KEY_WRAP_MAGIC_BYTES || memcmp (head, KITH_BACKUP_MAGIC, strlen (KITH_BACKUP_MAGIC)) != 0)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_A_BACKUP, "This is no backup");
      return NULL;
    }

  if (!kith_key_wrap_peek (head, len, KITH_BACKUP_MAGIC, &has_passphrase, error))
    return NULL;
  if (len < sizeof head)
    {
      damaged (error);
      return NULL;
    }

  key = kith_key_wrap_open (head, len, KITH_BACKUP_MAGIC, passphrase, error);
  if (key == NULL)
    return NULL;

  if (crypto_secretstream_xchacha20poly1305_init_pull (&self->state, head + KITH_KEY_WRAP_BYTES,
                                                       kith_secret_get_data (key))
      != 0)
    {
      damaged (error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
kith_backup_reader_free (KithBackupReader *self)
{
  g_clear_object (&self->stream);
  kith_secret_wipe (self, sizeof *self);
  g_free (self);
}

static gboolean
pull_chunk (KithBackupReader *self, GError **error)
{
  g_autofree guint8 *sealed = g_malloc (SEALED_BYTES);
  unsigned long long len;
  guint8 tag;
  gsize n;

  if (self->is_final)
    return damaged (error);
  if (!read_some (self, sealed, SEALED_BYTES, &n, error))
    return FALSE;
  if (n < crypto_secretstream_xchacha20poly1305_ABYTES
      || crypto_secretstream_xchacha20poly1305_pull (&self->state, self->chunk, &len, &tag, sealed, n,
                                                     NULL, 0)
           != 0)
    return damaged (error);

  self->len = (gsize) len;
  self->at = 0;
  self->is_final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return TRUE;
}

gboolean
kith_backup_reader_read (KithBackupReader *self, void *data, gsize len, GError **error)
{
  guint8 *out = data;

  while (len > 0)
    {
      gsize n = MIN (len, self->len - self->at);

      if (n == 0)
        {
          if (!pull_chunk (self, error))
            return FALSE;
          continue;
        }

      memcpy (out, self->chunk + self->at, n);
      self->at += n;
      out += n;
      len -= n;
    }

  return TRUE;
}

gboolean
kith_backup_reader_skip (KithBackupReader *self, GError **error)
{
  if (self->at == self->len && !pull_chunk (self, error))
    return FALSE;

  self->at = self->len;
  return TRUE;
}

gboolean
kith_backup_reader_is_at_end (KithBackupReader *self)
{
  return self->is_final && self->at == self->len;
}

guint64
kith_backup_reader_get_n_read (KithBackupReader *self)
{
  return self->n_read;
}
