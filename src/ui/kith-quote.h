/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_QUOTE (kith_quote_get_type ())
G_DECLARE_FINAL_TYPE (KithQuote, kith_quote, KITH, QUOTE, GtkButton)

/* The beginning of a message that another one answers. A click leads to it. */

void kith_quote_set_answer  (KithQuote   *self,
                             KithMessage *message);
void kith_quote_set_message (KithQuote   *self,
                             KithMessage *message);
char *kith_quote_dup_words  (KithMessage *message);

G_END_DECLS
