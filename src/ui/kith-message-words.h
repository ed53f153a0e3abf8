/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-message.h"

G_BEGIN_DECLS

/* A message as a screen reader says it, as lists have it, and what is said of one that is too long. */

char *kith_message_words_dup_row      (KithMessage *message);
char *kith_message_words_dup_news     (KithMessage *message);
char *kith_message_words_dup_reaction (KithMessage *message,
                                       KithContact *who,
                                       const char  *emoji);
char *kith_message_words_dup_edit     (KithMessage *message,
                                       KithContact *who);
char *kith_message_words_dup_line     (KithMessage *message);
char *kith_message_words_dup_voice    (guint        duration_ms);
char *kith_message_words_dup_too_long (gsize        bytes);

G_END_DECLS
