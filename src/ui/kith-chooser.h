/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What files are chosen with. */

void kith_chooser_close (GtkFileChooserNative **chooser);

G_END_DECLS
