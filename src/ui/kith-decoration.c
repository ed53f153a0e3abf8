/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-decoration.h"

/**
 * kith_decoration_new:
 * @icon_name: (nullable): of a symbolic icon
 *
 * Returns: (transfer floating): an image
 */
GtkWidget *
kith_decoration_new (const char *icon_name)
{
  return g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                       GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}
