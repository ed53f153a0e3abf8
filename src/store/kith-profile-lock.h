/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A profile is open in one process at a time: a lock on a file of its folder, which the system lets
 * go when the process ends, however it ends. The file says who has it. */
typedef struct _KithProfileLock KithProfileLock;

/* Errors: PROFILE_IN_USE (the message names the process), PERMISSION, DISK, DISK_FULL. */
KithProfileLock *kith_profile_lock_take    (const char       *path,
                                            GError          **error);
gboolean         kith_profile_lock_is_at   (KithProfileLock  *self,
                                            const char       *path);
void             kith_profile_lock_release (KithProfileLock  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithProfileLock, kith_profile_lock_release)

G_END_DECLS
