/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-database.h"

G_BEGIN_DECLS

/* What people see of others is brought into order when it comes over the network (protocol 12), and is not looked at
 * again. In a database that was made from a backup it is brought into order once more: names, requests, topics and
 * reactions, since whoever made the file may have put anything there. Errors: those of kith_database_exec(). */
gboolean kith_backup_clean (KithDatabase  *database,
                            GError       **error);

G_END_DECLS
