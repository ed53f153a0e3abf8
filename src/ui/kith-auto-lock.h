/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_AUTO_LOCK (kith_auto_lock_get_type ())
G_DECLARE_FINAL_TYPE (KithAutoLock, kith_auto_lock, KITH, AUTO_LOCK, GObject)

/* Says when the user has been away: nothing was typed or clicked in any window of ours for some
 * minutes, those counted in which the computer slept, or the computer goes to sleep. Who waits for something that
 * takes long, or records a voice message, is not away.
 *
 * Signals: "lock" (). */

KithAutoLock *kith_auto_lock_new            (void);
void          kith_auto_lock_set_minutes    (KithAutoLock *self,
                                             guint         minutes);
void          kith_auto_lock_set_idle_ms    (KithAutoLock *self,
                                             gint64        idle_ms);
void          kith_auto_lock_set_on_suspend (KithAutoLock *self,
                                             gboolean      on_suspend);
void          kith_auto_lock_begin          (KithAutoLock *self);
void          kith_auto_lock_done           (KithAutoLock *self);

G_END_DECLS
