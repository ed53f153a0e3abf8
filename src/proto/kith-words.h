/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KITH_WORD_BITS 11
#define KITH_WORDS (1 << KITH_WORD_BITS)

const char *kith_words_get (guint bits);

G_END_DECLS
