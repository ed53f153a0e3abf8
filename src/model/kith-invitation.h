/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-model-types.h"

G_BEGIN_DECLS

/**
 * KithInvitationState:
 * @KITH_INVITATION_LIVE: whoever has the link may use it
 * @KITH_INVITATION_USED: somebody has; nobody else can
 * @KITH_INVITATION_EXPIRED: its time is over
 * @KITH_INVITATION_REVOKED: taken back
 */
typedef enum
{
  KITH_INVITATION_LIVE,
  KITH_INVITATION_USED,
  KITH_INVITATION_EXPIRED,
  KITH_INVITATION_REVOKED,
} KithInvitationState;

#define KITH_TYPE_INVITATION (kith_invitation_get_type ())
G_DECLARE_FINAL_TYPE (KithInvitation, kith_invitation, KITH, INVITATION, GObject)

/* A one-time invite that we made (protocol 6.2), as the faces see it: what a contact is to a peer. #KithInvite is what stands
 * in a link, our own or not; a #KithGroupInvitation is a message, and no link. Properties, all readable: "id" (16 hex digits),
 * "link" (KITH:I/…; a secret: whoever has it can use it; empty when it is not live any more), "note"
 * (for whom it is; ours, may be empty), "created" and "expires" (ms since 1970), "state", "used-by"
 * (ID string of who used it, nullable), "misused" (somebody else tried to use it as well). Setters
 * are for the node. */

KithInvitation      *kith_invitation_new            (const char          *id,
                                                     const char          *link,
                                                     const char          *note,
                                                     gint64               created_ms,
                                                     gint64               expires_ms);
const char          *kith_invitation_get_id         (KithInvitation      *self);
const char          *kith_invitation_get_link       (KithInvitation      *self);
void                 kith_invitation_set_link       (KithInvitation      *self,
                                                     const char          *link);
const char          *kith_invitation_get_note       (KithInvitation      *self);
gint64               kith_invitation_get_created_ms (KithInvitation      *self);
gint64               kith_invitation_get_expires_ms (KithInvitation      *self);
KithInvitationState  kith_invitation_get_state      (KithInvitation      *self);
void                 kith_invitation_set_state      (KithInvitation      *self,
                                                     KithInvitationState  state);
const char          *kith_invitation_get_used_by    (KithInvitation      *self);
void                 kith_invitation_set_used_by    (KithInvitation      *self,
                                                     const char          *used_by);
gboolean             kith_invitation_get_misused    (KithInvitation      *self);
void                 kith_invitation_set_misused    (KithInvitation      *self,
                                                     gboolean             misused);

G_END_DECLS
