/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-secret.h"

G_BEGIN_DECLS

/**
 * KithCipherVfs:
 *
 * A layer between SQLite and the disk that encrypts every page of one database and every frame of
 * its write-ahead log (kith-page-cipher.h). Made for one database with one connection, in WAL mode
 * and exclusive locking mode; every other kind of file is refused, so that nothing is ever written
 * in clear. What is not authentic is an error to SQLite and never data.
 */
typedef struct _KithCipherVfs KithCipherVfs;

/* @base: the SQLite VFS below, NULL = the system's. NULL when there is no such one. */
KithCipherVfs *kith_cipher_vfs_new        (KithSecret          *page_key,
                                           KithSecret          *frame_key,
                                           const char          *base);
/* Before a database is opened with it: nothing is ever written or locked, a damaged first page is made anew, and a damaged
 * log is used up to the damage. @model: a new database with the same schema, in clear; @is_schema_lost: the first page is
 * made anew in any case. */
void           kith_cipher_vfs_rescue     (KithCipherVfs       *self,
                                           GBytes              *model,
                                           gboolean             is_schema_lost);
/* Whether something that was in the log is left out. */
gboolean       kith_cipher_vfs_is_log_cut (KithCipherVfs       *self);
/* Every connection that uses it has to be closed. */
void           kith_cipher_vfs_free       (KithCipherVfs       *self);
/* For sqlite3_open_v2(). */
const char    *kith_cipher_vfs_get_name   (KithCipherVfs       *self);
/* Whether something was met that no power cut explains: from then on nothing is written. */
gboolean       kith_cipher_vfs_is_damaged (KithCipherVfs       *self);
/* Whether the disk did not do what it was asked to, a full one aside. */
gboolean       kith_cipher_vfs_has_failed (KithCipherVfs       *self);
/* Whether the keys do not belong to the file that was last opened. */
gboolean       kith_cipher_vfs_is_wrong_key (KithCipherVfs     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithCipherVfs, kith_cipher_vfs_free)

G_END_DECLS
