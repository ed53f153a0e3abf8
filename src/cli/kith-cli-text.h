/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kith_cli_text_safe (const char *text);
char *kith_cli_text_time (gint64      time_ms);

G_END_DECLS
