/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-contact.h"

G_BEGIN_DECLS

#define KITH_TYPE_MEMBER (kith_member_get_type ())
G_DECLARE_FINAL_TYPE (KithMember, kith_member, KITH, MEMBER, GObject)

/* Somebody in a group (protocol 10). Properties: "id" (ID string), "contact" (who it is; NULL is ourselves. It is the
 * contact's own object if they are a contact of ours, so alias, presence and verification are those;
 * else one whose relation is KITH_RELATION_MEMBER, which is in no list of contacts), "name" (what they
 * are shown as, kept in step), "admin", "self", "joined" (ms since 1970, as the group's chain says),
 * "online" (we are connected with them; TRUE for ourselves), "current" (FALSE: left or was removed;
 * the object stays for what they wrote), "endorsed" (we have said that they should become admin). */

KithMember   *kith_member_new           (const guint8 identity[KITH_IDENTITY_BYTES],
                                         const char  *id,
                                         KithContact *contact,
                                         const char  *own_name);
const guint8 *kith_member_get_identity  (KithMember  *self);
const char   *kith_member_get_id        (KithMember  *self);
KithContact  *kith_member_get_contact   (KithMember  *self);
const char   *kith_member_get_name      (KithMember  *self);
gboolean      kith_member_is_self       (KithMember  *self);
gboolean      kith_member_get_admin     (KithMember  *self);
gint64        kith_member_get_joined_ms (KithMember  *self);
gboolean      kith_member_get_online    (KithMember  *self);
gboolean      kith_member_get_current   (KithMember  *self);
gboolean      kith_member_get_endorsed  (KithMember  *self);

/* For the node. */
void          kith_member_set_own_name  (KithMember  *self,
                                         const char  *name);
void          kith_member_set_admin     (KithMember  *self,
                                         gboolean     admin);
void          kith_member_set_joined_ms (KithMember  *self,
                                         gint64       time_ms);
void          kith_member_set_current   (KithMember  *self,
                                         gboolean     current);
void          kith_member_set_endorsed  (KithMember  *self,
                                         gboolean     endorsed);

G_END_DECLS
