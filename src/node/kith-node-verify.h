/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-comparison.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* Making sure that a contact is who they say they are (protocol 2.1). Three ways: comparing the number
 * (kith-node.h), scanning their code, comparing words while both are online. Main thread.
 *
 * The signal "words-changed" (KithComparison) of the node tells of each step of a comparison. */

/* What our QR code says to others: our whole identity key. (transfer full) (nullable) */
char           *kith_node_dup_own_code       (KithNode     *self);

/* @code: what was scanned or pasted. When it is this contact's they are verified; else nothing
 * changes. Errors: INVALID (no such code), SELF (that is ours), WRONG_IDENTITY (somebody else's: a
 * reason to warn), NOT_FOUND. */
void            kith_node_verify_code_async  (KithNode     *self,
                                              KithContact  *contact,
                                              const char   *code,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer      user_data);
gboolean        kith_node_verify_code_finish (KithNode     *self,
                                              GAsyncResult *result,
                                              GError      **error);

/* Asks a contact to compare words, or agrees when they have asked. (transfer full). Errors: NOT_FOUND,
 * UNREACHABLE (not online), PAUSED (it went wrong too often today). */
KithComparison *kith_node_start_words        (KithNode     *self,
                                              KithContact  *contact,
                                              GError      **error);

/* (transfer none) (nullable): the comparison that is under way with them. */
KithComparison *kith_node_get_words          (KithNode     *self,
                                              KithContact  *contact);

/* The user's answer: whether they want to compare, or, when there are words, whether these are the
 * same. Error: NOT_FOUND (there is nothing to answer). */
gboolean        kith_node_answer_words       (KithNode     *self,
                                              KithContact  *contact,
                                              gboolean      yes,
                                              GError      **error);

/* Gives up whatever is under way with them. */
void            kith_node_stop_words         (KithNode     *self,
                                              KithContact  *contact);

G_END_DECLS
