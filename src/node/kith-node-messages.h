/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-finding.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* What can be done with a message after it was written, and with a conversation. Main thread only.
 * @id is 32 hex digits; a message need not be loaded. @conversation is that it is in: who writes chooses
 * the id, and may take one that another conversation has. NULL is for who knows only the id: AMBIGUOUS
 * then when several have it. All complete after the commit. Errors of all: NOT_FOUND (no such message, or
 * no such conversation any more), INVALID (not with this one). Of all that others are told: NOT_CONTACT (they
 * were removed, with their history kept), NOT_MEMBER and those of kith_group_replica_can_post() in a group,
 * BUSY (too much waits to be stored), TOO_BIG (a text). */

/* As kith_node_send_async(), which it finishes with. @reply_to: (nullable): the id of a message of
 * this conversation. @ttl_s: for how long it is kept after it was read; 0 = for good, negative = as
 * the conversation has it. */
void         kith_node_reply_async          (KithNode *self, KithConversation *conversation,
                                             const char *text, const char *reply_to, gint64 ttl_s,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);

/* Another text for a message of ours. What has not been sent yet is replaced, and not called edited.
 */
void         kith_node_edit_message_async   (KithNode *self, KithConversation *conversation,
                                             const char *id, const char *text,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_edit_message_finish  (KithNode *self, GAsyncResult *result, GError **error);

/**
 * KithDeleteWhere:
 * @KITH_DELETE_FOR_BOTH: a message of ours, taken back; both see that one was
 * @KITH_DELETE_HERE: any message, on this device only; nothing of it is seen here
 */
typedef enum
{
  KITH_DELETE_FOR_BOTH,
  KITH_DELETE_HERE,
} KithDeleteWhere;

/* One that still waits to be sent is cancelled either way. One that may have left, and was not acknowledged
 * yet, is not seen here from now on, still arrives, and nothing of it is kept after that. */
void         kith_node_delete_message_async (KithNode *self, KithConversation *conversation,
                                             const char *id, KithDeleteWhere where,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_delete_message_finish(KithNode *self, GAsyncResult *result, GError **error);

/* What we say to any message; replaces what we said before. @emoji: one, NULL or "" = none. */
void         kith_node_react_async          (KithNode *self, KithConversation *conversation,
                                             const char *id, const char *emoji,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_react_finish         (KithNode *self, GAsyncResult *result, GError **error);

/* A message of ours that is still queued: its text never leaves. */
void         kith_node_cancel_message_async (KithNode *self, KithConversation *conversation,
                                             const char *id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_cancel_message_finish(KithNode *self, GAsyncResult *result, GError **error);

/* A message of ours that failed is queued again, behind the others. */
void         kith_node_retry_message_async  (KithNode *self, KithConversation *conversation,
                                             const char *id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_retry_message_finish (KithNode *self, GAsyncResult *result, GError **error);

/* The text of any message as a new message of ours, in @to. Finishes as kith_node_send_finish(). */
void         kith_node_forward_async        (KithNode *self, KithConversation *conversation,
                                             const char *id, KithConversation *to,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);

/* --- Conversations -------------------------------------------------------------------------- */

/* For how long messages of both sides are kept after reading from now on: 0 = for good, else
 * KITH_LIMIT_TTL_MIN_S to KITH_LIMIT_TTL_MAX_S. The other side is told, with a line. */
void         kith_node_set_conversation_ttl_async     (KithNode *self,
                                                       KithConversation *conversation, guint32 ttl_s,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
/* Until when nothing is said of new messages, in ms since 1970; 0 = not muted, G_MAXINT64 = for good.
 * The node only keeps it: the faces heed it. So with the others. */
void         kith_node_set_conversation_muted_async   (KithNode *self,
                                                       KithConversation *conversation,
                                                       gint64 until_ms, GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
void         kith_node_set_conversation_pinned_async  (KithNode *self,
                                                       KithConversation *conversation,
                                                       gboolean pinned, GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
void         kith_node_set_conversation_archived_async (KithNode *self,
                                                        KithConversation *conversation,
                                                        gboolean archived,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
/* kith_node_mark_read() takes it back. */
void         kith_node_set_conversation_marked_unread_async (KithNode *self,
                                                             KithConversation *conversation,
                                                             gboolean marked,
                                                             GCancellable *cancellable,
                                                             GAsyncReadyCallback callback,
                                                             gpointer user_data);
/* For all five. Errors: NOT_FOUND (no such conversation any more); of the timer also INVALID (no such time) and
 * NOT_CONTACT. */
gboolean     kith_node_set_conversation_finish (KithNode *self, GAsyncResult *result,
                                                GError **error);

/* --- Details -------------------------------------------------------------------------------- */

/* One step of a message, when it was reached. */
typedef struct
{
  KithMessageState state;
  gint64           time_ms;
} KithMessageStep;

typedef struct
{
  GArray     *steps;  /* (owned) KithMessageStep, in the order of their times */
  char       *reason; /* (owned) (nullable): why it failed, in plain words */
  GListModel *tries;  /* (owned) KithFinding: what was tried to reach them since it was written, and
                       * is not older than what is remembered of that; once it has arrived, only how
                       * connections broke before it did */
} KithMessageDetails;

/* (transfer full) */
KithMessageDetails *kith_node_dup_message_details (KithNode *self, KithConversation *conversation,
                                                   KithMessage *message);
void         kith_message_details_free      (KithMessageDetails *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithMessageDetails, kith_message_details_free)

G_END_DECLS
