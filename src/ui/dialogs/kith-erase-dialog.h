/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_ERASE_DIALOG (kith_erase_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithEraseDialog, kith_erase_dialog, KITH, ERASE_DIALOG, AdwWindow)

/* Erases a profile, when the user has typed that it is meant. */

GtkWidget *kith_erase_dialog_new (GtkWindow         *parent,
                                  KithProfileFolder *folder);

G_END_DECLS
