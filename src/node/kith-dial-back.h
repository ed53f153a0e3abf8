/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

/**
 * KithDialBack: (skip)
 *
 * Whether we can be reached from outside, asked of a contact who is outside: it dials the addresses
 * we name and says how that went. And the same for contacts who ask us. Protocol 7.7. Main thread.
 */
typedef struct _KithDialBack KithDialBack;

/* What came back. */
typedef struct
{
  KithContact     *helper; /* (owned): who tried */
  KithBodyDialBack result;
} KithDialBackAnswer;

KithDialBack       *kith_dial_back_new            (KithNode            *node);
void                kith_dial_back_stop           (KithDialBack        *self);
void                kith_dial_back_free           (KithDialBack        *self);
gboolean            kith_dial_back_receive        (KithPeer            *peer,
                                                   const guint8        *body,
                                                   gsize                len);
gboolean            kith_dial_back_receive_result (KithPeer            *peer,
                                                   const guint8        *body,
                                                   gsize                len);
void                kith_dial_back_ask_async      (KithDialBack        *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
KithDialBackAnswer *kith_dial_back_ask_finish     (GAsyncResult        *result,
                                                   GError             **error);
void                kith_dial_back_answer_free    (KithDialBackAnswer  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithDialBackAnswer, kith_dial_back_answer_free)

G_END_DECLS
