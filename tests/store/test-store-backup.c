/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups: what stays on the disk when one is given up. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-database.h"
#include "kith-test-refuse.h"
#include "kith-test-store.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup.h"
#include "store/kith-database.h"
#include "store/kith-key-wrap.h"
#include "store/kith-store-group.h"

#define OLDER "an older backup"
#define MESSAGES 5000 /* so that it takes several slices */

typedef struct
{
  char         *folder; /* (owned) */
  char         *path;   /* (owned) */
  GFile        *file;   /* (owned) */
  KithStore    *store;  /* (owned) */
  KithSecret   *secret; /* (owned) */
  GCancellable *cancellable; /* (owned) */
} Fixture;

/* @data: whether there are no files without a name */
static void
set_up (Fixture *self, gconstpointer data)
{
  kith_test_refuse_unnamed (data != NULL);
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "backup", NULL);
  self->file = g_file_new_for_path (self->path);
  self->store = kith_store_new_in_memory ();
  self->secret = kith_test_secret ('x');
  self->cancellable = g_cancellable_new ();
  kith_test_put_profile (self->store, "Ann");
  kith_test_add (self->store, 1, 1, MESSAGES, TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_test_refuse_unnamed (FALSE);
  g_clear_object (&self->store);
  g_object_unref (self->cancellable);
  g_object_unref (self->file);
  kith_secret_unref (self->secret);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

static void
write_older (Fixture *self)
{
  g_assert_true (g_file_set_contents (self->path, OLDER, -1, NULL));
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
assert_older (Fixture *self)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, OLDER);
  g_assert_cmpuint (count_files (self), ==, 1);
}

/* On the store thread, after the first slice. */
static void
cancel_cb (double fraction, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
export_and_cancel (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, self->file, self->secret, cancel_cb, self->cancellable,
                           self->cancellable, kith_test_result_cb, &result);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_leaves_the_older (Fixture *self, gconstpointer data)
{
  write_older (self);
  export_and_cancel (self);
  assert_older (self);
}

static void
test_cancel_leaves_nothing (Fixture *self, gconstpointer data)
{
  export_and_cancel (self);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_close_leaves_the_older (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  write_older (self);
  kith_store_export_async (self->store, self->file, self->secret, NULL, NULL, NULL,
                           kith_test_result_cb, &result);
  kith_test_close (self->store);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);
  assert_older (self);
}

/* --- Backups of somebody who means ill ------------------------------------------------------- */

typedef struct
{
  GOutputStream    *stream; /* (owned) */
  KithBackupWriter *writer; /* (owned) */
} Forgery;

static void
put (Forgery *self, const void *data, gsize len)
{
  g_assert_true (kith_backup_writer_write (self->writer, data, len, NULL));
}

static void
put_byte (Forgery *self, guint8 byte)
{
  put (self, &byte, 1);
}

static void
put_u32 (Forgery *self, guint32 value)
{
  value = GUINT32_TO_BE (value);
  put (self, &value, sizeof value);
}

static void
put_name (Forgery *self, const char *name)
{
  put_byte (self, (guint8) strlen (name));
  put (self, name, strlen (name));
}

static void
put_table (Forgery *self, const char *table, const char *columns)
{
  g_auto (GStrv) names = g_strsplit (columns, " ", -1);
  guint16 n = GUINT16_TO_BE ((guint16) g_strv_length (names));

  put_byte (self, 'T');
  put_name (self, table);
  put (self, &n, sizeof n);
  for (char **name = names; *name != NULL; name++)
    put_name (self, *name);
}

static void
put_int (Forgery *self, gint64 value)
{
  value = GINT64_TO_BE (value);
  put_byte (self, SQLITE_INTEGER);
  put (self, &value, sizeof value);
}

static void
put_bytes (Forgery *self, guint8 type, const char *bytes, gsize len)
{
  put_byte (self, type);
  put_u32 (self, (guint32) len);
  put (self, bytes, len);
}

static Forgery
forge (Fixture *self)
{
  GFileOutputStream *stream = g_file_replace (self->file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);
  Forgery forgery = { .stream = G_OUTPUT_STREAM (stream) };

  forgery.writer = kith_backup_writer_new (self->secret, NULL);
  g_assert_true (kith_backup_writer_begin (forgery.writer, forgery.stream, NULL));
  put_u32 (&forgery, kith_database_get_latest_version ());
  return forgery;
}

static void
put_profile (Forgery *self, gsize seed_len)
{
  char zeros[256] = { 0 };

  put_table (self, "profile", "only name identity_seed device_key certificate");
  put_byte (self, 'R');
  put_int (self, 1);
  put_bytes (self, SQLITE_TEXT, "Ann", 3);
  put_bytes (self, SQLITE_BLOB, zeros, seed_len);
  put_bytes (self, SQLITE_BLOB, zeros, 32);
  put_bytes (self, SQLITE_BLOB, zeros, KITH_STORE_CERTIFICATE_BYTES);
}

static void
put_conversation (Forgery *self)
{
  char identity[KITH_STORE_IDENTITY_BYTES] = { 1 };

  put_table (self, "conversation", "id identity");
  put_byte (self, 'R');
  put_int (self, 1);
  put_bytes (self, SQLITE_BLOB, identity, sizeof identity);
  put_table (self, "message",
             "number conversation id outgoing seq hlc time_ms state sent_ms delivered_ms read_ms text");
}

static void
put_any_message (Forgery *self, gint64 number, gboolean outgoing, gint64 hlc, guint8 text_type,
                 const char *text, gsize len)
{
  char id[KITH_STORE_MESSAGE_ID_BYTES] = { 0 };

  memcpy (id, &number, sizeof number);
  put_byte (self, 'R');
  put_int (self, number);
  put_int (self, 1);
  put_bytes (self, SQLITE_BLOB, id, sizeof id);
  put_int (self, outgoing);
  put_int (self, number);
  put_int (self, hlc);
  for (guint i = 0; i < 5; i++)
    put_int (self, 0);
  put_bytes (self, text_type, text, len);
}

static void
put_message (Forgery *self, gint64 number, gint64 hlc, guint8 text_type, const char *text, gsize len)
{
  put_any_message (self, number, TRUE, hlc, text_type, text, len);
}

static void
put_end (Forgery *self)
{
  put_byte (self, 'E');
  g_assert_true (kith_backup_writer_finish (self->writer, NULL));
  g_assert_true (g_output_stream_close (self->stream, NULL, NULL));
  kith_backup_writer_free (self->writer);
  g_object_unref (self->stream);
}

static gboolean
import (Fixture *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);

  return kith_backup_import (self->file, self->secret, path, key, NULL, NULL, NULL, error);
}

