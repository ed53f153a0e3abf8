/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_PROFILE_FOLDER (kith_profile_folder_get_type ())
G_DECLARE_FINAL_TYPE (KithProfileFolder, kith_profile_folder, KITH, PROFILE_FOLDER, GObject)

/* A profile on disk: a folder with one vault, which this process alone holds open. It is locked or
 * unlocked; a #KithNode exists while it is unlocked and not longer. Main thread only; what takes
 * time is done on other threads.
 *
 * A passphrase is NULL (never "") for a vault without one: whoever has the folder can read it.
 * Passphrases are UTF-8 and copied; the caller wipes its own copy.
 *
 * Errors of all that is done with a vault: BUSY (something else is under way), EXISTS (there is a profile
 * already), NO_PROFILE, LOCKED (it is not open, or open already: "state" is another than it has to be),
 * INVALID (a passphrase that is too long, or no UTF-8), DISK_FULL, DISK, PERMISSION, NO_MEMORY (for a passphrase). What
 * else there is stands at the call.
 *
 * Properties, all readable and notified: "state" (KithProfileState), "node" (KithNode, NULL unless
 * unlocked), "has-passphrase" (boolean). */

/**
 * KithProfileState:
 * @KITH_PROFILE_NEW: nothing is there yet: create or restore it
 * @KITH_PROFILE_LOCKED: there is a vault, and its key is not in memory
 * @KITH_PROFILE_BUSY: being unlocked, locked, restored or erased
 * @KITH_PROFILE_UNLOCKED: open; "node" is set
 */
typedef enum
{
  KITH_PROFILE_NEW,
  KITH_PROFILE_LOCKED,
  KITH_PROFILE_BUSY,
  KITH_PROFILE_UNLOCKED,
} KithProfileState;

/**
 * KithProfileRest:
 * @KITH_PROFILE_REST_NONE: no erasing was interrupted there
 * @KITH_PROFILE_REST_GONE: one was, and what it had left is gone now
 * @KITH_PROFILE_REST_STAYS: one was, and something that nobody can read cannot be deleted
 */
typedef enum
{
  KITH_PROFILE_REST_NONE,
  KITH_PROFILE_REST_GONE,
  KITH_PROFILE_REST_STAYS,
} KithProfileRest;

/* --- Which profiles there are --------------------------------------------------------------- */

typedef struct
{
  char    *label;          /* the folder's name, for the chooser */
  char    *path;
  gboolean has_passphrase;
  gint64   used_ms;        /* when it was last written to, ms since 1970 */
} KithProfileEntry;

/* (nullable) */
void               kith_profile_entry_free           (KithProfileEntry *self);
/* The one in the folder @path, also where it cannot be opened; none where there is no profile. Blocks shortly. (transfer
 * full) (nullable) */
KithProfileEntry  *kith_profile_entry_read           (const char         *path);

/* @path without links, as far as it is there: one folder has one such path, by which it is known. (transfer
 * full) */
char              *kith_profile_folder_dup_real      (const char         *path);
/* Where profiles are kept unless the user names a folder: <user data folder>/kith. (transfer full) */
char              *kith_profile_folder_dup_root      (void);
/* <root>/default. (transfer full) */
char              *kith_profile_folder_dup_default   (void);
/* The ID of the application that has the profile in @path open, which is as kith_profile_folder_dup_real() has it: on the
 * bus, and for what the desktop starts. (transfer full) */
char              *kith_profile_folder_dup_application_id (const char    *path);
/* The path of a new profile called @label below the root; NULL and KITH_ERROR_INVALID when it
 * cannot be a folder's name, KITH_ERROR_EXISTS when there is one. (transfer full) (nullable) */
char              *kith_profile_folder_dup_path_for  (const char *label, GError **error);
/* The profiles below the root, by label. What Kith was killed over while it erased it goes; blocks shortly then.
 * (transfer full) (element-type KithProfileEntry) */
GPtrArray         *kith_profile_folder_list          (void);

/* --- One profile ---------------------------------------------------------------------------- */

/* (transfer full) (nullable). Makes the folder if it is not there, and takes its lock. Errors: PROFILE_IN_USE (the message
 * names the process that has it), PERMISSION (read-only or not ours), NEWER_VERSION, DAMAGED, NO_VAULT (there is a
 * database without one, which nobody can read until it is put back), FAILED. */
KithProfileFolder *kith_profile_folder_open          (const char *path, GError **error);
/* The same for one whose vault may be DAMAGED, which is no error then: it is LOCKED, nothing unlocks it, and it can be
 * erased. (transfer full) (nullable) */
