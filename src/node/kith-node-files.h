/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* Files and folders (protocol 11). Main thread only. A file is offered by a message; who gets it asks for
 * it piece by piece once their user has accepted, so that either side may pause, vanish and come back.
 *
 * Signals of #KithNode, beside "message-added" for the message of an offer:
 *  transfer-added   (KithTransfer)          one of ours is being prepared, or one of theirs was offered
 *  transfer-changed (KithTransfer, change)  the detail is also the string: "state" (also when they
 *                                           paused or went on), "progress", "removed" (its message is
 *                                           deleted: the transfer is over and not in the list any more;
 *                                           a file that was received stays where it is)
 *
 * Words for people about what went wrong are in kith_transfer_get_error(). More errors than those
 * named at the functions: NOT_FOUND when the transfer is not one of this node any more. */

/* --- Sending -------------------------------------------------------------------------------- */

/**
 * KithOutgoingFile:
 *
 * Something to be sent: a file or folder on the disk, or bytes that exist nowhere else, such as a
 * voice message or a picture without its metadata. Bytes are kept in the vault as long as the
 * message is; of a file only the path is kept.
 */
typedef struct
{
  char     *path;  /* (owned) (nullable) (type filename): a file or folder, or ... */
  GBytes   *bytes; /* (owned) (nullable): ... KITH_LIMIT_FILE_KEPT_BYTES at most */
  char     *name;  /* (owned) (nullable): what it is called for them; NULL = as on the disk */
  KithMedia media;
} KithOutgoingFile;

/* (transfer full) */
KithOutgoingFile *kith_outgoing_file_new_for_path  (const char *path);
KithOutgoingFile *kith_outgoing_file_new_for_bytes (GBytes *bytes, const char *name,
                                                    const char *media_type);
void              kith_outgoing_file_free          (KithOutgoingFile *self);

/* Sends each of @files (element-type KithOutgoingFile, which is copied) as a message of its own, in
 * this order. Every file is read first, because the offer says what all of it is: meanwhile its
 * transfer is PREPARING, with progress, and can be cancelled. Completes when the last one was
 * committed or failed. Finishes with the transfers (transfer full) (element-type KithTransfer), in
 * the order of @files; one that could not be read is FAILED and says why. Without one that could be
 * offered: NULL with the first error. Errors: INVALID (no files; too many; not a regular file or a
 * folder), NOT_FOUND, PERMISSION, TOO_BIG (above KITH_LIMIT_FILE_BYTES; a folder with more than
 * KITH_LIMIT_FOLDER_FILES), CANCELLED, DISK. */
void         kith_node_send_files_async     (KithNode *self, KithConversation *conversation,
                                             GPtrArray *files, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray   *kith_node_send_files_finish    (KithNode *self, GAsyncResult *result, GError **error);

/* --- Receiving ------------------------------------------------------------------------------ */

/* Gets what was offered. @target: (nullable) (type filename): the path it shall have, in a folder that
 * exists; NULL = kith_node_dup_files_folder() and the name of the offer, with " (2)" and so on when
 * there is something of that name. Nothing that exists is ever overwritten. It becomes WAITING, and
 * runs when they are online. Also for one that failed or was declined. Errors: INVALID (not one of
 * theirs; over already; no folder to put it in: an ephemeral profile needs a @target), EXISTS
 * (@target), DISK_FULL (it would not fit), PERMISSION, NOT_FOUND (the folder of @target). */
gboolean     kith_node_accept_file          (KithNode *self, KithTransfer *transfer,
                                             const char *target, GError **error);
/* It is not wanted. They are told, if not now then when they are online. Errors: INVALID (not one of theirs, or not as it
 * stands), NOT_FOUND (its message is gone). */
gboolean     kith_node_decline_file         (KithNode *self, KithTransfer *transfer, GError **error);

/* Of either direction. What was received is kept. Resuming also tries again what has FAILED.
 * Errors: INVALID (it does not stand so that this could be done), NOT_FOUND (its message is gone; to resume, also where
 * it is not known where the file is). */
gboolean     kith_node_pause_file           (KithNode *self, KithTransfer *transfer, GError **error);
gboolean     kith_node_resume_file          (KithNode *self, KithTransfer *transfer, GError **error);
/* Of either direction, for good: what was received of it is deleted; one that is DONE cannot be. The
 * message stays. Also one that is PREPARING: its message never comes to be. Errors: INVALID (it is over), NOT_FOUND (its
 * message is gone). */
gboolean     kith_node_cancel_file          (KithNode *self, KithTransfer *transfer, GError **error);

/* Where files are put: where the user wants them; else in a portable profile `files` in its folder, else
 * `Kith` in the user's folder for downloads. (transfer full) (nullable): NULL in an ephemeral profile. */
char        *kith_node_dup_files_folder     (KithNode *self);
/* For profiles and tests: the default, NULL = none. It is made when needed. */
void         kith_node_set_files_folder     (KithNode *self, const char *path);
/* The user wants another one: (nullable) = the default. Stored. Errors: INVALID (not absolute, or no UTF-8; an
 * ephemeral profile), NOT_FOUND (no folder). */
gboolean     kith_node_choose_files_folder  (KithNode *self, const char *path, GError **error);
gboolean     kith_node_has_chosen_folder    (KithNode *self);

/* Up to how many bytes a file is accepted by itself, from contacts who are verified; 0 = never.
 * Stored. At the beginning KITH_LIMIT_FILE_AUTO_DEFAULT_BYTES; never in an ephemeral profile. */
guint64      kith_node_get_files_auto_bytes (KithNode *self);
void         kith_node_set_files_auto_bytes (KithNode *self, guint64 bytes);

/* --- What there is -------------------------------------------------------------------------- */

/* All that are not over, but for the oldest of more offers than anybody would look at (KITH_LIMIT_FILES_OFFERED), and
 * those that ended since the start or belong to a message that was shown since; the newest last. (transfer none)
 * (element-type KithTransfer) */
GListModel   *kith_node_get_transfers       (KithNode *self);
/* @id: 32 hex digits. (transfer none) (nullable) */
KithTransfer *kith_node_get_transfer        (KithNode *self, KithConversation *conversation,
                                             const char *id);
/* Of all conversations: of who chose such an id, too. @id: 32 hex digits, or the beginning of them. (transfer none).
 * Errors: NOT_FOUND, AMBIGUOUS. */
KithTransfer *kith_node_find_transfer       (KithNode *self, const char *id, GError **error);

/* Reads a file of ours, or one that was received, for showing it. Errors: NOT_FOUND (it is not there
 * any more), TOO_BIG (more than @max_bytes), INVALID (it has not arrived, or is a folder),
 * DAMAGED (it is not what was sent any more), PERMISSION, DISK. (transfer full) */
void         kith_node_read_file_async      (KithNode *self, KithTransfer *transfer, gsize max_bytes,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GBytes      *kith_node_read_file_finish     (KithNode *self, GAsyncResult *result, GError **error);

/* Writes a copy of a file or folder of ours, or one that was received, to @target. What is there already
 * is only replaced with @replace, and when both are files: the user has agreed to it. Errors: as for
 * reading, EXISTS, DISK_FULL. */
void         kith_node_save_file_async      (KithNode *self, KithTransfer *transfer,
                                             const char *target, gboolean replace,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean     kith_node_save_file_finish     (KithNode *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithOutgoingFile, kith_outgoing_file_free)

G_END_DECLS
