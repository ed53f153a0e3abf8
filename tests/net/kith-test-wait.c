/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-wait.h"

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
test_net_step (gint64 deadline_us, const char *what, int line)
{
  gint64 left_us = deadline_us - g_get_monotonic_time ();
  g_autoptr (GSource) wake = NULL;

  if (left_us <= 0)
    g_error ("line %d: waited in vain for %s", line, what);

  wake = g_timeout_source_new ((guint) (left_us / 1000 + 1));
  g_source_set_callback (wake, wake_cb, NULL, NULL);
  g_source_attach (wake, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (wake);
}
