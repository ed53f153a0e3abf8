/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is typed at the terminal, read without waiting for it. */

int kith_cli_keys_open  (void);
int kith_cli_keys_await (int fd);

G_END_DECLS
