/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is said after people were asked into a group. */

char *kith_group_words_dup_absent (GPtrArray *people);

G_END_DECLS
