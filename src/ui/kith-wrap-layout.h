/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_WRAP_LAYOUT (kith_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (KithWrapLayout, kith_wrap_layout, KITH, WRAP_LAYOUT, GtkLayoutManager)

/* Lays out children one behind the other, as words in lines: as wide as the widest of them at least. */

GtkLayoutManager *kith_wrap_layout_new (int spacing);

G_END_DECLS
