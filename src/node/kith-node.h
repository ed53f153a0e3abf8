/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-contact.h"
#include "model/kith-conversation.h"
#include "model/kith-message.h"
#include "model/kith-profile.h"
#include "model/kith-request.h"

G_BEGIN_DECLS

#define KITH_TYPE_NODE (kith_node_get_type ())
G_DECLARE_FINAL_TYPE (KithNode, kith_node, KITH, NODE, GObject)

/* One person's instance: joins net, store and model, and is the only API of the faces. Main
 * thread only. Errors are of the domain KITH_ERROR (base/kith-error.h), but for G_IO_ERROR_CANCELLED of what was
 * cancelled; kith_error_code_from_gerror() makes a code of both. Their messages are for logs, the words for people come
 * from kith_explain_error().
 *
 * Errors of all calls that read or write what is stored: DISK_FULL, DISK, DAMAGED, FAILED, and CLOSED once the node
 * was shut down or its profile locked (store/kith-store.h). What else there is stands at the call.
 *
 * Properties: "profile" (KithProfile, NULL until one exists), "listening" (boolean), "listen-port"
 * (uint), "contacts" (GListModel of KithContact), "conversations" (GListModel of KithConversation,
 * latest activity first), "requests" (GListModel of KithRequest, newest first).
 *
 * Signals:
 *  message-added   (KithConversation, KithMessage)  a message was committed, ours or theirs
 *  message-changed (KithConversation, KithMessage)  its state advanced
 *  message-event   (KithConversation, event, id, KithContact, text)
 *                                                   something became of a message that may not be
 *                                                   loaded; the contact who did it, NULL = we. The
 *                                                   detail is also the event: "edited" (text: the new
 *                                                   one), "deleted", "reaction" (text: the emoji, empty
 *                                                   = taken back), "gone" (not here any more),
 *                                                   "cleared" (id NULL: all of them are gone),
 *                                                   "timer" (id NULL), "missing" (id NULL),
 *                                                   "unknown" (id NULL: something came that this version
 *                                                   cannot show)
 *  request-added   (KithRequest)                    somebody new asks
 *  request-removed (KithRequest)                    accepted, declined or dropped
 *  contact-changed (KithContact, change)            detail is also the string: "added",
 *                                                   "requested", "accepted", "declined", "removed",
 *                                                   "name", "alias", "note", "favourite", "blocked",
 *                                                   "verified", "presence"
 *  warning         (GError)                         something the user should know of
 *  group-changed, member-changed, group-request     node/kith-node-groups.h
 */

/**
 * KithConnectOutcome:
 * @KITH_CONNECT_REQUESTED: our request was handed over and waits for their answer
 * @KITH_CONNECT_ONLINE: they are our contact and online
 */
typedef enum
{
  KITH_CONNECT_REQUESTED,
  KITH_CONNECT_ONLINE,
} KithConnectOutcome;

/* --- Life ----------------------------------------------------------------------------------- */

/* A node that keeps everything in memory: all is gone when it is finalized. Opening it says whether that
 * is possible. */
KithNode    *kith_node_new_in_memory        (void);

/* Reads the profile, contacts, requests and the outbox. Afterwards "profile" is set, or NULL when
 * the store is new and kith_node_create_profile_async() has to come first. FAILED also when the stored profile makes no
 * sense. */
