/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-session.h"

G_BEGIN_DECLS

/**
 * KithSessionTable:
 *
 * All sessions of a node, and the rule that there is one for each device of a peer (protocol
 * 4.2). Holds a reference on each from adding to removal. Main thread.
 */
typedef struct _KithSessionTable KithSessionTable;

/**
 * KithAdmitFunc:
 * @session: the session that was waiting
 * @admitted: whether it stays; else it is being closed already
 * @user_data: what was given
 *
 * The decision of kith_session_table_admit().
 */
typedef void (*KithAdmitFunc) (KithSession *session, gboolean admitted, gpointer user_data);

KithSessionTable *kith_session_table_new        (KithLocal         *local);
void              kith_session_table_free       (KithSessionTable  *self);
void              kith_session_table_add        (KithSessionTable  *self,
                                                 KithSession       *session);
void              kith_session_table_remove     (KithSessionTable  *self,
                                                 KithSession       *session);
void              kith_session_table_admit      (KithSessionTable  *self,
                                                 KithSession       *session,
                                                 KithAdmitFunc      func,
                                                 gpointer           user_data,
                                                 GDestroyNotify     destroy);
/* (transfer full) (element-type KithSession) */
GPtrArray        *kith_session_table_list       (KithSessionTable  *self);
guint             kith_session_table_get_length (KithSessionTable  *self);
void              kith_session_table_close_all  (KithSessionTable  *self,
                                                 KithByeReason      reason);
void              kith_session_table_close_identity
                                                (KithSessionTable  *self,
                                                 const guint8      *identity,
                                                 KithByeReason      reason);
void              kith_session_table_probe_all  (KithSessionTable  *self);
void              kith_session_table_abort_all  (KithSessionTable  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSessionTable, kith_session_table_free)

G_END_DECLS
