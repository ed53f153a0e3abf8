/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-error.h"

G_BEGIN_DECLS

/* Answers @task with an error. @message: shown to the user */
void kith_task_refuse          (GTask        *task,
                                KithError     code,
                                const char   *message);
/* The same, and lets go of it. @task: (transfer full) */
void kith_task_take_and_refuse (GTask        *task,
                                KithError     code,
                                const char   *message);

/* Callbacks of an inner task, whose user data is the task that waits for it: (transfer full). The error
 * of the inner one is handed on. */

/* The inner one gives an object that nobody wants; the outer one gets TRUE. */
void kith_task_hand_on_done_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data);
/* The inner one gives TRUE; the outer one gets the object that is its task data. */
void kith_task_hand_on_data_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data);

G_END_DECLS
