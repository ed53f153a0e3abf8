/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-contact.h"

G_BEGIN_DECLS

#define KITH_TYPE_JOIN_REQUEST (kith_join_request_get_type ())
G_DECLARE_FINAL_TYPE (KithJoinRequest, kith_join_request, KITH, JOIN_REQUEST, GObject)

/* Somebody who asks the admin to be let into a group (protocol 10). Immutable. Properties: "id" (ID
 * string of who asks), "name" (our contact's display name, or what they call themselves: sanitised
 * plain text), "text" (their words, may be empty), "time" (ms since 1970, when they asked),
 * "contact" (nullable: if they are a contact of ours), "brought-by" (nullable: the member who invited
 * them), "by-link" (they came with the group's link). */

KithJoinRequest *kith_join_request_new            (const guint8     identity[KITH_IDENTITY_BYTES],
                                                   const char      *id,
                                                   KithContact     *contact,
                                                   const char      *name,
                                                   const char      *text,
                                                   gint64           time_ms,
                                                   KithContact     *brought_by,
                                                   gboolean         by_link);
const guint8    *kith_join_request_get_identity   (KithJoinRequest *self);
const char      *kith_join_request_get_id         (KithJoinRequest *self);
KithContact     *kith_join_request_get_contact    (KithJoinRequest *self);
const char      *kith_join_request_get_name       (KithJoinRequest *self);
const char      *kith_join_request_get_text       (KithJoinRequest *self);
gint64           kith_join_request_get_time_ms    (KithJoinRequest *self);
KithContact     *kith_join_request_get_brought_by (KithJoinRequest *self);
gboolean         kith_join_request_get_by_link    (KithJoinRequest *self);

G_END_DECLS