static void
assert_is_refused (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (import (self, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_forged_keys (Fixture *self, gconstpointer data)
{
  static const gsize lengths[] = { 0, 1, 31, 33 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      Forgery forgery = forge (self);

      put_profile (&forgery, lengths[i]);
      put_end (&forgery);
      assert_is_refused (self);
    }
}

/* A number behind which there is no room, or one that the index would never see. */
static void
test_forged_numbers (Fixture *self, gconstpointer data)
{
  static const gint64 numbers[][2] = { { G_MAXINT64, 1 }, { -1, 1 }, { 0, 1 }, { 1, G_MAXINT64 },
                                       { 1, -1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      Forgery forgery = forge (self);

      put_profile (&forgery, 32);
      put_conversation (&forgery);
      put_message (&forgery, numbers[i][0], numbers[i][1], SQLITE_TEXT, "text", 4);
      put_end (&forgery);
      assert_is_refused (self);
    }
}

/* Bytes are no text: nobody looks at them again before they are shown. */
static void
test_forged_text (Fixture *self, gconstpointer data)
{
  static const guint8 types[] = { SQLITE_TEXT, SQLITE_BLOB };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      Forgery forgery = forge (self);

      put_profile (&forgery, 32);
      put_conversation (&forgery);
      put_message (&forgery, 1, 1, types[i], "broken \xf0", 8);
      put_end (&forgery);
      assert_is_refused (self);
    }
}

static gint64
count (KithDatabase *database, const char *sql)
{
  return kith_database_get_int (database, sql, -1);
}

#define HIDDEN "Ben\xe2\x80\xaenoA" /* read from right to left behind the third letter */
#define LONG_NAME_BYTES 2000

static void
put_forged_contact (Forgery *self, const char *name, gsize len)
{
  char identity[KITH_STORE_IDENTITY_BYTES] = { 9, (char) len };

  put_byte (self, 'R');
  put_bytes (self, SQLITE_BLOB, identity, sizeof identity);
  for (guint i = 0; i < 2; i++)
    put_bytes (self, SQLITE_TEXT, name, len);
  for (guint i = 0; i < 10; i++)
    put_int (self, 0);
  for (guint i = 0; i < 2; i++)
    put_bytes (self, SQLITE_BLOB, "", 0);
}

static void
put_forged_request (Forgery *self)
{
  char identity[KITH_STORE_IDENTITY_BYTES] = { 8 };
  char text[LONG_NAME_BYTES];

  memset (text, 'a', sizeof text);
  put_table (self, "request", "identity name text time_ms endpoints");
  put_byte (self, 'R');
  put_bytes (self, SQLITE_BLOB, identity, sizeof identity);
  put_bytes (self, SQLITE_TEXT, HIDDEN, strlen (HIDDEN));
  put_bytes (self, SQLITE_TEXT, text, sizeof text);
  put_int (self, 0);
  put_bytes (self, SQLITE_BLOB, "", 0);
}

/* As if they had come over the network, where names cannot show what they are not. */
static void
test_forged_names (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  Forgery forgery = forge (self);
  char name[LONG_NAME_BYTES];
  KithDatabase *database;

  memset (name, 'a', sizeof name);
  put_profile (&forgery, 32);
  put_table (&forgery, "contact", "identity name alias relation verified blocked favourite added_ms last_seen_ms"
                                  " pair_root_ms next_seq received_seq read_seq received_device endpoints");
  put_forged_contact (&forgery, HIDDEN, strlen (HIDDEN));
  put_forged_contact (&forgery, name, sizeof name);
  put_forged_contact (&forgery, "\n", 1);
  put_forged_contact (&forgery, "Zo\xc3\xab", 4);
  put_forged_request (&forgery);
  put_end (&forgery);
  import (self, &error);
  g_assert_no_error (error);

  database = kith_database_open (path, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (database, "SELECT count (*) FROM contact"), ==, 4);
  g_assert_cmpint (count (database, "SELECT count (*) FROM contact WHERE name = 'BennoA' AND alias = name"), ==, 1);
  g_assert_cmpint (count (database, "SELECT count (*) FROM contact WHERE name = 'Zo\xc3\xab' AND alias = name"), ==, 1);
  g_assert_cmpint (count (database, "SELECT count (*) FROM contact WHERE name IS NULL AND alias IS NULL"), ==, 1);
  g_assert_cmpint (count (database, "SELECT max (length (name)) FROM contact"), ==, KITH_LIMIT_NAME_CLUSTERS);
  g_assert_cmpint (count (database, "SELECT count (*) FROM request WHERE name = 'BennoA'"), ==, 1);
  g_assert_cmpint (count (database, "SELECT length (text) FROM request"), ==, KITH_LIMIT_REQUEST_TEXT_CHARS);
  g_assert_cmpint (count (database, "SELECT count (*) FROM profile WHERE name = 'Ann'"), ==, 1);
  g_assert_true (kith_database_close (database, NULL));
}

/* A file on its way, which would be written, or read, where the backup says. */
static void
put_transfer (Forgery *self, gint64 message, gint64 state)
{
  char root[KITH_STORE_ROOT_BYTES] = { 0 };

  put_byte (self, 'R');
  put_int (self, message);
  put_bytes (self, SQLITE_BLOB, root, sizeof root);
  put_int (self, 100);
  put_bytes (self, SQLITE_TEXT, "a.desktop", 9);
  put_bytes (self, SQLITE_BLOB, "", 0);
  put_int (self, state);
  put_bytes (self, SQLITE_BLOB, "/home/ann/.bashrc", 17);
  put_bytes (self, SQLITE_BLOB, "/home/ann/.config/autostart/a.desktop", 37);
  put_int (self, 50);
  for (guint i = 0; i < 7; i++)
    put_int (self, 0);
  put_int (self, message % 2); /* kept, allegedly */
  put_int (self, 1234567);     /* when it was written */
}

static void
test_forged_places (Fixture *self, gconstpointer data)
{
  static const gint64 states[] = { 0, 1, 2, 3, 4, 6, 9, -1, 5, 7, 8 };
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  Forgery forgery = forge (self);
  KithDatabase *database;

  put_profile (&forgery, 32);
  put_table (&forgery, "setting", "key value");
  put_byte (&forgery, 'R');
  put_bytes (&forgery, SQLITE_TEXT, "files-folder", 12);
  put_bytes (&forgery, SQLITE_TEXT, "/home/ann/.config/autostart", 27);
  put_conversation (&forgery);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (states); i++)
    put_any_message (&forgery, i + 1, i >= G_N_ELEMENTS (states), i + 1, SQLITE_TEXT, "a.desktop", 9);
  put_table (&forgery, "transfer", "message root size name waveform state path target done_bytes"
                                   " list_bytes width height duration_ms n_files live told kept mtime_us");
  for (guint i = 0; i < 2 * G_N_ELEMENTS (states); i++)
    put_transfer (&forgery, i + 1, states[i % G_N_ELEMENTS (states)]);
  put_end (&forgery);
  import (self, &error);
  g_assert_no_error (error);

  database = kith_database_open (path, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (database, "SELECT count (*) FROM transfer"), ==, 2 * G_N_ELEMENTS (states));
  g_assert_cmpint (count (database, "SELECT count (*) FROM transfer WHERE target IS NOT NULL OR path IS NOT NULL"
    " OR mtime_us <> 0 OR (kept = 0 AND state NOT IN (5, 7, 8) AND done_bytes <> 0)"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM transfer WHERE message NOT IN"
    " (SELECT number FROM message WHERE outgoing <> 0) AND (kept <> 0 OR state NOT IN (1, 5, 7, 8))"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM transfer WHERE message IN"
    " (SELECT number FROM message WHERE outgoing <> 0) AND kept = 0"
    " AND (state NOT IN (5, 6, 7, 8) OR (state = 6 AND error <> 'not-found'))"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM setting WHERE key LIKE 'files%'"), ==, 0);
  g_assert_true (kith_database_close (database, NULL));
}

/* However many wait, each gets its number in time. */
static void
test_many_waiting (Fixture *self, gconstpointer data)
{
  const guint n = 30000;
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  Forgery forgery = forge (self);
  g_autoptr (KithStore) store = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  put_profile (&forgery, 32);
  put_conversation (&forgery);
  for (guint i = 1; i <= n; i++)
    put_message (&forgery, 7 * i, i, SQLITE_TEXT, "text", 4);
  put_end (&forgery);
  import (self, &error);
  g_assert_no_error (error);

  store = kith_store_open (path, key, &error);
  g_assert_no_error (error);
  snapshot = kith_test_load (store);
  g_assert_cmpuint (snapshot->outbox->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (((KithStoreMessage *) g_ptr_array_index (snapshot->outbox, i))->seq, ==, i + 1);
  kith_test_close (store);
}

/* --- Restoring ------------------------------------------------------------------------------- */

/* What has arrived keeps no number, what waits is counted from one, and so is what follows. */
static void
test_numbers (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (KithStore) store = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreContact row = { .next_seq = 7, .received_seq = 5, .read_seq = 4, .received_device = { 1 } };
  const KithStoreContact *contact;

  kith_test_identity (2, row.identity);
  kith_store_batch_put_contact (batch, &row);
  for (guint i = 1; i <= 6; i++)
    {
      KithStoreMessage message = kith_test_message (2, i, TRUE, "text");

      message.delivered_ms = i % 2;
      kith_store_batch_add_message (batch, &message);
    }
  kith_test_must_commit (self->store, batch);
  kith_store_export_async (self->store, self->file, self->secret, NULL, NULL, NULL,
                           kith_test_result_cb, &exported);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&exported), NULL, NULL));
  import (self, &error);
  g_assert_no_error (error);

  store = kith_store_open (path, key, &error);
  g_assert_no_error (error);
  snapshot = kith_test_load (store);
  contact = g_ptr_array_index (snapshot->contacts, 0);
  g_assert_cmpuint (contact->next_seq, ==, 4);
  g_assert_cmpuint (contact->received_seq, ==, 0);
  g_assert_cmpuint (contact->read_seq, ==, 0);
  g_assert_cmpuint (contact->received_device[0], ==, 0);
  for (guint i = 0, expected = 1; i < snapshot->outbox->len; i++)
    {
      const KithStoreMessage *message = g_ptr_array_index (snapshot->outbox, i);

      if (message->identity[0] == 2)
        g_assert_cmpuint (message->seq, ==, expected++);
    }
  g_assert_cmpstr (g_hash_table_lookup (snapshot->settings, KITH_BACKUP_RESTORED), ==, "1");
  kith_test_close (store);
}

/* --- While the profile is used --------------------------------------------------------------- */

#define GROUPS 100

static KithStoreGroupAct *
group_act (KithStoreGroupActKind what, guint8 group)
{
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];

  kith_test_identity (group, gid);
  return kith_store_group_act_new (what, gid);
}

static void
add_group (KithStoreBatch *batch, guint8 group)
{
  KithStoreGroupAct *act = group_act (KITH_STORE_GROUP_PUT, group);

  act->group = g_new0 (KithStoreGroup, 1);
  memcpy (act->group->gid, act->gid, sizeof act->gid);
  act->group->name = g_strdup ("Ace");
  act->group->topic = g_strdup ("");
  kith_store_batch_group (batch, act);
}

static void
add_entry (KithStoreBatch *batch, guint8 group, guint64 seq, const char *what)
{
  KithStoreGroupAct *act = group_act (KITH_STORE_GROUP_PUT_ENTRY, group);

  act->entry = g_new0 (KithStoreGroupEntry, 1);
  act->entry->seq = act->seq = seq;
  act->entry->header[0] = (guint8) *what; /* which content belongs to it */
  act->entry->has_content = TRUE;
  act->entry->content = g_bytes_new (what, strlen (what));
  kith_store_batch_group (batch, act);
}

/* On the store thread or a worker. */
static void
progress_cb (double fraction, gpointer user_data)
{
  double *last = user_data;

  g_assert_cmpfloat (fraction, >=, *last);
  *last = fraction;
}

/* The key takes as long as Argon2id takes: what comes meanwhile does not wait for it. */
static void
test_key_is_made_elsewhere (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) secret = kith_test_secret (1);
  KithDatabase *database;
  double last = 0;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, self->file, self->secret, progress_cb, &last, NULL,
                           kith_test_result_cb, &result);
  kith_test_add (self->store, 1, MESSAGES + 1, MESSAGES + 7, TRUE);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (last, >=, 0.8);
  import (self, &error);
  g_assert_no_error (error);
  database = kith_database_open (path, secret, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (database, "SELECT count (*) FROM message"), ==, MESSAGES + 7);
  g_assert_true (kith_database_close (database, NULL));
}

