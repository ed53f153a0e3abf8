/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a vault and of a backup, and the stream behind it. Argon2id runs for none of them: a
 * head that is taken could ask for 2 GiB. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "kith-fuzz.h"
#include "store/kith-backup-file.h"
#include "store/kith-key-wrap.h"

/* One that opens cheaply, made once. */
static GBytes *
get_head (KithSecret *passphrase)
{
  static GBytes *head;
  g_autoptr (GOutputStream) stream = NULL;
  KithBackupWriter *writer;

  if (head != NULL)
    return head;

  kith_key_wrap_make_it_cheap ();
  stream = g_memory_output_stream_new_resizable ();
  writer = kith_backup_writer_new (passphrase, NULL);
  kith_fuzz_check (writer != NULL && kith_backup_writer_begin (writer, stream, NULL));
  kith_backup_writer_free (writer);
  g_output_stream_close (stream, NULL, NULL);
  head = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  return head;
}

static void
read_stream (const guint8 *data, gsize size)
{
  g_autoptr (KithSecret) passphrase = kith_passphrase_new ("fuzz", NULL);
  GBytes *head = get_head (passphrase);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (KithBackupReader) reader = NULL;
  guint8 byte;

  g_byte_array_append (file, g_bytes_get_data (head, NULL), (guint) g_bytes_get_size (head));
  g_byte_array_append (file, data, (guint) size);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  stream = g_memory_input_stream_new_from_bytes (bytes);
  reader = kith_backup_reader_new (stream, passphrase, NULL);
  while (reader != NULL && kith_backup_reader_read (reader, &byte, 1, NULL))
    ;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gboolean has_passphrase;

  kith_key_wrap_peek (data, size, "KITHVLT", &has_passphrase, NULL);
  kith_key_wrap_peek (data, size, "KITHBAK", &has_passphrase, NULL);
  read_stream (data, size);
  return 0;
}
