/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kith_sentence_isolate    (const char *text);
char *kith_sentence_make       (const char *format,
                                ...) G_GNUC_PRINTF (1, 2);
char *kith_sentence_dup_spoken (const char *sentence);

G_END_DECLS
