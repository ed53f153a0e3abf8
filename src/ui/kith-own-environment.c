/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-own-environment.h"

#define N_MAX 16

typedef struct
{
  char *name;   /* (owned) */
  char *before; /* (owned) (nullable): what was there */
} Variable;

static Variable variables[N_MAX]; /* for good */
static guint n_variables;

static gboolean
is_known (const char *name)
{
  for (guint i = 0; i < n_variables; i++)
    if (g_str_equal (variables[i].name, name))
      return TRUE;

  return FALSE;
}

/**
 * kith_own_environment_set:
 * @name: a variable
 * @value: what it is for this process
 *
 * To be called while there is no other thread.
 */
void
kith_own_environment_set (const char *name, const char *value)
{
  g_return_if_fail (name != NULL && value != NULL);
  g_return_if_fail (is_known (name) || n_variables < N_MAX);

  if (!is_known (name))
    variables[n_variables++] = (Variable){ g_strdup (name), g_strdup (g_getenv (name)) };
  g_setenv (name, value, TRUE);
}

/**
 * kith_own_environment_keep_from:
 * @launcher: what starts another process
 *
 * That one does not get what was set.
 */
void
kith_own_environment_keep_from (GSubprocessLauncher *launcher)
{
  g_return_if_fail (G_IS_SUBPROCESS_LAUNCHER (launcher));

  for (guint i = 0; i < n_variables; i++)
    if (variables[i].before != NULL)
      g_subprocess_launcher_setenv (launcher, variables[i].name, variables[i].before, TRUE);
    else
      g_subprocess_launcher_unsetenv (launcher, variables[i].name);
}

/**
 * kith_own_environment_keep_from_app:
 * @context: with which an application is started
 *
 * That one does not get what was set.
 */
void
kith_own_environment_keep_from_app (GAppLaunchContext *context)
{
  g_return_if_fail (G_IS_APP_LAUNCH_CONTEXT (context));

  for (guint i = 0; i < n_variables; i++)
    if (variables[i].before != NULL)
      g_app_launch_context_setenv (context, variables[i].name, variables[i].before);
    else
      g_app_launch_context_unsetenv (context, variables[i].name);
}
