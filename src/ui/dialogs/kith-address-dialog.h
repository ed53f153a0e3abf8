/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_ADDRESS_DIALOG (kith_address_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithAddressDialog, kith_address_dialog, KITH, ADDRESS_DIALOG, AdwWindow)

/* "My address": what others have to enter to reach the user, and where Kith listens. */

GtkWidget *kith_address_dialog_new (GtkWindow *parent,
                                    KithNode  *node);

G_END_DECLS
