/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_PROFILE_DIALOG (kith_profile_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithProfileDialog, kith_profile_dialog, KITH, PROFILE_DIALOG, AdwWindow)

/* "My profile": the user's name, which they can change, and their ID. */

GtkWidget *kith_profile_dialog_new (GtkWindow *parent,
                                    KithNode  *node);

G_END_DECLS
