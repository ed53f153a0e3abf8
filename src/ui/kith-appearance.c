/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-appearance.h"

#include <adwaita.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-computer-settings.h"

#define TEXT_SIZE_MIN_PERCENT 50
#define TEXT_SIZE_MAX_PERCENT 300

static void
apply_colours (const char *colours)
{
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_strcmp0 (colours, "light") == 0)
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_strcmp0 (colours, "dark") == 0)
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

/* The resolution of fonts is what desktops make text larger with: all of it grows, and the room for it. */
static void
apply_text_size (int percent)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi = 0;

  if (settings == NULL)
    return;

  gtk_settings_reset_property (settings, "gtk-xft-dpi");
  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  if (percent != 100 && dpi > 0)
    g_object_set (settings, "gtk-xft-dpi", (int) ((gint64) dpi * percent / 100), NULL);
}

/**
 * kith_appearance_begin:
 *
 * Before a profile is open: as it was the last time on this computer.
 */
void
kith_appearance_begin (void)
{
  g_autofree char *colours = kith_computer_settings_dup_colours ();

  apply_colours (colours);
  apply_text_size (kith_computer_settings_get_text_size ());
}

/**
 * kith_appearance_apply:
 * @node: whose wishes these are
 *
 * To be called when a profile is opened, and when one of the settings has changed.
 */
void
kith_appearance_apply (KithNode *node)
{
  const char *colours = kith_node_get_setting (node, KITH_SETTING_COLOURS);
  int percent = CLAMP (kith_node_get_setting_int (node, KITH_SETTING_TEXT_SIZE), TEXT_SIZE_MIN_PERCENT,
                       TEXT_SIZE_MAX_PERCENT);

  apply_colours (colours);
  apply_text_size (percent);
  kith_computer_settings_keep_look (colours, percent);
}
