/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-search-hit.h"
#include "node/kith-node.h"
#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

/* What is stored of conversations: paging, jumping, searching, writing it out. Main thread only;
 * the work is done by the store.
 *
 * The message list of a conversation is a window over what is stored. At start it holds the newest
 * message only; a view asks for more with load_older() as it nears the top. "has-older" and
 * "has-newer" of #KithMessageList tell whether there is more on either side. While "has-newer",
 * messages that are added meanwhile are stored and counted but do not enter the window. A window
 * holds KITH_LIMIT_WINDOW_MESSAGES at most: loading on one side drops from the other.
 *
 * Errors of all: NOT_FOUND (no such conversation any more, or no such message). */

/* One page of what was stored before or after what the window holds. */
void         kith_node_load_older_async       (KithNode *self, KithConversation *conversation,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void         kith_node_load_newer_async       (KithNode *self, KithConversation *conversation,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* For both: FALSE and an error, or TRUE. Asked again while it runs, it completes with it. */
gboolean     kith_node_load_finish            (KithNode *self, GAsyncResult *result,
                                               GError **error);

/* Moves the window so that it holds @message (of a search hit), the first message at or after
 * @time_ms, the first unread message, or the newest one. Finishes with that message as it is in the list
 * now, NULL without an error when the conversation is empty. (transfer full) (nullable) */
void         kith_node_jump_to_message_async  (KithNode *self, KithConversation *conversation,
                                               KithMessage *message, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void         kith_node_jump_to_time_async     (KithNode *self, KithConversation *conversation,
                                               gint64 time_ms, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void         kith_node_jump_to_unread_async   (KithNode *self, KithConversation *conversation,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void         kith_node_jump_to_newest_async   (KithNode *self, KithConversation *conversation,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
KithMessage *kith_node_jump_finish            (KithNode *self, GAsyncResult *result,
                                               GError **error);

/* Up to @limit messages before the one with the id @before_id (32 hex digits; NULL = the newest),
 * oldest first, without touching the window. (transfer full) (element-type KithMessage) */
void         kith_node_fetch_async            (KithNode *self, KithConversation *conversation,
                                               const char *before_id, guint limit,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* The same after a message, and from a time (ms since 1970) on. */
void         kith_node_fetch_after_async      (KithNode *self, KithConversation *conversation,
                                               const char *after_id, guint limit,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void         kith_node_fetch_from_async       (KithNode *self, KithConversation *conversation,
                                               gint64 time_ms, guint limit,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* (element-type KithMessage) (transfer full) (nullable) */
GPtrArray   *kith_node_fetch_finish           (KithNode *self, GAsyncResult *result,
                                               GError **error);
/* Whether the user had not seen @message of that page when it was fetched. */
gboolean     kith_node_fetch_was_unread       (KithNode *self, GAsyncResult *result,
                                               KithMessage *message);

/* Where @text occurs: in @conversation, or everywhere when that is NULL. First come the messages with its
 * words, newest first: from their beginnings, "in quotes" as a phrase; then those that have it inside of a
 * word, newest first. Case and accents do not matter; Chinese, Japanese and Korean are found anywhere.
 * @after: the last hit of the page before, NULL for the first page. A page has hits of one sort, so that a
 * short one need not be the last: one without hits is. Cancel it when the text changes. More errors: INVALID
 * (nothing to search for, too much, or no UTF-8).
 * (transfer full) (element-type KithSearchHit) */
void         kith_node_search_async           (KithNode *self, const char *text,
                                               KithConversation *conversation, guint limit,
                                               KithSearchHit *after, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray   *kith_node_search_finish          (KithNode *self, GAsyncResult *result,
                                               GError **error);

/* A message that may not be loaded, by its id. @conversation: (nullable): that it is in, see
 * kith-node-messages.h. Finishes with KITH_ERROR_NOT_FOUND when unknown.
 * (transfer full); @conversation: (out) (transfer none) */
void         kith_node_fetch_message_async    (KithNode *self, KithConversation *conversation,
                                               const char *id, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
KithMessage *kith_node_fetch_message_finish   (KithNode *self, GAsyncResult *result,
                                               KithConversation **conversation, GError **error);

/* Deletes all messages of a conversation that are stored here, also those that wait to be sent. */
void         kith_node_clear_history_async    (KithNode *self, KithConversation *conversation,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_clear_history_finish   (KithNode *self, GAsyncResult *result,
                                               GError **error);

typedef enum
{
  KITH_TRANSCRIPT_TEXT,
  KITH_TRANSCRIPT_HTML,
} KithTranscriptFormat;

/* Writes a conversation for reading: NOT encrypted. No half file is left behind. What cannot be read is left out, and
 * the file says where. Errors: EXISTS (a file of the profile itself), DAMAGED (nothing can be read), NOT_FOUND,
 * DISK_FULL, DISK, PERMISSION, CANCELLED, LOCKED (the node was shut down meanwhile, which waits for the end of it). */
void         kith_node_write_transcript_async (KithNode *self, KithConversation *conversation,
                                               GFile *file, KithTranscriptFormat format,
                                               KithProgressFunc progress, gpointer progress_data,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* @is_incomplete: (out) (optional): whether something could not be read, the profile being damaged */
gboolean     kith_node_write_transcript_finish(KithNode *self, GAsyncResult *result,
                                               gboolean *is_incomplete, GError **error);

/* --- What else is kept in the vault --------------------------------------------------------- */

/* Settings of this profile: they travel with it and are written nowhere else. Values are short
 * texts; @value NULL removes. One that cannot be stored counts until the end of the run, and there is a warning.
 * Known keys are in node/kith-settings.h. */
const char  *kith_node_get_setting            (KithNode *self, const char *key);
/* What is not set, or is no number, is as it is by default: in kith-node-settings.c, else 0. */
int          kith_node_get_setting_int        (KithNode *self, const char *key);
void         kith_node_set_setting            (KithNode *self, const char *key,
                                               const char *value);
void         kith_node_set_setting_int        (KithNode *self, const char *key, int value);

/* Keeps the draft that stands in @conversation (kith_conversation_set_draft() does not by itself).
 * Cheap: written at most once a second, when the node shuts down, and for
 * kith_node_await_writes_async(). Of more than KITH_LIMIT_KEPT_DRAFT_BYTES the beginning is, with a mark. */
void         kith_node_save_draft             (KithNode *self, KithConversation *conversation);
/* A message of that text was sent: if it is what the draft says, that goes. For who has no composer. */
void         kith_node_draft_sent             (KithNode *self, KithConversation *conversation,
                                               const char *text);

G_END_DECLS
