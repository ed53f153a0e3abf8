/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void kith_text_side_follow (GtkTextView *view);

G_END_DECLS
