/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **kith_own_addresses_list (const char *bound_to);

G_END_DECLS
