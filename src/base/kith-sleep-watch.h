/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KithSleepWatch:
 *
 * Says when the computer goes to sleep, and makes it wait until what has to be done before is done. Main thread.
 */
typedef struct _KithSleepWatch KithSleepWatch;

/* @why: what it is that is done before, for those who ask who delays the sleep; @func: called before it sleeps, while
 * there is something to do. (transfer full) */
KithSleepWatch *kith_sleep_watch_new       (const char      *why,
                                            void           (*func) (gpointer user_data),
                                            gpointer         user_data);
void            kith_sleep_watch_free      (KithSleepWatch  *self);
/* Whether there is something to do. From %TRUE on the computer waits for %FALSE, or for the end of this process; not
 * for longer than it is set to. */
void            kith_sleep_watch_set_wanted (KithSleepWatch *self,
                                             gboolean        wanted);
/* Whether there is somebody who would tell of sleep. */
void            kith_sleep_watch_ask_system_async  (GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean        kith_sleep_watch_ask_system_finish (GAsyncResult        *result,
                                                    GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSleepWatch, kith_sleep_watch_free)

G_END_DECLS
