/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-env.h"

G_BEGIN_DECLS

/**
 * KithClockCheckFunc:
 * @identity: who said what time it is
 * @user_data: what it was given with
 *
 * Returns: whether that is a contact, whose word counts
 */
typedef gboolean (*KithClockCheckFunc) (const guint8 *identity,
                                        gpointer      user_data);

/**
 * KithClockCheck:
 *
 * Whether the clock of this machine is wrong, judged by what those said it is who shook hands with
 * us (protocol 7.8). One of them may lie, or have a wrong clock: the median of three counts. Main
 * thread.
 */
typedef struct _KithClockCheck KithClockCheck;

KithClockCheck *kith_clock_check_new              (const KithEnv      *env,
                                                   KithClockCheckFunc  is_contact,
                                                   gpointer            user_data);
void            kith_clock_check_free             (KithClockCheck     *self);
void            kith_clock_check_add              (KithClockCheck     *self,
                                                   const guint8       *identity,
                                                   guint64             time_s);
void            kith_clock_check_update           (KithClockCheck     *self);
gint64          kith_clock_check_get_correction_s (KithClockCheck     *self);
const KithEnv  *kith_clock_check_get_env          (KithClockCheck     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithClockCheck, kith_clock_check_free)

G_END_DECLS
