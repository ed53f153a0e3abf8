/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_BACKUP_DIALOG (kith_backup_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithBackupDialog, kith_backup_dialog, KITH, BACKUP_DIALOG, AdwWindow)

/* Writes everything into one encrypted file. */

GtkWidget *kith_backup_dialog_new (GtkWindow         *parent,
                                   KithProfileFolder *folder);

G_END_DECLS
