/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_PREFERENCES_PAGES (kith_preferences_pages_get_type ())
G_DECLARE_FINAL_TYPE (KithPreferencesPages, kith_preferences_pages, KITH, PREFERENCES_PAGES, AdwBin)

/* Pages of preferences, and a list of them beside or before them, which can be searched: seven names do not fit into
 * the tabs of a narrow window. In a template its children are AdwPreferencesPage, each with a name, a title and an
 * icon. */

void kith_preferences_pages_show (KithPreferencesPages *self,
                                  const char           *name);

G_END_DECLS
