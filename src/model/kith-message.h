/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-contact.h"
#include "model/kith-model-types.h"

G_BEGIN_DECLS

#define KITH_TYPE_MESSAGE (kith_message_get_type ())
G_DECLARE_FINAL_TYPE (KithMessage, kith_message, KITH, MESSAGE, GObject)

/* One message of a conversation. Properties: "id" (32 hex digits, never changes), "sender" (the
 * contact, or NULL for ourselves), "outgoing", "text", "time" (ms since 1970: when it was written
 * here or arrived here), "hlc" (order key, protocol 8), "state", "reason" (why it failed,
 * nullable), "sent-time", "delivered-time", "read-time" (ms, 0 = not yet), "broadcast" (the same text went
 * to several people, each in private). */

KithMessage      *kith_message_new                (const guint8      id[KITH_MESSAGE_ID_BYTES],
                                                   KithContact      *sender,
                                                   guint64           hlc,
                                                   gint64            time_ms,
                                                   const char       *text);
const char       *kith_message_get_id             (KithMessage      *self);
const guint8     *kith_message_get_id_bytes       (KithMessage      *self);
KithContact      *kith_message_get_sender         (KithMessage      *self);
gboolean          kith_message_is_outgoing        (KithMessage      *self);
const char       *kith_message_get_text           (KithMessage      *self);
gint64            kith_message_get_time_ms        (KithMessage      *self);
guint64           kith_message_get_hlc            (KithMessage      *self);
KithMessageState  kith_message_get_state          (KithMessage      *self);
gint64            kith_message_get_state_time_ms  (KithMessage      *self,
                                                   KithMessageState  state);
void              kith_message_set_state          (KithMessage      *self,
                                                   KithMessageState  state,
                                                   gint64            time_ms);
const char       *kith_message_get_reason         (KithMessage      *self);
void              kith_message_set_failed         (KithMessage      *self,
                                                   const char       *reason,
                                                   gint64            time_ms);
gboolean          kith_message_get_broadcast      (KithMessage      *self);
void              kith_message_set_broadcast      (KithMessage      *self,
                                                   gboolean          broadcast);
const char       *kith_message_state_to_string    (KithMessageState  state);

G_END_DECLS
