/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-contact.h"

G_BEGIN_DECLS

#define KITH_TYPE_NEARBY (kith_nearby_get_type ())
G_DECLARE_FINAL_TYPE (KithNearby, kith_nearby, KITH, NEARBY, GObject)

/* Somebody on the same network (protocol 7.6): a contact, or a stranger who presents themselves
 * there. What a stranger says of themselves proves nothing until they are connected to.
 *
 * Properties, all readable: "contact" (KithContact, NULL for a stranger), "id" (ID string), "name"
 * (what they call themselves, or the contact's display name; may be empty), "address" (text). */

KithNearby   *kith_nearby_new          (const guint8  identity[KITH_IDENTITY_BYTES],
                                        const char   *id,
                                        KithContact  *contact);
const guint8 *kith_nearby_get_identity (KithNearby   *self);
const char   *kith_nearby_get_id       (KithNearby   *self);
KithContact  *kith_nearby_get_contact  (KithNearby   *self);
const char   *kith_nearby_get_name     (KithNearby   *self);
void          kith_nearby_set_name     (KithNearby   *self,
                                        const char   *name);
const char   *kith_nearby_get_address  (KithNearby   *self);
void          kith_nearby_set_address  (KithNearby   *self,
                                        const char   *address);

G_END_DECLS
