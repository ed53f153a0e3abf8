/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-invites.h"

G_BEGIN_DECLS

#define KITH_TYPE_INVITE_PAGE (kith_invite_page_get_type ())
G_DECLARE_FINAL_TYPE (KithInvitePage, kith_invite_page, KITH, INVITE_PAGE, AdwBin)

/* One invite of the user's: its QR code and link as long as it is live, and what came of it.
 *
 * Signals:
 *  said (char *words)  something to be told in a toast
 *  left ()             the invite is gone from the list */

void kith_invite_page_set_invitation (KithInvitePage *self,
                                      KithNode       *node,
                                      KithInvitation *invitation);

G_END_DECLS
