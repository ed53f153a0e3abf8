/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A part of a text, in bytes. */
typedef struct
{
  guint start;
  guint end;
} KithSpelledWord;

/* Which words of a message can be looked up at all. */
GArray *kith_spelling_find_words (const char *text,
                                  const char *language);

G_END_DECLS
