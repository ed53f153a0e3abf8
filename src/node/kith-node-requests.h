/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

/* Somebody who asks us (protocol 6.3): row, model and, while they wait online, their session. */
typedef struct
{
  KithStoreRequest *row;     /* (owned) */
  KithRequest      *request; /* (owned) */
  KithSession      *session; /* (owned) (nullable) */
  guint64           prefix;  /* from where it came last: kith_admission_prefix(); 0 = not known */
} KithAsking;

/* Returns: (transfer full): a list of nobody who has asked */
GArray   *kith_asking_new_attempts         (void);

/* Those who ask to be a contact and are not answered yet. free: (nullable) */
void      kith_asking_free                 (KithAsking             *self);
KithAsking *kith_asking_lookup             (KithNode               *self,
                                            const guint8           *identity);
KithSession *kith_asking_take_out          (KithNode               *self,
                                            KithAsking             *asking);
void      kith_node_restore_request        (KithNode               *self,
                                            const KithStoreRequest *row);
void      kith_node_take_request           (KithNode               *self,
                                            KithSession            *session,
                                            const KithBodyOpen     *open);
void      kith_node_rename_request         (KithNode               *self,
                                            KithSession            *session,
                                            const char             *name);
gboolean  kith_node_has_request            (KithNode               *self,
                                            const guint8           *identity);
gboolean  kith_node_is_request_session     (KithNode               *self,
                                            KithSession            *session);
void      kith_node_request_session_closed (KithNode               *self,
                                            KithSession            *session,
                                            const GError           *error);

/* kith-request-answer.c */
KithPeer *kith_node_accept_now             (KithNode               *self,
                                            KithAsking             *asking);

/* kith-node-connect.c */
char     *kith_node_connect_started        (KithNode               *self,
                                            KithSession            *session,
                                            GTask                  *connect);
void      kith_node_connect_opened         (KithNode               *self,
                                            KithSession            *session,
                                            KithPeer               *peer);
void      kith_node_connect_closed         (KithNode               *self,
                                            KithSession            *session,
                                            const GError           *error);
void      kith_node_connect_end_all        (KithNode               *self);
gboolean  kith_node_take_wanted            (KithNode               *self,
                                            KithSession            *session);
KithPeer *kith_node_add_wanted             (KithNode               *self,
                                            KithSession            *session);

G_END_DECLS
