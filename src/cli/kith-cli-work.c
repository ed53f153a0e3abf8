/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that take their time: who wants them to end says "cancel-command", or presses Ctrl+C. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-work.h"

#include "base/kith-error.h"
#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-handlers.h"

static void
app_ends_cb (GCancellable *app, GCancellable *ours)
{
  g_cancellable_cancel (ours);
}

KithCliWork *
kith_cli_work_new (KithCliCall *call, const char *what)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  KithCliWork *self = g_new0 (KithCliWork, 1);

  self->call = call;
  self->progress = (KithCliProgress){ .app = app, .what = what };
  self->cancellable = g_cancellable_new ();
  self->app_id = g_cancellable_connect (kith_cli_app_get_cancellable (app), G_CALLBACK (app_ends_cb),
                                        g_object_ref (self->cancellable), g_object_unref);
  self->cancels = g_ptr_array_new ();
  g_ptr_array_add (app->works, self);
  return self;
}

static void
answer_cancel (KithCliCall *cancel, gboolean was_cancelled)
{
  g_autoptr (GError) error = NULL;

  if (was_cancelled)
    {
      kith_cli_call_reply (cancel, NULL);
      return;
    }

  error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "It ended before");
  kith_cli_call_fail (cancel, error, "It had ended by then: see its own reply");
}

void
kith_cli_work_end (KithCliWork *self, JsonObject *reply, const GError *error, const char *words)
{
  KithCliApp *app = kith_cli_call_get_app (self->call);
  gboolean was_cancelled = error != NULL && kith_error_code_from_gerror (error) == KITH_ERROR_CANCELLED;

  g_ptr_array_remove (app->works, self);
  g_cancellable_disconnect (kith_cli_app_get_cancellable (app), self->app_id);
  if (error == NULL)
    kith_cli_call_reply (self->call, reply);
  else
    kith_cli_call_fail (self->call, error, words);
  for (guint i = 0; i < self->cancels->len; i++)
    answer_cancel (g_ptr_array_index (self->cancels, i), was_cancelled);

  g_ptr_array_unref (self->cancels);
  g_object_unref (self->cancellable);
  g_free (self);
}

gboolean
kith_cli_app_cancel_works (KithCliApp *app)
{
  gboolean is_new = FALSE;

  for (guint i = app->works->len; i > 0; i--)
    {
      KithCliWork *work = g_ptr_array_index (app->works, i - 1);

      is_new |= !g_cancellable_is_cancelled (work->cancellable);
      g_cancellable_cancel (work->cancellable);
    }

  return is_new;
}

/* (nullable): the command that a call means, or, where it names none, the one that began last */
static KithCliWork *
find_work (KithCliApp *app, KithCliCall *call)
{
  for (guint i = app->works->len; i > 0; i--)
    {
      KithCliWork *work = g_ptr_array_index (app->works, i - 1);

      if (kith_cli_call_means (call, "command", work->call))
        return work;
    }

  return NULL;
}

/* It is answered when the other one is. */
void
kith_cli_handle_cancel_command (KithCliCall *call)
{
  KithCliWork *work = find_work (kith_cli_call_get_app (call), call);
  g_autoptr (GError) error = NULL;

  if (work != NULL)
    {
      g_ptr_array_add (work->cancels, call);
      g_cancellable_cancel (work->cancellable);
      return;
    }

  error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "Nothing of that kind is under way");
  kith_cli_call_fail (call, error, "No command is under way that could be cancelled, or not that one");
}
