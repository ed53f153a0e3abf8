/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check-store FOLDER: opens a profile that has no passphrase and asks SQLite whether everything is in
 * order, the search index included. Prints "ok" or what is wrong. For tests that kill processes. */
#include "config.h"

#include <stdio.h>

#include "base/kith-init.h"
#include "kith-test-index.h"
#include "store/kith-database.h"
#include "store/kith-vault.h"

static int
complain (const GError *error)
{
  printf ("%s\n", error->message);
  return 1;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *vault = NULL;
  g_autofree char *path = NULL;
  g_autofree char *fault = NULL;
  g_autoptr (KithSecret) master = NULL;
  g_autoptr (KithSecret) key = NULL;
  KithDatabase *database;
  sqlite3_stmt *statement;

  if (argc != 2 || !kith_init ())
    return 2;

  vault = g_build_filename (argv[1], "vault", NULL);
  path = g_build_filename (argv[1], "kith.db", NULL);
  master = kith_vault_unlock (vault, NULL, &error);
  if (master == NULL)
    return complain (error);

  key = kith_vault_derive (master, "kith1 database");
  database = kith_database_open (path, key, &error);
  if (database == NULL)
    return complain (error);

  statement = kith_database_prepare (database, "PRAGMA integrity_check", &error);
  if (statement == NULL)
    return complain (error);

  while (kith_database_step (database, statement, &error))
    printf ("%s\n", (const char *) sqlite3_column_text (statement, 0));
  if (error != NULL)
    return complain (error);

  fault = kith_test_compare_index (database);
  if (fault != NULL)
    {
      printf ("%s\n", fault);
      return 1;
    }

  return kith_database_close (database, &error) ? 0 : complain (error);
}
