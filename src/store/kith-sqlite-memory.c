/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite's memory, of which nothing is left when it is given back.
 *
 * Pages, rows and bound values go through it, and with them the keys that are stored. When Kith locks, the
 * connection is closed and all of this is freed: here it is overwritten first. A block that grows or
 * shrinks is wiped where it was.
 *
 * SQLite takes such functions only before its first use in the process, and libraries of the toolkit may
 * use it as well (a file chooser that searches does). So this is done before main(), when only shared
 * libraries have run. Were one of them to use SQLite as it is loaded, there would be no safe way to change
 * the functions: then it stays as it is, and kith-database.c says so in the log. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-sqlite-memory.h"

#include <string.h>

#include "base/kith-secret.h"

static sqlite3_mem_methods below;
static gboolean is_wiped;

static void
wiping_free (void *block)
{
  kith_secret_wipe (block, (gsize) below.xSize (block));
  below.xFree (block);
}

/* realloc() might move the block and leave what was in it behind. */
static void *
wiping_realloc (void *block, int len_bytes)
{
  int old_bytes = below.xSize (block);
  void *moved;

  if (len_bytes <= old_bytes && len_bytes >= old_bytes / 2)
    return block;

  moved = below.xMalloc (len_bytes);
  if (moved == NULL)
    return len_bytes <= old_bytes ? block : NULL;

  memcpy (moved, block, (gsize) MIN (old_bytes, len_bytes));
  wiping_free (block);
  return moved;
}

gboolean
kith_sqlite_memory_take (const sqlite3_mem_methods *methods)
{
  static sqlite3_mem_methods own;
  sqlite3_mem_methods wiping;

  /* What SQLite has of its own is there to be asked for once: later it would be what was set here. */
  if (own.xMalloc == NULL && sqlite3_config (SQLITE_CONFIG_GETMALLOC, &own) != SQLITE_OK)
    return FALSE;

  wiping = methods != NULL ? *methods : own;
  wiping.xFree = wiping_free;
  wiping.xRealloc = wiping_realloc;
  if (sqlite3_config (SQLITE_CONFIG_MALLOC, &wiping) != SQLITE_OK)
    return FALSE;

  below = methods != NULL ? *methods : own;
  return TRUE;
}

__attribute__ ((constructor)) static void
begin (void)
{
  is_wiped = kith_sqlite_memory_take (NULL);
}

gboolean
kith_sqlite_memory_is_wiped (void)
{
  return is_wiped;
}
