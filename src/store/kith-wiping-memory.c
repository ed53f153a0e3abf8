/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-wiping-memory.h"

#include <string.h>

#include <sqlite3.h>

#include "base/kith-secret.h"

static sqlite3_mem_methods below; /* what SQLite would use by itself */

static void
wiping_free (void *memory)
{
  kith_secret_wipe (memory, (gsize) below.xSize (memory));
  below.xFree (memory);
}

/* One that the system moves would leave what was in it. */
static void *
wiping_realloc (void *memory, int n)
{
  int before = below.xSize (memory);
  void *moved;

  if (n <= before)
    return memory;

  moved = below.xMalloc (n);
  if (moved == NULL)
    return NULL;

  memcpy (moved, memory, (gsize) before);
  wiping_free (memory);
  return moved;
}

static gpointer
install (gpointer data)
{
  sqlite3_mem_methods methods;

  if (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &below) != SQLITE_OK)
    return NULL;

  methods = below;
  methods.xFree = wiping_free;
  methods.xRealloc = wiping_realloc;
  if (sqlite3_config (SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
    g_info ("Somebody else uses SQLite already: what it frees is not wiped");
  return NULL;
}

/**
 * kith_wiping_memory_install:
 *
 * From now on SQLite wipes what it frees: the pages of a database that is closed have gone from the memory. To be called
 * before anything else of SQLite; where a library was quicker, nothing is changed. Any thread; more than once is fine.
 */
void
kith_wiping_memory_install (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, install, NULL);
}
