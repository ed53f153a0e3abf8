/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_PASSPHRASE_DIALOG (kith_passphrase_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithPassphraseDialog, kith_passphrase_dialog, KITH, PASSPHRASE_DIALOG, AdwWindow)

/* Sets, changes or removes the passphrase of a profile. Signals: "changed" (char *words): it is
 * done, and what to say about it. */

typedef enum
{
  KITH_PASSPHRASE_SET,
  KITH_PASSPHRASE_CHANGE,
  KITH_PASSPHRASE_REMOVE,
} KithPassphraseTask;

GtkWidget *kith_passphrase_dialog_new (GtkWindow         *parent,
                                       KithProfileFolder *folder,
                                       KithPassphraseTask task);

G_END_DECLS
