/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup-clean.h"

#include "base/kith-text.h"

#define FLAGS (SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY)

/* A name of which nothing is left is none; where there has to be one, of the user it is a question mark. */
static const char clean[] =
  "UPDATE profile SET name = coalesce (kith_clean_name (name), '?') WHERE name IS NOT kith_clean_name (name);"
  "UPDATE contact SET name = kith_clean_name (name), alias = kith_clean_name (alias)"
  " WHERE name IS NOT kith_clean_name (name) OR alias IS NOT kith_clean_name (alias);"
  "UPDATE request SET name = coalesce (kith_clean_name (name), ''), text = kith_clean_request (text);"
  "UPDATE chat_group SET name = coalesce (kith_clean_name (name), ''), topic = kith_clean_request (topic);"
  "UPDATE message SET my_reaction = NULL WHERE my_reaction <> '' AND NOT kith_is_reaction (my_reaction);"
  "UPDATE message SET their_reaction = NULL"
  " WHERE their_reaction <> '' AND NOT kith_is_reaction (their_reaction);"
  "DELETE FROM group_reaction WHERE emoji <> '' AND NOT kith_is_reaction (emoji);";

/* @text: (transfer full) (nullable) */
static void
give (sqlite3_context *context, char *text)
{
  if (text != NULL)
    sqlite3_result_text (context, text, -1, g_free);
  else
    sqlite3_result_null (context);
}

static void
clean_name (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  give (context, text != NULL ? kith_text_sanitize_name (text) : NULL);
}

static void
clean_request (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  give (context, text != NULL ? kith_text_sanitize_request (text) : NULL);
}

static void
is_reaction (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  sqlite3_result_int (context, text != NULL && kith_text_is_reaction (text));
}

gboolean
kith_backup_clean (KithDatabase *database, GError **error)
{
  sqlite3 *handle = kith_database_get_handle (database);

  sqlite3_create_function (handle, "kith_clean_name", 1, FLAGS, NULL, clean_name, NULL, NULL);
  sqlite3_create_function (handle, "kith_clean_request", 1, FLAGS, NULL, clean_request, NULL, NULL);
  sqlite3_create_function (handle, "kith_is_reaction", 1, FLAGS, NULL, is_reaction, NULL, NULL);
  return kith_database_exec (database, clean, error);
}
