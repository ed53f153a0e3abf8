/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a screen reader says for a row of a list. */

void kith_row_name_set (GtkWidget  *widget,
                        const char *name);

G_END_DECLS
