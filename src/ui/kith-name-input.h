/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names as people type them. */

gboolean kith_name_input_check (const char  *text,
                                const char **complaint);

G_END_DECLS
