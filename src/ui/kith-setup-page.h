/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_SETUP_PAGE (kith_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (KithSetupPage, kith_setup_page, KITH, SETUP_PAGE, AdwBin)

/* The second step of the first run: a passphrase, or none. Makes the vault of the folder, which is
 * unlocked then.
 *
 * Signals: "back" (): the user wants to change the name. */

void kith_setup_page_set_folder (KithSetupPage     *self,
                                 KithProfileFolder *folder);
void kith_setup_page_focus      (KithSetupPage     *self);

G_END_DECLS
