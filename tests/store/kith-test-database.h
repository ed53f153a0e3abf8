/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "store/kith-cipher-vfs.h"
#include "store/kith-page-cipher.h"

G_BEGIN_DECLS

/* An encrypted database of messages with a word index, opened as the store opens its own. Each
 * message follows from its number, so that what is read can be told from what was written. */
typedef struct
{
  char          *path;
  char          *wal_path;
  char          *base;    /* (nullable): the VFS below */
  guint8         key;     /* which keys: 1 unless told otherwise */
  KithCipherVfs *vfs;     /* of the latest opening */
  sqlite3       *db;      /* NULL while closed */
} KithTestDatabase;

/* A folder of its own, and all in it goes with it. */
char             *kith_test_folder_new       (void);
void              kith_test_folder_free      (char             *folder);

KithTestDatabase *kith_test_database_new     (const char       *folder,
                                              const char       *name,
                                              const char       *base);
void              kith_test_database_free    (KithTestDatabase *self);
int               kith_test_database_try_open (KithTestDatabase *self);
void              kith_test_database_open    (KithTestDatabase *self);
void              kith_test_database_close   (KithTestDatabase *self);
/* Closes without a checkpoint: the log stays. */
void              kith_test_database_abandon (KithTestDatabase *self);
/* The files as they are now: what a crash would leave. */
void              kith_test_database_copy    (KithTestDatabase *self,
                                              KithTestDatabase *to);

/* To look into its files. */
void              kith_test_database_init_cipher (KithTestDatabase *self,
                                              KithPageCipher   *cipher);

int               kith_test_try              (sqlite3          *db,
                                              const char       *sql);
void              kith_test_exec             (sqlite3          *db,
                                              const char       *sql);
gint64            kith_test_get_int          (sqlite3          *db,
                                              const char       *sql);

void              kith_test_create_schema    (sqlite3          *db);
/* In one transaction. Returns: the number of the last message */
gint64            kith_test_add_messages     (sqlite3          *db,
                                              guint             n);
int               kith_test_try_add_messages (sqlite3          *db,
                                              guint             n);
gint64            kith_test_count            (sqlite3          *db);
/* Looks at everything. Returns: (transfer full) (nullable): what is wrong, NULL when all is well */
char             *kith_test_find_fault       (sqlite3          *db,
                                              gint64            acknowledged);

/* "message 7 is wrong" or "reading messages: ..." */
char             *kith_test_find_wrong_message (sqlite3        *db);

GByteArray       *kith_test_read_file        (const char       *path);
void              kith_test_write_file       (const char       *path,
                                              GByteArray       *bytes);

/* Whether tests may take their time. */
gboolean          kith_test_is_long          (void);

typedef char KithTestFolder;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithTestFolder, kith_test_folder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithTestDatabase, kith_test_database_free)

G_END_DECLS