void         kith_node_open_async           (KithNode *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_open_finish          (KithNode *self, GAsyncResult *result, GError **error);

/* Whether an older copy of the database was put back while it was closed (protocol 13), and the user was not told yet;
 * and that they were. */
gboolean     kith_node_is_older_copy        (KithNode *self);
void         kith_node_forget_older_copy    (KithNode *self);

/* Makes a new identity. @name is sanitised (protocol 12); KITH_ERROR_INVALID when nothing is left. */
void         kith_node_create_profile_async (KithNode *self, const char *name,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_create_profile_finish(KithNode *self, GAsyncResult *result, GError **error);
void         kith_node_set_name_async       (KithNode *self, const char *name,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_set_name_finish      (KithNode *self, GAsyncResult *result, GError **error);

/* Stops listening, says BYE to every session, and completes when they are closed and every write
 * is committed (2 s at most). The node is of no use afterwards. No errors: what could not be written was told as a
 * warning. */
void         kith_node_shutdown_async       (KithNode *self, GAsyncReadyCallback callback,
                                             gpointer user_data);
gboolean     kith_node_shutdown_finish      (KithNode *self, GAsyncResult *result, GError **error);

/* Completes when all is committed that calls before it wrote without saying how that went: settings, drafts,
 * what is to become of files, what was read. Fails with the error of the first that was not; that was told as a
 * warning too. Main thread. */
void         kith_node_await_writes_async   (KithNode *self, GAsyncReadyCallback callback,
                                             gpointer user_data);
gboolean     kith_node_await_writes_finish  (KithNode *self, GAsyncResult *result, GError **error);

/* What the faces show: the lists change under them. (transfer none); of the profile (nullable) until there
 * is one. */
KithProfile *kith_node_get_profile          (KithNode *self);
GListModel  *kith_node_get_contacts         (KithNode *self);
GListModel  *kith_node_get_conversations    (KithNode *self);
GListModel  *kith_node_get_requests         (KithNode *self);
guint        kith_node_get_n_sessions       (KithNode *self);

/* --- Being reached -------------------------------------------------------------------------- */

/* Starts (or moves) the listener. @address NULL or "" = every address, IPv6 and IPv4; @port 0 =
 * any free one; @try_next: take the next free port if @port is taken. On failure the listener is
 * as it was. Errors: PORT_IN_USE, ADDRESS_UNAVAILABLE, PERMISSION, INVALID, NO_PROFILE. */
gboolean     kith_node_listen               (KithNode *self, const char *address, guint16 port,
                                             gboolean try_next, GError **error);
void         kith_node_unlisten             (KithNode *self);
gboolean     kith_node_get_listening        (KithNode *self);
guint16      kith_node_get_listen_port      (KithNode *self);
const char  *kith_node_get_listen_address   (KithNode *self);

/* The addresses of this machine (without port) that others could enter, the most useful first:
 * global ones, then private ones, loopback last and only when nothing else is there or the
 * listener is bound to it. (transfer full) strv, empty when not listening. */
char       **kith_node_dup_own_addresses    (KithNode *self);

/* --- Reaching others ------------------------------------------------------------------------ */

/* Dials a friend. Completes when the outcome is known: the request was handed over, or the
 * contact is online. @request_text may be NULL. Errors: INVALID (address or port), REFUSED,
 * TIMEOUT, UNREACHABLE, NOT_KITH, WRONG_IDENTITY, SELF, PEER_CLOSED, NOT_CONTACT (they do not
 * take requests, or declined), CANCELLED, NO_PROFILE ... */
void         kith_node_connect_async        (KithNode *self, const char *address, guint16 port,
                                             const char *request_text, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_connect_finish       (KithNode *self, GAsyncResult *result,
                                             KithConnectOutcome *outcome,
                                             KithContact **contact /* (out) (transfer full) (optional) */,
                                             GError **error);

/* Tries an absent contact at once instead of at its next turn. */
void         kith_node_reconnect            (KithNode *self, KithContact *contact);

/* Finishes with the new contact (transfer full). Errors of both: NOT_FOUND (the request is gone). */
void         kith_node_accept_async         (KithNode *self, KithRequest *request,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
KithContact *kith_node_accept_finish        (KithNode *self, GAsyncResult *result, GError **error);
void         kith_node_decline_async        (KithNode *self, KithRequest *request,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_decline_finish       (KithNode *self, GAsyncResult *result, GError **error);

/* --- Contacts ------------------------------------------------------------------------------- */

/* Errors of all that changes a contact: NOT_FOUND (they were removed). */

/* @alias NULL or "" = none. More errors: INVALID (nothing to show). */
void         kith_node_set_alias_async      (KithNode *self, KithContact *contact,
                                             const char *alias, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_set_alias_finish     (KithNode *self, GAsyncResult *result, GError **error);

/* A line or more about them for ourselves (KITH_LIMIT_NOTE_BYTES at most); NULL or "" = none. More errors: INVALID
 * (no UTF-8), TOO_BIG. */
void         kith_node_set_note_async       (KithNode *self, KithContact *contact,
                                             const char *note, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_set_note_finish      (KithNode *self, GAsyncResult *result, GError **error);
void         kith_node_set_favourite_async  (KithNode *self, KithContact *contact,
                                             gboolean favourite, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_set_favourite_finish (KithNode *self, GAsyncResult *result, GError **error);

/* A blocked person's sessions end, none is opened, nothing is shown or stored of them; they see
 * us as absent. Contact and history stay. */
void         kith_node_set_blocked_async    (KithNode *self, KithContact *contact,
                                             gboolean blocked, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_set_blocked_finish   (KithNode *self, GAsyncResult *result, GError **error);

/* Removes the contact (or takes back our request) and ends its session. Without @keep_history its
 * messages go with it; with it the conversation stays to be read, its contact's relation is
 * KITH_RELATION_REMOVED then. Removing such a one again deletes the rest. */
void         kith_node_remove_async         (KithNode *self, KithContact *contact,
                                             gboolean keep_history, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_remove_finish        (KithNode *self, GAsyncResult *result, GError **error);

/* The user has made sure, or takes that back (KITH_VERIFIED_NOT). Other ways than by comparing the
 * number are in node/kith-node-verify.h. */
void         kith_node_set_verified_async   (KithNode *self, KithContact *contact,
                                             KithVerified verified, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_set_verified_finish  (KithNode *self, GAsyncResult *result, GError **error);

/* 60 digits in groups of five, to compare with the contact's screen (protocol 2.1). (transfer full)
 * Slow on purpose (some 10 ms). */
char        *kith_node_dup_safety_number    (KithNode *self, KithContact *contact);

/* @who: alias, name (case-insensitive) or ID string. (transfer none). Errors: NOT_FOUND,
 * AMBIGUOUS (the message lists the candidates with their ids). */
KithContact *kith_node_find_contact         (KithNode *self, const char *who, GError **error);
KithRequest *kith_node_find_request         (KithNode *self, const char *who, GError **error);

/* (transfer none); every contact has one; those of groups: node/kith-node-groups.h. */
KithConversation *kith_node_get_conversation (KithNode *self, KithContact *contact);

/* --- Messages ------------------------------------------------------------------------------- */

/* Validates (protocol 12: UTF-8, at most 16 KiB, not empty), commits the message to the outbox,
 * adds it to the conversation and sends it when the contact is online, else when it comes online.
 * Completes after the commit: only then may the composer be cleared. Finishes with the message
 * (transfer full): who keeps it keeps its text beyond locking. Errors: INVALID, TOO_BIG, and those of
 * kith-node-messages.h for who may not write. */
void         kith_node_send_async           (KithNode *self, KithConversation *conversation,
                                             const char *text, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
KithMessage *kith_node_send_finish          (KithNode *self, GAsyncResult *result, GError **error);

/* The user has seen everything in @conversation: clears the unread count, sends read receipts. */
void         kith_node_mark_read            (KithNode *self, KithConversation *conversation);

/* How many messages of ours nobody has acknowledged yet: they stay in the outbox. */
guint        kith_node_get_n_waiting        (KithNode *self);

/* The one with the latest activity, of all conversations: who sends a message chooses its id, and several may have it.
 * Who knows the conversation asks that (kith_conversation_find_message()). @id: 32 hex digits. (transfer none), NULL when
 * unknown. */
KithMessage *kith_node_find_message         (KithNode *self, const char *id,
                                             KithConversation **conversation);

G_END_DECLS
