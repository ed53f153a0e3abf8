/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

char **kith_own_addresses_list (const char *bound_to);
gboolean kith_own_addresses_is_on_link (const KithEndpoint *endpoint);

G_END_DECLS
