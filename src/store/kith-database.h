/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "base/kith-secret.h"

G_BEGIN_DECLS

/**
 * KithDatabase:
 *
 * One connection to SQLite as Kith uses it: encrypted, or in memory; with its schema up to date;
 * every commit safe on the disk when it returns. One thread at a time.
 */
typedef struct _KithDatabase KithDatabase;

/* (transfer full) (nullable): a database at @path (made when it is not there), or in memory when @path is NULL; @key: 32
 * bytes, from which those for pages and log come. Errors: DAMAGED, WRONG_VAULT (the key opens nothing of it),
 * NEWER_VERSION (all three leave the file as it is), DISK_FULL, DISK, PERMISSION, PROFILE_IN_USE. */
KithDatabase *kith_database_open        (const char    *path,
                                         KithSecret    *key,
                                         GError       **error);
/* Called when what was there before begins to be brought to the latest version, which takes long if it is big. */
typedef void (*KithDatabaseMigrating) (gpointer user_data);
/* (transfer full) (nullable): the same, with the same errors; @migrating: called in this thread */
KithDatabase *kith_database_open_told   (const char    *path,
                                         KithSecret    *key,
                                         KithDatabaseMigrating migrating,
                                         gpointer       user_data,
                                         GError       **error);
/* (transfer full) (nullable): the same, with the same errors, over another VFS of SQLite, and up to another version of the schema; for tests. */
KithDatabase *kith_database_open_full   (const char    *path,
                                         KithSecret    *key,
                                         const char    *base_vfs,
                                         guint          version,
                                         GError       **error);
/* (transfer full) (nullable): what is left of one that is there: it is only read, whatever is done with it, and need not be
 * whole, nor of the latest version: it stays of its own. Errors: DAMAGED (nothing can be read), WRONG_VAULT, NEWER_VERSION, DISK. */
KithDatabase *kith_database_open_to_rescue (const char *path,
                                         KithSecret    *key,
                                         GError       **error);
/* Of its schema: the latest, but for one that was opened so. */
guint         kith_database_get_version (KithDatabase  *self);
/* Whether it was opened so; and whether what was in its log then is left out, since that is damaged. */
gboolean      kith_database_is_to_rescue (KithDatabase *self);
gboolean      kith_database_is_log_cut  (KithDatabase  *self);
/* Empties the log into the file and closes. The file is in order also when this fails. Errors: those of
 * kith_database_checkpoint(). */
gboolean      kith_database_close       (KithDatabase  *self,
                                         GError       **error);

/* (transfer none): for what SQLite alone can do */
sqlite3      *kith_database_get_handle  (KithDatabase  *self);
/* Notes that what was deleted still stands in the log; the next checkpoint that succeeds settles it. */
void          kith_database_empty_log_soon (KithDatabase *self);
/* The same when a message was deleted or got another text, or all up to it: @number: of its row, 0 when there are
 * many. A copy from before a migration goes with the log if it may have that one. */
void          kith_database_forget_soon (KithDatabase *self,
                                         gint64        number);
gboolean      kith_database_must_empty_log (KithDatabase *self);
/* Empties the log, so that what was deleted is gone from it too. Errors: those of kith_database_set_error(). */
gboolean      kith_database_checkpoint  (KithDatabase  *self,
                                         GError       **error);

/* The schema. */
guint         kith_database_get_latest_version (void);
gboolean      kith_database_migrate     (KithDatabase  *self,
                                         guint          version,
                                         gboolean       keeps_copy,
                                         GError       **error);

/* One or several statements without parameters or results. */
gboolean      kith_database_exec        (KithDatabase  *self,
                                         const char    *sql,
                                         GError       **error);

/* A prepared statement, reset; @sql must be a literal. (transfer none) (nullable) */
sqlite3_stmt *kith_database_prepare     (KithDatabase  *self,
                                         const char    *sql,
                                         GError       **error);
/* Binds the parameters from the first on. @types, a character each: i gint64, t text (nullable),
 * b bytes and then their gsize (nullable), k KithSecret (nullable). The data must stay until the
 * statement is reset. */
void          kith_statement_bind       (sqlite3_stmt  *statement,
                                         const char    *types,
                                         ...);
/* A yes or no for "i". */
gint64        kith_statement_bool       (gboolean       value);
/* Prepares, binds and runs a statement without results. */
gboolean      kith_database_run         (KithDatabase  *self,
                                         GError       **error,
                                         const char    *sql,
                                         const char    *types,
                                         ...);
/* TRUE while there is a row. At the end, and after an error, the statement is reset. */
gboolean      kith_database_step        (KithDatabase  *self,
                                         sqlite3_stmt  *statement,
                                         GError       **error);
/* Whether the last statement that writes changed any row. */
gboolean      kith_database_had_changes (KithDatabase  *self);
/* The first column of the first row; @fallback when there is none. */
gint64        kith_database_get_int     (KithDatabase  *self,
                                         const char    *sql,
                                         gint64         fallback);
gboolean      kith_database_read_int    (KithDatabase  *self,
                                         const char    *sql,
                                         gint64        *value,
                                         GError       **error);
void          kith_database_set_error   (KithDatabase  *self,
                                         GError       **error);

/* Columns. bytes: FALSE when it is not @len bytes long. */
gboolean      kith_column_bytes         (sqlite3_stmt  *statement,
                                         int            column,
                                         guint8        *out,
                                         gsize          len);
/* Numbers that a database could only hold wrong where it was damaged: they are brought into range. */
guint         kith_column_uint          (sqlite3_stmt  *statement,
                                         int            column);
guint64       kith_column_uint64        (sqlite3_stmt  *statement,
                                         int            column);
gboolean      kith_column_bool          (sqlite3_stmt  *statement,
                                         int            column);
char         *kith_column_text          (sqlite3_stmt  *statement,
                                         int            column);
KithSecret   *kith_column_secret        (sqlite3_stmt  *statement,
                                         int            column);

G_END_DECLS
