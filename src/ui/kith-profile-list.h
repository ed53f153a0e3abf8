/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_PROFILE_LIST (kith_profile_list_get_type ())
G_DECLARE_FINAL_TYPE (KithProfileList, kith_profile_list, KITH, PROFILE_LIST, AdwBin)

/* The profiles of this user, and the ways to another one.
 *
 * Signals: "chosen" (char *path, gboolean restore): open that one. */

void kith_profile_list_refresh (KithProfileList *self,
                                const char      *without,
                                const char      *current);

G_END_DECLS