typedef struct
{
  KithStore      *store;
  KithStoreBatch *batch;
  gboolean        is_begun;
  GAsyncResult   *committed; /* (owned) (nullable) */
} Meanwhile;

/* On the store thread, after the first slice: it goes on with the next one after this. */
static void
meanwhile_cb (double fraction, gpointer user_data)
{
  Meanwhile *self = user_data;

  if (!self->is_begun)
    kith_store_commit_async (self->store, kith_store_batch_ref (self->batch), NULL, kith_test_result_cb, &self->committed);
  self->is_begun = TRUE;
}

/* What is written while a backup is made does not spoil it: numbers of groups and entries that went are
 * given to others. */
static void
test_used_meanwhile (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStoreBatch) before = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) meanwhile = kith_store_batch_new ();
  Meanwhile change = { .store = self->store, .batch = meanwhile };
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreGroupAct *forget;
  KithDatabase *database;

  for (guint8 i = 0; i < 3; i++)
    add_group (before, GROUPS + i);
  for (guint64 seq = 1; seq <= 4; seq++)
    add_entry (before, GROUPS, seq, "old");
  add_entry (before, GROUPS + 2, 1, "old");
  add_entry (before, GROUPS, 5, "old");
  kith_test_must_commit (self->store, before);

  /* The last group goes, and another has its number; so with the last entries. */
  kith_store_batch_group (meanwhile, group_act (KITH_STORE_GROUP_DELETE, GROUPS + 2));
  add_group (meanwhile, GROUPS + 3);
  forget = group_act (KITH_STORE_GROUP_FORGET, GROUPS);
  forget->seq = 3;
  kith_store_batch_group (meanwhile, forget);
  add_entry (meanwhile, GROUPS + 3, 1, "new");
  add_entry (meanwhile, GROUPS, 3, "new");
  kith_store_export_async (self->store, self->file, self->secret, meanwhile_cb, &change, NULL,
                           kith_test_result_cb, &exported);
  g_assert_true (kith_store_commit_finish (self->store, kith_test_await (&change.committed), NULL));
  g_clear_object (&change.committed);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&exported), NULL, &error));
  g_assert_no_error (error);
  import (self, &error);
  g_assert_no_error (error);

  database = kith_database_open (path, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (database, "SELECT count (*) FROM chat_group"), ==, 3);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_entry WHERE chat_group <>"
                                    " (SELECT min (number) FROM chat_group)"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_entry"), ==, 3);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_entry e"
                                    " JOIN group_content c ON c.entry = e.number"
                                    " WHERE substr (e.header, 1, 1) = substr (c.content, 1, 1)"), ==, 3);
  g_assert_true (kith_database_close (database, NULL));
}

