/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "store/kith-cipher-vfs.h"
#include "store/kith-page-cipher.h"

G_BEGIN_DECLS

/* For the files of the encrypting VFS: kith-cipher-vfs.c has the database, the methods and opening,
 * kith-cipher-wal.c the log, kith-wal-evidence.c what a log says of itself, kith-cipher-rescue.c a first page that
 * cannot be read. Codes are SQLite's. */

#ifndef SQLITE_IOERR_DATA
#define SQLITE_IOERR_DATA (SQLITE_IOERR | (32 << 8))
#endif

struct _KithCipherVfs
{
  sqlite3_vfs    vfs; /* first: SQLite hands it back to us */
  sqlite3_vfs   *base;
  KithPageCipher cipher;
  char          *name;
  gboolean       is_damaged;
  gboolean       has_failed; /* the disk: after that SQLite may call damaged what it cannot read */
  gboolean       is_wrong_key;
  gboolean       is_to_rescue; /* nothing is written, and what can be read of a damaged file is */
  gboolean       is_log_cut;   /* then: what came behind some place of the log is left out */
  gboolean       is_like_model; /* then: pages of the schema are where they are in the model */
  GBytes        *model;        /* (owned) (nullable): then: a new database of the same version, in clear */
  guint8        *first_page;   /* (owned) (nullable): then: made anew */
};

/* The file of the VFS below follows it in memory. */
typedef struct
{
  sqlite3_file   file; /* first */
  KithCipherVfs *vfs;
  const char    *name; /* as SQLite gave it: valid while the file is open */
  gboolean       has_log; /* beside it, where it is to be rescued */
  gboolean       is_wal;
  guint8        *frame; /* (owned): room for one */
  gboolean       has_header; /* a frame's header waits for its page */
  gint64         header_offset;
  guint8         header[KITH_FRAME_HEADER_BYTES];
  guint32        committed_frames; /* written, not yet synced */
  gboolean       has_frames; /* written since it was opened: recovery is over */
} CipherFile;

/* The file of the VFS below. (transfer none) */
sqlite3_file *kith_cipher_file_below         (CipherFile   *self);
int           kith_cipher_file_read          (CipherFile   *self,
                                              void         *buffer,
                                              int           n,
                                              gint64        offset);
/* Writes nothing once damage was met. */
int           kith_cipher_file_write         (CipherFile   *self,
                                              const void   *buffer,
                                              int           n,
                                              gint64        offset);
int           kith_cipher_file_not_authentic (CipherFile   *self);

/* The log: its headers as they are, its pages decrypted and encrypted. As xRead and xWrite of SQLite. */
int           kith_cipher_wal_read           (CipherFile   *self,
                                              guint8       *buffer,
                                              int           n,
                                              gint64        offset);
int           kith_cipher_wal_write          (CipherFile   *self,
                                              const guint8 *buffer,
                                              int           n,
                                              gint64        offset);
/* Overwrites what a truncation gives back to the file system. */
void          kith_cipher_wal_wipe           (CipherFile   *self,
                                              gint64        size);
/* A header that waits is written. Fine for a file that is no log. */
int           kith_cipher_wal_flush          (CipherFile   *self);

G_END_DECLS
