/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_GENERAL_PAGE (kith_general_page_get_type ())
G_DECLARE_FINAL_TYPE (KithGeneralPage, kith_general_page, KITH, GENERAL_PAGE, AdwPreferencesPage)

/* The preferences of how Kith makes itself felt: what it notifies of, and whether it goes on without a
 * window.
 *
 * Signals:
 *  said (char *words)  something to be told in a toast */

void kith_general_page_set_node (KithGeneralPage *self,
                                 KithNode        *node,
                                 const char      *profile_path);

G_END_DECLS
