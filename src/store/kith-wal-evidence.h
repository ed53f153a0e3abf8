/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "store/kith-page-cipher.h"

G_BEGIN_DECLS

/* What SQLite's write-ahead log looks like on the disk, and what its frames say of each other: for
 * kith-cipher-wal.c, which has to know where a log ends and where it was damaged. */

#define KITH_WAL_HEADER_BYTES 32
#define KITH_WAL_SALTS_OFFSET 16
#define KITH_WAL_SALTS_BYTES 8

gboolean kith_wal_is_header       (const guint8    header[KITH_WAL_HEADER_BYTES]);
void     kith_wal_begin_anew      (guint8          header[KITH_WAL_HEADER_BYTES]);
gboolean kith_wal_frame_has_salts (const guint8    frame[KITH_FRAME_BYTES],
                                   const guint8    salts[KITH_WAL_SALTS_BYTES]);
gboolean kith_wal_frame_is_commit (const guint8    header[KITH_FRAME_HEADER_BYTES]);
gint64   kith_wal_frame_number    (gint64          offset);
gboolean kith_wal_fits            (sqlite3_file   *wal,
                                   KithPageCipher *cipher);
gboolean kith_wal_was_safe        (sqlite3_file   *wal,
                                   KithPageCipher *cipher,
                                   gint64          number,
                                   const guint8   *salts);

G_END_DECLS
