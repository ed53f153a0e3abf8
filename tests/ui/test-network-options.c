/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window whose options about the network cannot be kept to. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "kith-test-town.h"
#include "ui/kith-window-private.h"

static KithApplication *application;

/* Nobody is reached around the proxy that was asked for, and that is said until it was read. */
static void
test_bad_proxy (void)
{
  const KithNetworkOverride options = { .proxy = (char *) "nonsense" };
  Town town;
  KithWindow *window;

  town_init (&town);
  window = kith_application_add_window (application);
  kith_window_set_demo (window);
  kith_window_set_listen (window, "127.0.0.1", 0);
  kith_window_set_network_options (window, &options);
  kith_window_set_node (window, town.scene.node);
  kith_window_show_ready (window);
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (GTK_WIDGET (window->disk_bar)));
  g_assert_true (scene_has_label (GTK_WIDGET (window->disk_bar), "--proxy"));
  g_assert_cmpuint (window->toasts->len, ==, 0);
  g_assert_false (kith_node_get_listening (town.scene.node));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.dismiss-warning", NULL);
  g_assert_false (kith_notice_bar_is_shown (window->disk_bar));
  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  town_clear (&town);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;

  g_test_add_func ("/network-options/bad-proxy", test_bad_proxy);
  status = g_test_run ();
  g_clear_object (&application);

  return status;
}
