/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-channel.h"
#include "proto/kith-body.h"
#include "proto/kith-record.h"

G_BEGIN_DECLS

/**
 * KithSession:
 *
 * An open channel with its life: OPEN, keepalive, rekey, BYE, and records in between. Reference
 * counted; main thread.
 */
typedef struct _KithSession KithSession;

/**
 * KithSessionEvents:
 * @open: we were dialled, and the peer says what it wants; answer, now or later, with
 *   kith_session_accept_open() or kith_session_close()
 * @opened: we dialled, and the peer has let us in, or keeps us waiting (pending)
 * @record: a PROFILE, ACCEPT, PAIR, MSG, ACK or the like arrived that may come in this state (group
 *   records also while it is pending); %FALSE when it is malformed: the session is then closed
 * @drained: there is room for more
 * @closed: it is over, once. @error has a code of KITH_ERROR: SHUTDOWN, NOT_CONTACT, DUPLICATE, OTHER_DEVICE, BUSY,
 *   GARBLED_THERE, NOT_UNDERSTOOD when the peer said so; PEER_CLOSED when the connection was lost;
 *   PROTOCOL, GARBLED, TIMEOUT; CLOSED when we closed it
 *
 * What the owner hears. Each call may close the session.
 */
typedef struct
{
  void     (*open)    (KithSession *session, const KithBodyOpen *open, gpointer user_data);
  void     (*opened)  (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data);
  gboolean (*record)  (KithSession *session, KithRecordType type, const guint8 *body, gsize len,
                       gpointer user_data);
  void     (*drained) (KithSession *session, gpointer user_data);
  void     (*closed)  (KithSession *session, const GError *error, gpointer user_data);
} KithSessionEvents;

KithSession  *kith_session_new             (KithChannel             *channel);
KithSession  *kith_session_ref             (KithSession             *self);
void          kith_session_unref           (KithSession             *self);
void          kith_session_set_events      (KithSession             *self,
                                            const KithSessionEvents *events,
                                            gpointer                 user_data);

void          kith_session_open            (KithSession        *self,
                                            const KithBodyOpen *open);
void          kith_session_accept_open     (KithSession        *self,
                                            const KithBodyOpen *open_ok);
void          kith_session_lift_pending    (KithSession        *self);
gboolean      kith_session_send_record     (KithSession        *self,
                                            KithRecordType      type,
                                            const guint8       *body,
                                            gsize               len);
gboolean      kith_session_send_bytes      (KithSession        *self,
                                            KithRecordType      type,
                                            GByteArray         *body);
gboolean      kith_session_is_writable     (KithSession        *self);
gboolean      kith_session_has_bulk_room    (KithSession        *self);
void          kith_session_set_reading     (KithSession        *self,
                                            gboolean            reading);
void          kith_session_close           (KithSession        *self,
                                            KithByeReason       reason);
void          kith_session_abort           (KithSession        *self);
void          kith_session_probe           (KithSession        *self);

gboolean      kith_session_is_alive        (KithSession        *self);
gboolean      kith_session_is_open         (KithSession        *self);
gboolean      kith_session_is_pending      (KithSession        *self);
gboolean      kith_session_is_dialer       (KithSession        *self);
KithPurpose   kith_session_get_purpose     (KithSession        *self);
KithMode      kith_session_get_mode        (KithSession        *self);
KithEntryKind kith_session_get_entry       (KithSession        *self);
const guint8 *kith_session_get_identity    (KithSession        *self);
const KithCertificate *
              kith_session_get_certificate (KithSession        *self);
const guint8 *kith_session_get_instance    (KithSession        *self);
const guint8 *kith_session_get_hash        (KithSession        *self);
gboolean      kith_session_get_remote      (KithSession        *self,
                                            KithEndpoint       *remote);
gint64        kith_session_get_age_ms      (KithSession        *self);
gint64        kith_session_get_silence_ms  (KithSession        *self);
guint32       kith_session_get_n_rekeys    (KithSession        *self);
const guint8 *kith_session_get_sas_key     (KithSession        *self);
const guint8 *kith_session_get_first_hash  (KithSession        *self);
void          kith_session_get_group_name  (KithSession        *self,
                                            const guint8       *gid,
                                            KithGroupName      *name);
KithSecret   *kith_session_derive_pair_root (KithSession       *self,
                                             const guint8       r_mine[KITH_PAIR_BYTES],
                                             const guint8       r_theirs[KITH_PAIR_BYTES]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSession, kith_session_unref)

G_END_DECLS
