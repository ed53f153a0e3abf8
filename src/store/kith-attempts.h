/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithAttempts:
 *
 * How often in a row a wrong passphrase came: in memory, where neither a full disk nor a clock that is set
 * changes it, and in a file, so that a restart does not either. A courtesy against the person at the keyboard
 * (protocol 13): the file is not protected. Any thread.
 */
typedef struct _KithAttempts KithAttempts;

/* The times of a call: unix time, and seconds of a clock that nobody sets and that goes on while the computer
 * sleeps. */
typedef struct
{
  gint64 unix_s;
  gint64 running_s;
} KithAttemptsTime;

/* What they are now. */
KithAttemptsTime kith_attempts_now            (void);

/* (transfer full) */
KithAttempts    *kith_attempts_new            (const char             *path);
KithAttempts    *kith_attempts_ref            (KithAttempts           *self);
void             kith_attempts_unref          (KithAttempts           *self);

/* Seconds until the next try. */
guint            kith_attempts_get_pause_s    (KithAttempts           *self,
                                               const KithAttemptsTime *now);
/* How many tries are left before a pause. */
guint            kith_attempts_get_tries_left (KithAttempts           *self,
                                               const KithAttemptsTime *now);
/* Waits for the disk. Returns: how many tries are left before a pause; 0 = it begins now */
guint            kith_attempts_add_wrong      (KithAttempts           *self,
                                               const KithAttemptsTime *now);
void             kith_attempts_clear          (KithAttempts           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithAttempts, kith_attempts_unref)

G_END_DECLS
