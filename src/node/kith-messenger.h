/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

void     kith_messenger_send           (KithPeer               *peer,
                                        char                   *text,
                                        const guint8           *reply_to,
                                        gint64                  ttl_s,
                                        GTask                  *task);
/* Puts a message with a file into the outbox. @row: (transfer full): new, with its file. @task: (transfer
 * full): gets the #KithMessage after the commit. */
void     kith_messenger_send_file      (KithPeer               *peer,
                                        KithStoreMessage       *row,
                                        GTask                  *task);
/* A row of ours that is not numbered yet. (transfer full) */
KithStoreMessage *kith_messenger_new_row (KithPeer             *peer,
                                          KithStoreKind         kind);
/* Takes a message into @batch, which the caller commits; then kith_messenger_settle() for it.
 * @text: (transfer full): validated. (transfer full) */
KithStoreMessage *kith_messenger_prepare (KithPeer              *peer,
                                          char                  *text,
                                          gboolean               broadcast,
                                          KithStoreBatch        *batch);
/* Shows and sends what was committed. @row: (transfer full).
 * Returns: (transfer full) (nullable): NULL when it was not committed, or the peer was removed */
KithMessage *kith_messenger_settle      (KithPeer               *peer,
                                         KithStoreMessage       *row,
                                         gboolean                committed);
void     kith_messenger_restore        (KithPeer               *peer,
                                        const KithStoreConversation *row);
void     kith_messenger_restore_waiting (KithPeer               *peer,
                                         const KithStoreMessage *row);
void     kith_messenger_await_reading  (KithPeer               *peer,
                                        const KithStoreMessage *row);
void     kith_messenger_note_device    (KithPeer               *peer,
                                        const guint8            device[KITH_STORE_DEVICE_BYTES]);
void     kith_messenger_forget_numbers (KithPeer               *peer);
void     kith_messenger_withdraw       (KithPeer               *peer,
                                        KithStoreBatch         *batch);
void     kith_messenger_put_back       (KithPeer               *peer);
void     kith_messenger_forget_messages (KithPeer              *peer);
void     kith_messenger_session_opened (KithPeer               *peer);
void     kith_messenger_session_lost   (KithPeer               *peer);
void     kith_messenger_pump           (KithPeer               *peer);
gboolean kith_messenger_receive_msg    (KithPeer               *peer,
                                        const guint8           *body,
                                        gsize                   len);
gboolean kith_messenger_receive_ack    (KithPeer               *peer,
                                        const guint8           *body,
                                        gsize                   len);
gboolean kith_messenger_receive_resend (KithPeer               *peer,
                                        const guint8           *body,
                                        gsize                   len);
void     kith_messenger_mark_read      (KithPeer               *peer);
void     kith_messenger_set_timer      (KithPeer               *peer,
                                        guint32                 ttl_s,
                                        GTask                  *task);
void     kith_messenger_invite         (KithPeer               *peer,
                                        char                   *invitation,
                                        GTask                  *task);
void     kith_messenger_act            (KithPeer               *peer,
                                        KithStoreKind           kind,
                                        const guint8           *target,
                                        const char             *text,
                                        GTask                  *task);
void     kith_messenger_replace_text   (KithPeer               *peer,
                                        const guint8           *id,
                                        char                   *text,
                                        GTask                  *task);
void     kith_messenger_cancel         (KithPeer               *peer,
                                        const guint8           *id,
                                        GTask                  *task);
void     kith_messenger_forget         (KithPeer               *peer,
                                        const guint8           *id,
                                        gboolean                outgoing,
                                        GTask                  *task);
void     kith_messenger_hide           (KithPeer               *peer,
                                        const guint8           *id,
                                        GTask                  *task);
KithStoreMessage *kith_messenger_find_waiting (KithPeer        *peer,
                                               const guint8    *id);
/* kith-messenger-failures.c */
void     kith_messenger_fail_queued    (KithPeer               *peer,
                                        const char             *code,
                                        KithStoreBatch         *batch);
void     kith_messenger_show_failed    (KithPeer               *peer);
void     kith_messenger_fail_waiting   (KithPeer               *peer,
                                        const char             *code);
void     kith_messenger_blame          (KithPeer               *peer,
                                        const GError           *error);
void     kith_messenger_retry          (KithPeer               *peer,
                                        const KithStoreMessage *row,
                                        GTask                  *task);
/* The row of a message that waits to be sent. (transfer none) (nullable) */
KithStoreMessage *kith_messenger_find_queued (KithPeer         *peer,
                                              const guint8     *id);
void     kith_messenger_restore_missing (KithPeer              *peer,
                                         const KithStoreMessage *row);

G_END_DECLS
