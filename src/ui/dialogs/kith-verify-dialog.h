/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-verify.h"

G_BEGIN_DECLS

#define KITH_TYPE_VERIFY_DIALOG (kith_verify_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithVerifyDialog, kith_verify_dialog, KITH, VERIFY_DIALOG, AdwWindow)

/* "Verify": is that really my friend? By words, by a QR code, by the number. */

GtkWidget *kith_verify_dialog_new (GtkWindow   *parent,
                                   KithNode    *node,
                                   KithContact *contact);

G_END_DECLS
