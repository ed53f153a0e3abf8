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

/* --- Wrong passphrases ---------------------------------------------------------------------- */

/* How often in a row a wrong passphrase came, in a file so that a restart changes nothing. A
 * courtesy against the person at the keyboard (protocol 13): the file is not protected. */

/* Seconds until the next try. @now_s: unix time. A clock that was set back does not prolong it. */
guint            kith_attempts_get_pause_s (const char       *path,
                                            gint64            now_s);
/* How many tries are left before a pause. */
guint            kith_attempts_get_tries_left (const char    *path);
/* Returns: how many tries are left before a pause; 0 = it begins now */
guint            kith_attempts_add_wrong   (const char       *path,
                                            gint64            now_s);
void             kith_attempts_clear       (const char       *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithProfileLock, kith_profile_lock_release)

G_END_DECLS
