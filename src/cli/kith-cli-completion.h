/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

GPtrArray *kith_cli_complete (KithNode   *node,
                              const char *line,
                              gsize       start,
                              gsize       end);

G_END_DECLS
