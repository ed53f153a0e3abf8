/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-generation.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "store/kith-store-private.h"
#include "store/kith-vault.h"

#define LABEL "kith1 db-count"
#define MAGIC "KITHGEN"
#define MAGIC_BYTES sizeof MAGIC
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define NUMBER_BYTES 8
#define SEALED_BYTES (NUMBER_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define FILE_BYTES (MAGIC_BYTES + NONCE_BYTES + SEALED_BYTES)

struct _KithGeneration
{
  char       *path;      /* (owned) */
  KithSecret *key;       /* (owned) */
  gint64      raised_us; /* when that was last done, monotonic */
};

KithGeneration *
kith_generation_new (const char *database, KithSecret *key)
{
  KithGeneration *self = g_new0 (KithGeneration, 1);

  self->path = g_strconcat (database, "-generation", NULL);
  self->key = kith_vault_derive (key, LABEL);
  return self;
}

void
kith_generation_free (KithGeneration *self)
{
  kith_secret_unref (self->key);
  g_free (self->path);
  g_free (self);
}

/* --- The file ------------------------------------------------------------------------------- */

/* Returns: 0 when it says nothing */
static gint64
open_file (KithGeneration *self, const guint8 file[FILE_BYTES])
{
  guint8 number[NUMBER_BYTES];
  KithReader reader;
  guint64 generation;

  if (memcmp (file, MAGIC, MAGIC_BYTES) != 0
      || crypto_aead_xchacha20poly1305_ietf_decrypt (number, NULL, NULL, file + MAGIC_BYTES + NONCE_BYTES,
                                                     SEALED_BYTES, file, MAGIC_BYTES, file + MAGIC_BYTES,
                                                     kith_secret_get_data (self->key))
           != 0)
    return 0;

  kith_reader_init (&reader, number, sizeof number);
  generation = kith_reader_u64 (&reader);
  return generation <= G_MAXINT64 ? (gint64) generation : 0;
}

static void
seal_file (KithGeneration *self, guint8 file[FILE_BYTES], gint64 generation)
{
  guint8 number[NUMBER_BYTES];
  KithWriter writer;

  kith_writer_init (&writer, number, sizeof number);
  kith_writer_u64 (&writer, (guint64) generation);
  memcpy (file, MAGIC, MAGIC_BYTES);
  randombytes_buf (file + MAGIC_BYTES, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (file + MAGIC_BYTES + NONCE_BYTES, NULL, number, sizeof number,
                                              file, MAGIC_BYTES, NULL, file + MAGIC_BYTES,
                                              kith_secret_get_data (self->key));
}

/* Whoever can write to the folder may have put anything there: nothing is waited for. */
static gint64
read_file (KithGeneration *self)
{
  guint8 file[FILE_BYTES];
  int fd = g_open (self->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  gssize n;

  if (fd < 0)
    return 0;

  n = read (fd, file, sizeof file);
  close (fd);
  return n == (gssize) sizeof file ? open_file (self, file) : 0;
}

static void
write_file (KithGeneration *self, gint64 generation)
{
  guint8 file[FILE_BYTES];

  seal_file (self, file, generation);
  if (!g_file_set_contents_full (self->path, (const char *) file, sizeof file,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL))
    g_info ("The generation could not be noted beside the database");
}

/* --- The database --------------------------------------------------------------------------- */

static gboolean
put_setting (KithDatabase *database, const char *key, const char *value, GError **error)
{
  return kith_database_run (database, error, "INSERT OR REPLACE INTO setting VALUES (?1, ?2)", "tt", key,
                            value);
}

static gboolean
put_number (KithDatabase *database, gint64 generation, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, generation);

  return put_setting (database, KITH_GENERATION, text, error);
}

/* It may have said more since then, under numbers that it does not know of. */
static gboolean
put_older (KithDatabase *database, gint64 generation, GError **error)
{
  g_message ("The database is older than it was when it was last open");
  if (kith_database_exec (database, "BEGIN IMMEDIATE", error) && kith_store_begin_anew (database, error)
      && put_setting (database, KITH_GENERATION_OLDER, "1", error)
      && put_number (database, generation, error) && kith_database_exec (database, "COMMIT", error))
    return TRUE;

  if (!sqlite3_get_autocommit (kith_database_get_handle (database)))
    kith_database_exec (database, "ROLLBACK", NULL);
  return FALSE;
}

/* @is_in_use: somebody works with it, who has numbers of it in mind: none of them may change, whatever the file says */
static void
raise_number (KithGeneration *self, KithDatabase *database, gboolean is_in_use)
{
  g_autoptr (GError) error = NULL;
  gint64 noted = read_file (self);
  gint64 inside, next;

  self->raised_us = g_get_monotonic_time ();
  if (!kith_database_read_int (database,
                               "SELECT CAST (value AS INTEGER) FROM setting WHERE key = '" KITH_GENERATION "'",
                               &inside, &error))
    {
      g_info ("The generation of the database could not be read: %s", error->message);
      return;
    }

  inside = MAX (inside, 0);
  next = MIN (MAX (inside, noted), G_MAXINT64 - 1) + 1;
  if (inside < noted && !is_in_use ? put_older (database, next, &error) : put_number (database, next, &error))
    write_file (self, next);
  else
    g_info ("The generation of the database could not be raised: %s", error->message);
}

void
kith_generation_raise (KithGeneration *self, KithDatabase *database)
{
  raise_number (self, database, FALSE);
}

void
kith_generation_raise_now_and_then (KithGeneration *self, KithDatabase *database)
{
  if (g_get_monotonic_time () - self->raised_us > KITH_LIMIT_GENERATION_S * G_TIME_SPAN_SECOND)
    raise_number (self, database, TRUE);
}
