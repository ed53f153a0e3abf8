/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-comparison.h"
#include "node/kith-peer.h"

G_BEGIN_DECLS

/**
 * KithVerification: (skip)
 *
 * One comparison of words with a peer, from the first record to the last: protocol 2.1. It belongs
 * to its peer and to the session it was begun in. Main thread.
 */

KithComparison   *kith_verification_start    (KithPeer         *peer,
                                              GError          **error);
KithComparison   *kith_verification_get_comparison (KithVerification *self);
guint64           kith_verification_get_attempt (KithVerification *self);
gboolean          kith_verification_answer   (KithVerification *self,
                                              gboolean          yes);
void              kith_verification_give_up  (KithVerification *self);
gboolean          kith_verification_receive  (KithPeer         *peer,
                                              KithRecordType    type,
                                              const guint8     *body,
                                              gsize             len);
void              kith_verification_session_lost (KithPeer     *peer);
void              kith_verification_free     (KithVerification *self);

G_END_DECLS
