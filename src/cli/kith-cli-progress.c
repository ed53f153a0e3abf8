/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-progress.h"

#include <unistd.h>

void
kith_cli_progress_cb (double fraction, gpointer user_data)
{
  KithCliProgress *self = user_data;
  guint tenths = (guint) (CLAMP (fraction, 0, 1) * 10);
  gboolean is_first = self->tenths == 0 && tenths < 10;
  JsonObject *event;

  kith_cli_app_went_on (self->app);
  if (tenths <= self->tenths)
    return;

  self->tenths = tenths;
  if (kith_cli_app_get_style (self->app) == KITH_CLI_JSON)
    {
      event = json_object_new ();
      json_object_set_string_member (event, "cmd", self->what);
      json_object_set_double_member (event, "fraction", tenths / 10.0);
      kith_cli_app_emit (self->app, "progress", event);
    }
  else if (isatty (STDERR_FILENO))
    {
      g_autofree char *words = g_strdup_printf ("%s: %u %%%s", self->what, tenths * 10,
                                                is_first ? " (Ctrl+C cancels it)" : "");

      kith_cli_app_complain (self->app, words);
    }
}
