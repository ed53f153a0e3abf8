/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

void kith_property_set_text (gpointer     object,
                             char       **field,
                             const char  *text,
                             GParamSpec  *property);
void kith_property_set_flag (gpointer     object,
                             gboolean    *field,
                             gboolean     flag,
                             GParamSpec  *property);

G_END_DECLS
