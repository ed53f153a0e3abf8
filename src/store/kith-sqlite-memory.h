/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Whether SQLite wipes the memory that it gives back, in this whole process. Any thread. Protocol 13. */
gboolean kith_sqlite_memory_is_wiped (void);

/* Has SQLite take its memory from @below, wiped, for tests: %NULL is SQLite's own. Only while SQLite is
 * shut down (sqlite3_shutdown()). Returns: %FALSE when it is not */
gboolean kith_sqlite_memory_take     (const sqlite3_mem_methods *below);

G_END_DECLS
