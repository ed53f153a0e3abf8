/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_SPELLING (kith_spelling_get_type ())
G_DECLARE_FINAL_TYPE (KithSpelling, kith_spelling, KITH, SPELLING, GObject)

/* Underlines what is misspelt in a text, once who writes it pauses, and offers in the text's menu what may
 * be meant. Nothing happens where no dictionary of the user's language is installed. */

KithSpelling *kith_spelling_new      (GtkTextView  *view);
void          kith_spelling_set_node (KithSpelling *self,
                                      KithNode     *node);
void          kith_spelling_know     (KithSpelling *self,
                                      const char   *names);

G_END_DECLS
