/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_RECEIPT_LIST (kith_receipt_list_get_type ())
G_DECLARE_FINAL_TYPE (KithReceiptList, kith_receipt_list, KITH, RECEIPT_LIST, AdwBin)

/* How far a message of ours has come with each member of a group, and how many they are. Follows that
 * while it is shown; of many, the first are shown until the user wants more. */

void kith_receipt_list_set_message (KithReceiptList *self,
                                    KithNode        *node,
                                    KithGroup       *group,
                                    KithMessage     *message);
/* Lets go of the node: whoever shows it calls this when it goes. */
void kith_receipt_list_clear       (KithReceiptList *self);

G_END_DECLS