/* Of a log that was grafted while the backup was made, an entry may be there twice: one of them counts. */
static void
test_twice (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  char zeros[KITH_STORE_GROUP_HEADER_BYTES] = { 0 };
  Forgery forgery = forge (self);
  KithDatabase *database;

  put_profile (&forgery, 32);
  put_table (&forgery, "chat_group", "number gid membership created_ms name topic topic_hlc tokens"
                                     " mentions_only restored");
  put_byte (&forgery, 'R');
  put_int (&forgery, 1);
  put_bytes (&forgery, SQLITE_BLOB, zeros, 32);
  put_int (&forgery, 0);
  put_int (&forgery, 0);
  put_bytes (&forgery, SQLITE_TEXT, "Ace", 3);
  put_bytes (&forgery, SQLITE_TEXT, "", 0);
  put_int (&forgery, 0);
  put_bytes (&forgery, SQLITE_BLOB, "", 0);
  put_int (&forgery, 0);
  put_int (&forgery, 0);
  put_table (&forgery, "group_entry", "number chat_group author seq header redacted");
  for (gint64 number = 1; number <= 3; number++)
    {
      put_byte (&forgery, 'R');
      put_int (&forgery, number);
      put_int (&forgery, number == 3 ? 7 : 1); /* of a group that is not in the backup */
      put_bytes (&forgery, SQLITE_BLOB, zeros, 32);
      put_int (&forgery, 1);
      put_bytes (&forgery, SQLITE_BLOB, zeros, sizeof zeros);
      put_int (&forgery, 0);
    }
  put_table (&forgery, "group_content", "entry signature");
  for (gint64 number = 1; number <= 3; number++)
    {
      put_byte (&forgery, 'R');
      put_int (&forgery, number);
      put_bytes (&forgery, SQLITE_BLOB, zeros, 64);
    }
  put_end (&forgery);
  import (self, &error);
  g_assert_no_error (error);

  database = kith_database_open (path, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_entry"), ==, 1);
  g_assert_cmpint (count (database, "SELECT entry FROM group_content"), ==, 1);
  g_assert_true (kith_database_close (database, NULL));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/store-backup/" name, Fixture, NULL, set_up, func, tear_down)
#define ADD_NAMED(name, func)                                                                      \
  g_test_add ("/store-backup/with-a-name/" name, Fixture, "refused", set_up, func, tear_down)
  ADD_NAMED ("cancel-leaves-the-older", test_cancel_leaves_the_older);
  ADD_NAMED ("cancel-leaves-nothing", test_cancel_leaves_nothing);
  ADD_NAMED ("close-leaves-the-older", test_close_leaves_the_older);
  ADD ("key-is-made-elsewhere", test_key_is_made_elsewhere);
  ADD ("cancel-leaves-the-older", test_cancel_leaves_the_older);
  ADD ("cancel-leaves-nothing", test_cancel_leaves_nothing);
  ADD ("close-leaves-the-older", test_close_leaves_the_older);
  ADD ("forged-keys", test_forged_keys);
  ADD ("forged-numbers", test_forged_numbers);
  ADD ("forged-text", test_forged_text);
  ADD ("forged-names", test_forged_names);
  ADD ("many-waiting", test_many_waiting);
  ADD ("numbers", test_numbers);
  ADD ("forged-places", test_forged_places);
  ADD ("used-meanwhile", test_used_meanwhile);
  ADD ("twice", test_twice);
  return g_test_run ();
}
