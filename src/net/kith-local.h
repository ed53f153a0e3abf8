/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-env.h"
#include "base/kith-reach.h"
#include "base/kith-secret.h"
#include "net/kith-guess-guard.h"
#include "proto/kith-body.h"
#include "proto/kith-certificate.h"

G_BEGIN_DECLS

/**
 * KithLocalDelegate:
 * @match_knock: somebody knocks with @tag over the ephemeral key @ephemeral: is it a contact's
 *   knock, not seen before?
 * @dup_pair_root: (nullable result) (transfer full): the root shared with @identity that has the
 *   id @root_id, or the current one when @root_id is %NULL
 * @check_certificate: whether a certificate is not older than what is known of that device
 * @note_time: (nullable): @identity has proved who it is, and says what time it is there
 *
 * What net asks the node while it shakes hands. Main thread; answers have to be at once.
 */
typedef struct
{
  gboolean    (*match_knock)       (const guint8          *tag,
                                    const guint8          *ephemeral,
                                    gpointer               user_data);
  KithSecret *(*dup_pair_root)     (const guint8          *identity,
                                    const guint8          *root_id,
                                    gpointer               user_data);
  gboolean    (*check_certificate) (const KithCertificate *certificate,
                                    gpointer               user_data);
  void        (*note_time)         (const guint8          *identity,
                                    guint64                time_s,
                                    gpointer               user_data);
} KithLocalDelegate;

/**
 * KithTimeouts:
 *
 * The times of sessions in ms, and the amounts after which keys are renewed. They start as
 * kith-limits.h has them; tests make them shorter.
 */
typedef struct
{
  guint   first_message_ms;
  guint   handshake_ms;
  guint   silent_close_ms;
  guint   open_ms;
  guint   duplicate_pong_ms;
  guint   keepalive_ms;
  guint   keepalive_jitter_ms;
  guint   frame_complete_ms;
  guint   rekey_ms;
  guint   rekey_answer_ms;
  guint64 rekey_bytes;
  guint64 rekey_frames;
  guint   sas_answer_ms;
  guint   sas_compare_ms;
  guint   handshakes_per_minute;
} KithTimeouts;

/**
 * KithLocal:
 *
 * Who we are on the wire: keys, certificate, instance. Reference counted; main thread.
 */
typedef struct _KithLocal KithLocal;

KithLocal     *kith_local_new               (const KithEnv           *env,
                                             KithSecret              *device_key,
                                             const guint8             certificate[KITH_CERTIFICATE_BYTES],
                                             const KithLocalDelegate *delegate,
                                             gpointer                 user_data);
KithLocal     *kith_local_ref               (KithLocal               *self);
void           kith_local_unref             (KithLocal               *self);
void           kith_local_disconnect        (KithLocal               *self);
/* The device key and the passphrase of strangers are zeros from now on, for all who have it. */
void           kith_local_forget_secrets    (KithLocal               *self);
const KithEnv *kith_local_get_env           (KithLocal               *self);
const KithEnv *kith_local_get_knock_env     (KithLocal               *self);
void           kith_local_set_knock_env     (KithLocal               *self,
                                             const KithEnv           *env);
const guint8  *kith_local_get_identity      (KithLocal               *self);
const guint8  *kith_local_get_device_key    (KithLocal               *self);
const guint8  *kith_local_get_certificate   (KithLocal               *self);
const guint8  *kith_local_get_instance      (KithLocal               *self);
KithTimeouts  *kith_local_get_timeouts      (KithLocal               *self);
GProxyResolver *kith_local_get_proxy        (KithLocal               *self);
void           kith_local_set_proxy         (KithLocal               *self,
                                             GProxyResolver          *proxy);
KithReach      kith_local_get_reach         (KithLocal               *self);
void           kith_local_set_reach         (KithLocal               *self,
                                             KithReach                reach,
                                             KithSecret              *passphrase);
KithSecret    *kith_local_get_passphrase    (KithLocal               *self);
KithGuessGuard *kith_local_get_guard        (KithLocal               *self);
gboolean       kith_local_match_knock       (KithLocal               *self,
                                             const guint8            *tag,
                                             const guint8            *ephemeral);
KithSecret    *kith_local_dup_pair_root     (KithLocal               *self,
                                             const guint8            *identity,
                                             const guint8            *root_id);
gboolean       kith_local_check_certificate (KithLocal               *self,
                                             const KithCertificate   *certificate);
void           kith_local_note_time         (KithLocal               *self,
                                             const guint8            *identity,
                                             guint64                  time_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithLocal, kith_local_unref)

G_END_DECLS
