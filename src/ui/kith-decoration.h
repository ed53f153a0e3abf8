/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A small picture that says nothing which does not stand beside it in words: screen readers pass it by. */

GtkWidget *kith_decoration_new (const char *icon_name);

G_END_DECLS
