/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_RESTORE_DIALOG (kith_restore_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithRestoreDialog, kith_restore_dialog, KITH, RESTORE_DIALOG, AdwWindow)

/* Makes a profile from a backup. */

GtkWidget *kith_restore_dialog_new (GtkWindow         *parent,
                                    KithProfileFolder *folder);

G_END_DECLS
