/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-search-hit.h"

G_BEGIN_DECLS

/* A line of a message around what a search has found in it, to be shown in a list. */

char *kith_snippet_dup_plain (const char            *text,
                              const char            *snippet,
                              const KithSearchRange *ranges,
                              guint                  n_ranges,
                              KithSearchRange       *plain_ranges);

G_END_DECLS
