/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_REQUEST_PAGE (kith_request_page_get_type ())
G_DECLARE_FINAL_TYPE (KithRequestPage, kith_request_page, KITH, REQUEST_PAGE, AdwBin)

/* Somebody who would like to chat: who they say they are, what Kith knows, and the decision.
 * Property: "folded" (the sidebar is not beside it: show a way back).
 *
 * Signals:
 *  accepted (KithContact)  they are a contact now
 *  declined ()             the request is gone */

void         kith_request_page_set_request (KithRequestPage *self,
                                            KithNode        *node,
                                            KithRequest     *request);
KithRequest *kith_request_page_get_request (KithRequestPage *self);

G_END_DECLS
