/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a screen reader says at once, wherever the user is in the window. */

void kith_announce       (GtkWidget  *widget,
                          const char *words);
void kith_announce_label (GtkLabel   *label,
                          const char *words);
void kith_announce_label_once (GtkLabel *label, const char *words);

G_END_DECLS
