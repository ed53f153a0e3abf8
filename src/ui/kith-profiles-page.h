/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_PROFILES_PAGE (kith_profiles_page_get_type ())
G_DECLARE_FINAL_TYPE (KithProfilesPage, kith_profiles_page, KITH, PROFILES_PAGE, AdwBin)

/* Which profile to open.
 *
 * Signals: "chosen" (char *path, gboolean restore): open that one. "back" (): the user stays where they were. */

void kith_profiles_page_refresh (KithProfilesPage *self,
                                 const char       *current);
void kith_profiles_page_focus   (KithProfilesPage *self);

G_END_DECLS
