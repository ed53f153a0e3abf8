/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The rows of a page of preferences: which have certain words, when that may be others, and the way to one. */

void kith_preferences_search_find   (AdwPreferencesPage *page,
                                     const char         *text,
                                     GPtrArray          *found);
void kith_preferences_search_follow (AdwPreferencesPage *page,
                                     GCallback           changed,
                                     gpointer            object);
void kith_preferences_search_show   (GtkWidget          *row);

G_END_DECLS
