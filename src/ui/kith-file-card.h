/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-transfer.h"

G_BEGIN_DECLS

#define KITH_TYPE_FILE_CARD (kith_file_card_get_type ())
G_DECLARE_FINAL_TYPE (KithFileCard, kith_file_card, KITH, FILE_CARD, GtkWidget)

void kith_file_card_set_transfer (KithFileCard *self,
                                  KithTransfer *transfer);
void kith_file_card_set_note     (KithFileCard *self,
                                  const char   *note);

G_END_DECLS
