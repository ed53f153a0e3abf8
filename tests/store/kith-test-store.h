/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store.h"

G_BEGIN_DECLS

/* Calls of a store that wait for their answer, and rows that follow from a number. */

#define TEST_DEADLINE_S 30

void               kith_test_result_cb    (GObject                *source,
                                           GAsyncResult           *result,
                                           gpointer                user_data);
GAsyncResult      *kith_test_await        (GAsyncResult          **result);

/* One byte says who: an identity of it and zeros. */
void               kith_test_identity     (guint8                  who,
                                           guint8                  out[KITH_STORE_IDENTITY_BYTES]);
/* @text: (transfer none) */
KithStoreMessage   kith_test_message      (guint8                  who,
                                           guint                   number,
                                           gboolean                outgoing,
                                           const char             *text);
KithSecret        *kith_test_secret       (guint8                  byte);

/* @batch: (transfer none) */
gboolean           kith_test_commit       (KithStore              *store,
                                           KithStoreBatch         *batch,
                                           GError                **error);
void               kith_test_must_commit  (KithStore              *store,
                                           KithStoreBatch         *batch);
void               kith_test_put_profile  (KithStore              *store,
                                           const char             *name);
/* Numbers @from to @to in one conversation, "text N" each, in one batch. */
void               kith_test_add          (KithStore              *store,
                                           guint8                  who,
                                           guint                   from,
                                           guint                   to,
                                           gboolean                outgoing);
void               kith_test_clear        (KithStore              *store,
                                           guint8                  who);
void               kith_test_close        (KithStore              *store);
KithStoreSnapshot *kith_test_load         (KithStore              *store);
/* Puts all messages into the index, also the newest. */
void               kith_test_index        (KithStore              *store);
/* (transfer full) (element-type KithStoreHit); @identity: 0 = all. As it is. */
GPtrArray         *kith_test_find         (KithStore              *store,
                                           const char             *text,
                                           guint8                  who,
                                           const guint8           *before_id,
                                           guint                   limit);
/* The same, of what is in the index. */
GPtrArray         *kith_test_search       (KithStore              *store,
                                           const char             *text,
                                           guint8                  who,
                                           const KithStoreMessage *before,
                                           guint                   limit);

G_END_DECLS
