/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-database.h"

G_BEGIN_DECLS

/**
 * KithGeneration:
 *
 * How often a database was opened and closed, in itself and, sealed, in a file beside it: DATABASE-generation. An older
 * copy of the database that is put back cannot be told from inside of it, but it has a lower number than the file. That is
 * advice and no protection: whoever puts back, or removes, both is not noticed. No file, or one of another key, says
 * nothing. The store thread, or one that has the database to itself; waits for the disk.
 */
typedef struct _KithGeneration KithGeneration;

/* Settings of the database: its number; and, from when it was found to be older until somebody was told, that it is.
 * A backup does not bring them along. */
#define KITH_GENERATION "generation"
#define KITH_GENERATION_OLDER "older-copy"

/* @database: the path of one that is opened with @key. (transfer full) */
KithGeneration *kith_generation_new   (const char     *database,
                                       KithSecret     *key);
void            kith_generation_free  (KithGeneration *self);
/* Raises it. The file follows when the database is safe on the disk, so that it is never ahead of that, whenever the
 * program is killed. A database that is behind the file becomes a new installation (kith_store_begin_anew()), and gets the
 * setting above. What fails is tried again the next time. */
void            kith_generation_raise (KithGeneration *self,
                                       KithDatabase   *database);
/* The same, when the last time was an hour ago. */
void            kith_generation_raise_now_and_then (KithGeneration *self,
                                                    KithDatabase   *database);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGeneration, kith_generation_free)

G_END_DECLS
