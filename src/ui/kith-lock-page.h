/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_LOCK_PAGE (kith_lock_page_get_type ())
G_DECLARE_FINAL_TYPE (KithLockPage, kith_lock_page, KITH, LOCK_PAGE, AdwBin)

/* A locked profile: takes its passphrase and unlocks it.
 *
 * Signals: "failed" (GError): it cannot be unlocked, and another passphrase would not help. */

void kith_lock_page_set_folder (KithLockPage      *self,
                                KithProfileFolder *folder,
                                const char        *label);
void kith_lock_page_focus      (KithLockPage      *self);

G_END_DECLS
