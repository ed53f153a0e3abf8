/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What a notification is called outside of this process, and what that stands for in here. The desktop may
 * keep the name on the disk, with what a click is to open: it is a hash with a key that is in the vault, and
 * says nothing to whoever does not have the profile open. A later process with that profile has the same names,
 * so it can take back what one that was killed has left. Main thread. */

char       *kith_notification_name_dup       (KithNode   *node,
                                              const char *what);
void        kith_notification_name_remember  (const char *name,
                                              const char *own_id,
                                              const char *id,
                                              const char *message_id);
void        kith_notification_name_forget    (const char *own_id);
const char *kith_notification_name_get_owner (const char *name);
gboolean    kith_notification_name_find      (const char *name,
                                              KithNode   *node,
                                              char      **id,
                                              char      **message_id);

G_END_DECLS
