/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_PRIVACY_PAGE (kith_privacy_page_get_type ())
G_DECLARE_FINAL_TYPE (KithPrivacyPage, kith_privacy_page, KITH, PRIVACY_PAGE, AdwPreferencesPage)

/* The preferences of who can reach the user, and of what others see beside the messages; each applies
 * at once.
 *
 * Signal: said (char *words)  something to be told in a toast */

void kith_privacy_page_set_node (KithPrivacyPage *self,
                                 KithNode        *node);

G_END_DECLS
