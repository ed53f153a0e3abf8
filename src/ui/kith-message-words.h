/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-message.h"

G_BEGIN_DECLS

/* A message as a screen reader says it. */

char *kith_message_words_dup_row  (KithMessage *message);
char *kith_message_words_dup_news (KithMessage *message);

G_END_DECLS
