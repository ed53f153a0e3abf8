/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kith_cli_qr_draw (const char *text,
                        guint       columns);

G_END_DECLS
