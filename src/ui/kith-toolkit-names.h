/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the toolkit leaves without a name or a state for screen readers, in every window. */

void     kith_toolkit_names_complete         (GtkWidget *widget);
void     kith_toolkit_names_complete_windows (void);
gboolean kith_toolkit_names_describe         (GtkWidget *widget);

G_END_DECLS
