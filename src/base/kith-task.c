/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said again and again of tasks that wait for other tasks. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-task.h"

void
kith_task_refuse (GTask *task, KithError code, const char *message)
{
  g_task_return_new_error (task, KITH_ERROR, (gint) code, "%s", message);
}

void
kith_task_take_and_refuse (GTask *task, KithError code, const char *message)
{
  kith_task_refuse (task, code, message);
  g_object_unref (task);
}

void
kith_task_hand_on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  G_GNUC_UNUSED g_autoptr (GObject) unwanted = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
kith_task_hand_on_data_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_pointer (task, g_object_ref (g_task_get_task_data (task)), g_object_unref);
  else
    g_task_return_error (task, error);
}
