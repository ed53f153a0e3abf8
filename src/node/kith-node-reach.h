/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-reach.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* Who can reach me, and the passphrase of strangers. Protocol 3.2, 3.3. Main thread. */

/* As it is in force. */
KithReach   kith_node_get_reach               (KithNode   *self);

/* In force at once, and stored. With KITH_REACH_PASSPHRASE a passphrase is made when there is none.
 * Errors: NO_PROFILE. */
gboolean    kith_node_set_reach               (KithNode   *self,
                                               KithReach   reach,
                                               GError    **error);

/* (transfer none) (nullable): what to tell friends. */
const char *kith_node_get_join_passphrase     (KithNode   *self);

/* NULL makes a new one of four words. Errors: NO_PROFILE, INVALID (fewer than
 * KITH_LIMIT_JOIN_PASSPHRASE_CHARS characters), TOO_BIG. */
gboolean    kith_node_set_join_passphrase     (KithNode   *self,
                                               const char *text,
                                               GError    **error);

/* (transfer full) (nullable): plain words on those who know us and are shut out all the same. */
char       *kith_node_dup_reach_note          (KithNode   *self);

/* As kith_node_connect_async(), to somebody who asks for a passphrase; finished with
 * kith_node_connect_finish(). Errors besides: WRONG_PASSPHRASE (it can be none), NOT_ADMITTED (it is
 * wrong, or not taken: nobody can tell which). Until they have answered, it is kept for the dials
 * that follow. */
void        kith_node_connect_with_passphrase_async (KithNode            *self,
                                                     const char          *address,
                                                     guint16              port,
                                                     const char          *passphrase,
                                                     const char          *request_text,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);

G_END_DECLS
