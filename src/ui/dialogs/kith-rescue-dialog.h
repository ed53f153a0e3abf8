/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_RESCUE_DIALOG (kith_rescue_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithRescueDialog, kith_rescue_dialog, KITH, RESCUE_DIALOG, AdwWindow)

/* Writes what can be read of a profile that cannot be opened into one encrypted file. */

GtkWidget *kith_rescue_dialog_new (GtkWindow         *parent,
                                   KithProfileFolder *folder);

G_END_DECLS
