/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-database.h"

G_BEGIN_DECLS

/* Compares the search index, word by word, with one that is made anew of the messages that belong into
 * it. Returns: (transfer full) (nullable): what is wrong, NULL when nothing is */
char *kith_test_compare_index (KithDatabase *database);

G_END_DECLS
