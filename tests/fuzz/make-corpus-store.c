/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies on the disk. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "make-corpus-more.h"
#include "store/kith-database.h"

static KithCorpusPut put;

static void
add_number (GByteArray *out, guint64 number, gsize len)
{
  guint64 big = GUINT64_TO_BE (number);

  g_byte_array_append (out, (const guint8 *) &big + sizeof big - len, (guint) len);
}

static void
add_name (GByteArray *out, const char *name)
{
  add_number (out, strlen (name), 1);
  g_byte_array_append (out, (const guint8 *) name, (guint) strlen (name));
}

/* Something of the type of a column: 1, "a" or 32 bytes. */
static void
add_value (GByteArray *out, const char *type)
{
  const guint8 blob[32] = { 1 };

  if (g_str_equal (type, "BLOB"))
    {
      add_number (out, SQLITE_BLOB, 1);
      add_number (out, sizeof blob, 4);
      g_byte_array_append (out, blob, sizeof blob);
    }
  else if (g_str_equal (type, "TEXT"))
    {
      add_number (out, SQLITE_TEXT, 1);
      add_number (out, 1, 4);
      g_byte_array_append (out, (const guint8 *) "a", 1);
    }
  else
    {
      add_number (out, SQLITE_INTEGER, 1);
      add_number (out, 1, 8);
    }
}

/* A table with one row: its head, then that. */
static void
add_table (GByteArray *out, KithDatabase *database, const char *table)
{
  sqlite3_stmt *statement;
  g_autoptr (GPtrArray) types = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GByteArray) names = g_byte_array_new ();

  sqlite3_prepare_v2 (kith_database_get_handle (database), "SELECT name, type FROM pragma_table_info (?)", -1,
                      &statement, NULL);
  sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      add_name (names, (const char *) sqlite3_column_text (statement, 0));
      g_ptr_array_add (types, g_strdup ((const char *) sqlite3_column_text (statement, 1)));
    }
  sqlite3_finalize (statement);
  add_number (out, 'T', 1);
  add_name (out, table);
  add_number (out, types->len, 2);
  g_byte_array_append (out, names->data, names->len);
  add_number (out, 'R', 1);
  for (guint i = 0; i < types->len; i++)
    add_value (out, types->pdata[i]);
}

/* Behind the profile, without which a backup is none. */
static void
put_backups (void)
{
  static const char *const tables[] = {
    "setting", "contact", "device", "request", "invite", "conversation", "broadcast", "broadcast_recipient",
    "act", "message", "transfer", "transfer_content", "chat_group", "group_op", "group_entry", "group_content",
    "group_edit", "group_reaction",
  };
  KithDatabase *database = kith_database_open (NULL, NULL, NULL);
  g_autoptr (GByteArray) all = g_byte_array_new ();

  if (database == NULL)
    g_error ("no database");

  add_number (all, 1, 1);
  add_number (all, kith_database_get_latest_version (), 4);
  add_table (all, database, "profile");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (GByteArray) one = g_byte_array_new ();

      g_byte_array_append (one, all->data, all->len);
      add_table (one, database, tables[i]);
      add_number (one, 'E', 1);
      put ("backup", tables[i], one->data, one->len);
    }
  add_number (all, 'E', 1);
  put ("backup", "profile", all->data, all->len);
  kith_database_close (database, NULL);
}

/* Seven bytes a change, as fuzz-database.c reads them. */
static void
put_databases (void)
{
  const guint8 flip[] = { 0, 0, 0, 1, 7, 3, 0, 0, 1, 0, 0, 40, 1, 0 };
  const guint8 cut[] = { 1, 1, 0, 0x30, 0, 0, 0 }, cut_page[] = { 1, 0, 0, 0x20, 0, 0, 0 };
  const guint8 pages[] = { 2, 0, 0, 0, 0, 1, 2 }, frames[] = { 3, 1, 0, 0, 0, 1, 2 };
  const guint8 head[] = { 4, 1, 0, 0, 0, 12, 9 }, salt[] = { 5, 1, 0, 0, 3, 9, 0 };
  const guint8 safe[] = { 6, 1, 0, 2, 0, 200, 0 }, header[] = { 6, 1, 0, 1, 1, 3, 77 };
  const guint8 page[] = { 6, 1, 0, 1, 2, 5, 77, 0, 1, 0, 0, 99, 4, 0 };

  put ("database", "flip", flip, sizeof flip);
  put ("database", "cut", cut, sizeof cut);
  put ("database", "cut-page", cut_page, sizeof cut_page);
  put ("database", "pages", pages, sizeof pages);
  put ("database", "frames", frames, sizeof frames);
  put ("database", "head", head, sizeof head);
  put ("database", "salt", salt, sizeof salt);
  put ("database", "safe", safe, sizeof safe);
  put ("database", "header", header, sizeof header);
  put ("database", "sealed-page", page, sizeof page);
  put ("database", "none", "", 0);
}

void
kith_corpus_put_disk (KithCorpusPut function)
{
  guint8 head[112] = "KITHBAK\0\1\1\0\0\0\0\0\3\0\0\0\0\x10\0\0\0";
  guint8 page[64] = "\0\1\2SQLite format 3";
  const guint8 flip[] = { 3, 1, 7, 2 };

  put = function;
  put ("backup", "head", head, sizeof head);
  memcpy (head, "KITHVLT", 7);
  put ("backup", "vault", head, sizeof head);
  put ("backup", "attempts", "\2" "2 1767225660\n", 14);
  put ("backup", "flip", flip, sizeof flip);
  put_backups ();
  put_databases ();
  put ("page", "first", page, sizeof page);
  page[0] = 0x10;
  put ("page", "tag", page, sizeof page);
}
