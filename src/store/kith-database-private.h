/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>

#include "store/kith-cipher-vfs.h"
#include "store/kith-database.h"

G_BEGIN_DECLS

struct _KithDatabase
{
  sqlite3       *handle;
  KithCipherVfs *vfs;        /* (owned) (nullable): NULL in memory */
  KithSecret    *key;        /* (owned) (nullable) */
  GHashTable    *statements; /* (owned): address of the SQL -> sqlite3_stmt */
  gboolean       is_to_rescue; /* only read, as far as that goes */
  guint          version;      /* then: of its schema */
  gboolean       is_index_damaged; /* what SQLite complained about is in the search index */
  guint          n_mended;   /* how often that was made anew since it was opened */
  gboolean       must_empty_log; /* something was deleted that still stands in it */
  gboolean       must_drop_copies; /* the same, of the copies before a migration */
  gint64         copied_number;  /* the last message that they may have; -1 when they are to go */
  KithDatabaseMigrating migrating; /* (nullable): to be told of it */
  gpointer       migrating_data;
  char          *path;       /* (owned) (nullable) */
  struct stat    place;      /* of what was there when it was opened */
  char          *base_vfs;   /* (owned) (nullable) */
};

/* Deletes what was copied before the schema was made anew: something was deleted since, and the copies would only keep
 * that. */
void kith_database_drop_copies (KithDatabase *self);

/* Lets the next start do that, should this one not come to it: part of the transaction in which something is deleted. */
void kith_database_leave_no_copies (KithDatabase *self);

/* Makes a handle what a store works with, before anything is read through it. Also for the tests of the
 * layer below: what holds for the one then holds for the other. Returns: a result code of SQLite */
int kith_database_configure (sqlite3  *handle,
                             gboolean  is_encrypted);

G_END_DECLS
