/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The heading of a part of a list, with a count behind it. */

GtkWidget *kith_list_heading_new (const char *words,
                                  guint       count);

G_END_DECLS