KithProfileFolder *kith_profile_folder_open_to_erase (const char *path, GError **error);
/* What to do about NO_VAULT when the vault is lost: the database gets another name, with "without-vault" in it, which
 * is not erased either, and the folder can be opened as a new one. Blocks as opening does. Errors: EXISTS (there is a
 * vault by now), PROFILE_IN_USE, PERMISSION, DISK_FULL, DISK. */
gboolean           kith_profile_folder_put_aside     (const char *path, GError **error);
/* Whether one was when this was opened. */
gboolean           kith_profile_folder_get_has_aside (KithProfileFolder *self);
/* What was found of one that was erased when this was opened. */
KithProfileRest    kith_profile_folder_get_rest      (KithProfileFolder *self);
/* Gives the folder up, locked or new as it is: another process may have it from now on. One that was made by
 * opening it and in which nothing came to be is removed, and one whose profile was erased. Without this that happens with the last reference, which
 * work that is still under way may hold. */
void               kith_profile_folder_release       (KithProfileFolder *self);
const char        *kith_profile_folder_get_path      (KithProfileFolder *self);
/* Whether its vault, once seen, still is where it was: a stick may have been pulled. What to ask before
 * it is released to be opened again, which would make an empty folder. Errors: DISK, PERMISSION. */
gboolean           kith_profile_folder_is_present    (KithProfileFolder *self,
                                                      GError **error);
KithProfileState   kith_profile_folder_get_state     (KithProfileFolder *self);
/* While it is BUSY: whether it is for long already because it is of an earlier version of Kith, and is brought to this
 * one. Has a notification. */
gboolean           kith_profile_folder_get_is_preparing (KithProfileFolder *self);
/* (transfer none) (nullable): none while it is locked or new */
KithNode          *kith_profile_folder_get_node      (KithProfileFolder *self);
gboolean           kith_profile_folder_get_has_passphrase (KithProfileFolder *self);
/* Whether a backup is being written. */
gboolean           kith_profile_folder_get_is_exporting (KithProfileFolder *self);
/* Whether the last locking ended one, so that there is no backup. */
gboolean           kith_profile_folder_get_was_export_stopped (KithProfileFolder *self);

/* Seconds until the next try, after three wrong passphrases; 0 = now. A courtesy against the
 * person at the keyboard: it stops nobody who copied the folder (protocol 13). */
guint              kith_profile_folder_get_pause_s   (KithProfileFolder *self);

/* How many wrong passphrases may still come before a pause. */
guint              kith_profile_folder_get_tries_left (KithProfileFolder *self);

/* Makes the vault (state NEW). Afterwards it is unlocked, and its node has no profile yet:
 * kith_node_create_profile_async() is next. */
