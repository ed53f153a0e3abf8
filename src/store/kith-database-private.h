/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-cipher-vfs.h"
#include "store/kith-database.h"

G_BEGIN_DECLS

struct _KithDatabase
{
  sqlite3       *handle;
  KithCipherVfs *vfs;        /* (owned) (nullable): NULL in memory */
  KithSecret    *key;        /* (owned) (nullable) */
  GHashTable    *statements; /* (owned): address of the SQL -> sqlite3_stmt */
  char          *path;       /* (owned) (nullable) */
  char          *base_vfs;   /* (owned) (nullable) */
};

G_END_DECLS
