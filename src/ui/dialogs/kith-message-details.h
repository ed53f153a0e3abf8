/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_MESSAGE_DETAILS (kith_message_details_get_type ())
G_DECLARE_FINAL_TYPE (KithMessageDetails, kith_message_details, KITH, MESSAGE_DETAILS, AdwWindow)

/* What became of a message, step by step; it goes on while the dialog is open. */

GtkWidget *kith_message_details_new (GtkWindow   *parent,
                                     KithMessage *message);

G_END_DECLS