void               kith_profile_folder_create_async  (KithProfileFolder *self,
                                                      const char *passphrase,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean           kith_profile_folder_create_finish (KithProfileFolder *self,
                                                      GAsyncResult *result, GError **error);

/* Errors: WRONG_PASSPHRASE (see get_tries_left()), PAUSED (after three; see
 * get_pause_s()), DAMAGED, WRONG_VAULT (the database is that of another vault; both stay as they are), NEWER_VERSION,
 * DISK_FULL, DISK, NO_MEMORY (for a check of the passphrase; it does not count as a wrong one). */
void               kith_profile_folder_unlock_async  (KithProfileFolder *self,
                                                      const char *passphrase,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean           kith_profile_folder_unlock_finish (KithProfileFolder *self,
                                                      GAsyncResult *result, GError **error);

/* Ends every session and a backup that is being written, waits for a change of the passphrase, closes the vault and
 * wipes its keys. "node" is NULL when it completes. A disk that hangs is not waited for longer than
 * KITH_LIMIT_BACKUP_WAIT_MS: what it has of a backup is gone when it answers, also behind that. It is locked also after
 * an error but BUSY: then its log could not be emptied, or its folder is away.
 * To be called before the last reference goes, too. */
void               kith_profile_folder_lock_async    (KithProfileFolder *self,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean           kith_profile_folder_lock_finish   (KithProfileFolder *self,
                                                      GAsyncResult *result, GError **error);
/* At the end of the program: the same after what is being done with it, also where that is restoring or erasing.
 * Finished with lock_finish(), too. */
void               kith_profile_folder_end_async     (KithProfileFolder *self,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);

/* Wraps the same key with another passphrase; nothing else is rewritten. @current is checked.
 * Errors as of unlock_async(). */
void               kith_profile_folder_change_passphrase_async  (KithProfileFolder *self,
                                                                 const char *current,
                                                                 const char *passphrase,
                                                                 GCancellable *cancellable,
                                                                 GAsyncReadyCallback callback,
                                                                 gpointer user_data);
gboolean           kith_profile_folder_change_passphrase_finish (KithProfileFolder *self,
                                                                 GAsyncResult *result,
                                                                 GError **error);

/* Locks, wipes the wrapped key, then removes the files, and what came only half of files that others sent. Afterwards
 * the state is NEW: also when some of the files could not be removed; LOCKED when the key could not be wiped, and
 * then nothing else was removed.
 * @with_received: then the files that others sent, too: those that kith_node_delete_received_async() means. Only an
 * open profile knows which they are (LOCKED otherwise), and what came only half, which is left otherwise.
 * What cannot be removed stops nothing else: the error is the first of them. It is tried again with the next call,
 * as long as the object is there. is_erasing() is true from now on until the signal "erased" says how it ended: void
 * (*) (KithProfileFolder *self, const GError *error), (nullable); then is_key_gone() says whether anybody can read
 * what is left of the profile, and get_left_in() in which folder (nullable) something is left of what others sent. */
void               kith_profile_folder_erase_async   (KithProfileFolder *self,
                                                      gboolean with_received,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean           kith_profile_folder_is_erasing    (KithProfileFolder *self);
gboolean           kith_profile_folder_is_key_gone   (KithProfileFolder *self);
const char        *kith_profile_folder_get_left_in   (KithProfileFolder *self);
gboolean           kith_profile_folder_erase_finish  (KithProfileFolder *self,
                                                      GAsyncResult *result, GError **error);

/* --- Backups -------------------------------------------------------------------------------- */

/* @fraction: 0 to 1. On the main thread. */
typedef void (*KithProgressFunc) (double fraction, gpointer user_data);

/* Writes everything (identity, contacts, history, settings) into one file that @passphrase opens, and
 * reads all of that file again. While it runs the node goes on; one at a time. When it fails, is cancelled
 * or the profile is locked no half file is left. Errors: INVALID (no passphrase), BUSY, DISK_FULL, DISK,
 * PERMISSION, EXISTS (a file of the profile itself), NOT_FOUND (the folder), NOT_A_BACKUP (what was written cannot be
 * read), DAMAGED (the profile), CANCELLED. */
void               kith_profile_folder_export_async  (KithProfileFolder *self, GFile *file,
                                                      const char *passphrase,
                                                      KithProgressFunc progress,
                                                      gpointer progress_data,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
/* @is_incomplete: (out) (optional): as that of kith_store_export_finish(). Errors: as above. */
gboolean           kith_profile_folder_export_finish (KithProfileFolder *self,
                                                      GAsyncResult *result,
                                                      gboolean *is_incomplete, GError **error);

/* The same for one that is LOCKED since it is DAMAGED and cannot be opened: writes what can be read into such a file. The
 * profile is only read, and stays LOCKED; locking gives it up. @passphrase: of the profile; a wrong one counts as it does
 * for unlock_async(). Errors: those of export_async() and unlock_async(); DAMAGED (the user's own identity cannot be
 * read: there is nothing to save), WRONG_VAULT (nor can anything else). */
void               kith_profile_folder_rescue_async  (KithProfileFolder *self,
                                                      const char *passphrase, GFile *file,
                                                      const char *backup_passphrase,
                                                      KithProgressFunc progress,
                                                      gpointer progress_data,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean           kith_profile_folder_rescue_finish (KithProfileFolder *self,
                                                      GAsyncResult *result,
                                                      gboolean *is_incomplete, GError **error);

/* Makes the profile (state NEW) from a backup. @backup_passphrase opens the file, @passphrase will
 * open the new vault. Afterwards it is unlocked. The identity, contacts and history are those of
 * the backup; the device is a new one (protocol 2). Errors: WRONG_PASSPHRASE, NOT_A_BACKUP,
 * DAMAGED, NEWER_VERSION, DISK_FULL, DISK, NO_MEMORY, CANCELLED; the state is NEW again then. */
void               kith_profile_folder_restore_async (KithProfileFolder *self, GFile *file,
                                                      const char *backup_passphrase,
                                                      const char *passphrase,
                                                      KithProgressFunc progress,
                                                      gpointer progress_data,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean           kith_profile_folder_restore_finish(KithProfileFolder *self,
                                                      GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithProfileEntry, kith_profile_entry_free)

G_END_DECLS
