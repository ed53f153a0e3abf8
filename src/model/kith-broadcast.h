/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-contact.h"
#include "model/kith-model-types.h"

G_BEGIN_DECLS

/* One of the people a text went to, and how far their message has come. */
#define KITH_TYPE_RECIPIENT (kith_recipient_get_type ())
G_DECLARE_FINAL_TYPE (KithRecipient, kith_recipient, KITH, RECIPIENT, GObject)

KithRecipient    *kith_recipient_new             (KithContact      *contact,
                                                  gboolean          kept);
KithContact      *kith_recipient_get_contact     (KithRecipient    *self);
/* Whether their message is still there; when it was deleted, its state is not known. */
gboolean          kith_recipient_get_kept        (KithRecipient    *self);
KithMessageState  kith_recipient_get_state       (KithRecipient    *self);
gint64            kith_recipient_get_state_time_ms (KithRecipient  *self,
                                                    KithMessageState state);
void              kith_recipient_set_state       (KithRecipient    *self,
                                                  KithMessageState  state,
                                                  gint64            time_ms);

/* One text of ours that went to several people, each in private, and how far it has come. */
#define KITH_TYPE_BROADCAST (kith_broadcast_get_type ())
G_DECLARE_FINAL_TYPE (KithBroadcast, kith_broadcast, KITH, BROADCAST, GObject)

KithBroadcast    *kith_broadcast_new              (const guint8      id[KITH_MESSAGE_ID_BYTES],
                                                   gint64            time_ms,
                                                   const char       *text);
const char       *kith_broadcast_get_id           (KithBroadcast    *self);
gint64            kith_broadcast_get_time_ms      (KithBroadcast    *self);
const char       *kith_broadcast_get_text         (KithBroadcast    *self);
guint             kith_broadcast_get_n_recipients (KithBroadcast    *self);
guint             kith_broadcast_get_n_delivered  (KithBroadcast    *self);
guint             kith_broadcast_get_n_read       (KithBroadcast    *self);
void              kith_broadcast_set_counts       (KithBroadcast    *self,
                                                   guint             n_recipients,
                                                   guint             n_delivered,
                                                   guint             n_read);
/* (transfer none) (element-type KithRecipient): empty when it comes from a list. */
GListModel       *kith_broadcast_get_recipients   (KithBroadcast    *self);
void              kith_broadcast_add_recipient    (KithBroadcast    *self,
                                                   KithRecipient    *recipient);

G_END_DECLS
